// Which op is timed at which sizes: those of the experiments, 784-100×4-10 on batches of 128 MNIST images.

import { checkArguments, choice, listOf, number } from '../check.ts';
import { type OpSpec, opSpecs, type Sizes } from '../op-specs.ts';
import type { Kernels } from '../ops.ts';
import { hash32 } from './hash.ts';

/** Where the zeros of an input lie: as in MNIST's images, the same with a row a pixel, or as in what a ReLU lets through. */
export type Zeros = 'image' | 'pixel' | 'relu';

export interface Workload {
  readonly row: OpSpec;
  readonly sizes: Sizes;
  /** Instead of the first value of the table. */
  readonly scalars?: Sizes;
  readonly zeros?: Zeros;
}

type Extra = Pick<Workload, 'scalars' | 'zeros'>;
type WorkloadSpec = readonly [op: keyof Kernels, sizes: Sizes, extra?: Extra];

const pictures = (batch: number, channels: number, side: number, kernel: number, padding: number): Sizes => ({
  batch,
  channels,
  height: side,
  width: side,
  kernel,
  stride: 1,
  padding,
});
const pooled: Sizes = { planes: 1600, height: 24, width: 24, kernel: 2, stride: 2 };
const mkn = (m: number, k: number, n: number): Sizes => ({ m, n, k });
const relu: Extra = { scalars: { relu: 1 } };

const workloadSpecs: readonly WorkloadSpec[] = [
  ['matmul', mkn(128, 784, 100)],
  ['matmul', mkn(128, 100, 100)],
  ['matmul', mkn(128, 100, 10)],
  ['matmul', mkn(256, 256, 256)],
  ['matmul', mkn(512, 512, 512)],
  ['matmulTN', mkn(784, 128, 100)],
  ['matmulTN', mkn(100, 128, 100)],
  ['matmulTN', mkn(100, 128, 10)],
  ['matmulNT', mkn(128, 100, 100)],
  ['matmulNT', mkn(128, 10, 100)],
  ['linear', mkn(128, 784, 100), relu],
  ['linear', mkn(128, 100, 100), relu],
  ['linear', mkn(128, 100, 10)],
  ['sparseLinear', mkn(128, 784, 100), { ...relu, zeros: 'image' }],
  ['sparseLinear', mkn(128, 100, 100), { ...relu, zeros: 'relu' }],
  ['sparseMatmul', mkn(784, 128, 100), { zeros: 'pixel' }],
  ['sparseMatmul', mkn(100, 128, 100), { zeros: 'relu' }],
  ['sparseMatmul', mkn(128, 100, 100), { zeros: 'relu' }],
  ['compressRows', { m: 128, n: 784 }, { zeros: 'image' }],
  ['compressRows', { m: 128, n: 100 }, { zeros: 'relu' }],
  ['compressBytes', { m: 128, n: 784 }, { zeros: 'image' }],
  ['compressColumns', { m: 128, n: 784 }, { zeros: 'image' }],
  ['compressColumns', { m: 128, n: 100 }, { zeros: 'relu' }],
  ['gatherBytes', { m: 128, n: 784 }, { zeros: 'image' }],
  ['softmaxCrossEntropy', { m: 128, n: 10 }],
  ['softmaxCrossEntropyBackward', { m: 128, n: 10 }],
  ['argmaxRows', { m: 128, n: 10 }],
  ['countEqual', { n: 128 }],
  ['randomIntegers', { n: 128 }, { scalars: { bound: 60_000 } }],
  // A convolution of 100 MNIST images by 16 filters of 5 × 5, a pooling by 2; one of 8 channels further up.
  ['addMatmulNT', mkn(200, 64, 16)],
  ['im2col', pictures(100, 1, 28, 5, 0)],
  ['col2im', pictures(100, 8, 12, 3, 1)],
  ['channelBias', mkn(100, 576, 16), relu],
  ['sumAxis1', { m: 16, n: 57_600 }],
  ['maxPool', pooled],
  ['maxPoolBackward', pooled],
  // Rows of 100 images, step by step.
  ['swapAxes', mkn(100, 28, 28)],
];

/** Parameters of 784-100×4-10, and one layer's activations for a batch. */
const PARAMETERS = 109_810;
const ACTIVATIONS = 12_800;
/** Floating-point operations that plain JavaScript does in some hundredths of a second. */
const QUICK = 3e7;

/** Every op at least once; `quick` leaves out the great squares. */
export function workloads({ quick = false }: { quick?: boolean } = {}): Workload[] {
  const bouts = opSpecs.flatMap((row): Workload[] => {
    const own = workloadSpecs.filter(([op]) => op === row.op);
    if (own.length === 0) return [{ row, sizes: defaultSizes(row) }];
    return own.map(([, sizes, extra]) => ({ row, sizes, ...extra }));
  });
  return quick ? bouts.filter(({ row, sizes }) => row.flops(sizes) < QUICK) : bouts;
}

/** Of an op that has no sizes above: rules run over parameters, all else over activations. */
function defaultSizes(row: OpSpec): Sizes {
  const names = row.arguments.filter(({ kind }) => kind === 'size').map(({ name }) => name);
  if (names.length > 1 || names[0] !== 'n') {
    const usual: Sizes = { m: 128, n: 100, k: 100 };
    const strange = names.find((name) => usual[name] === undefined);
    if (strange !== undefined)
      throw new RangeError(
        `[bench] expected sizes m, n, k of ${row.op} but it has ${strange}; give it a line of its own`,
      );
    return Object.fromEntries(names.map((name) => [name, usual[name] as number]));
  }
  const isRule = row.arguments.some((argument) => argument.kind === 'output' && argument.updated);
  return { n: isRule ? PARAMETERS : ACTIVATIONS };
}

/** [M, K, N] of a product, [M, N] of other matrices, [N]. */
export function toShape(sizes: Sizes): number[] {
  const { m, k, n, ...others } = sizes;
  return [m, k, n, ...Object.values(others)].filter((size) => size !== undefined);
}

const opLike = choice(...opSpecs.map(({ op }) => op));

/** How many of an op's first arguments are sizes. */
export function leadingSizes(op: string): number {
  checkArguments('sizesInFront', arguments, { op: opLike });
  const row = opSpecs.find((candidate) => candidate.op === op);
  return row?.arguments.findIndex(({ kind }) => kind !== 'size') ?? 0;
}

/** The shape of a call that someone else makes. */
export function shapeOfCall(op: string, args: readonly number[]): number[] {
  checkArguments('shapeOfCall', arguments, { op: opLike, args: listOf('an array of numbers', number) });
  const row = opSpecs.find((candidate) => candidate.op === op);
  const names = row?.arguments.slice(0, leadingSizes(op)).map(({ name }) => name) ?? [];
  return toShape(Object.fromEntries(names.map((name, i) => [name, args[i] as number])));
}

/** Whether an element is not zero. */
export function isNonZero(zeros: Zeros, row: number, column: number): boolean {
  if (zeros === 'image') return isNonZeroPixel(row, column);
  if (zeros === 'pixel') return isNonZeroPixel(column, row);
  return (hash32(row, column) & 1) === 1;
}

/** 28 × 28 pixels, of which a stroke of 5 to 10 on each of the 20 middle lines: 19 %, in runs, as in MNIST. */
function isNonZeroPixel(image: number, pixel: number): boolean {
  const line = Math.floor(pixel / 28);
  if (line < 4 || line > 23) return false;
  const word = hash32(image, line);
  const start = 4 + ((word >>> 8) % 12);
  return pixel % 28 >= start && pixel % 28 < start + 5 + (word % 6);
}
