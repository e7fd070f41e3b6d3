// Ops and sizes that are measured: those of the experiments, a 784-100×4-10 network on batches of 128 MNIST images.
import * as is from '../check.ts';
import { type Argument, type OpSpec, opSpecs, type Sizes } from '../op-specs.ts';
import type { Kernels } from '../ops.ts';
import { hash32 } from './hash.ts';

/** Pattern of the zeros of an input: MNIST images as rows or as columns, or the output of a ReLU. */
export type ZeroPattern = 'image' | 'pixel' | 'relu';

export interface Workload {
  readonly spec: OpSpec;
  readonly sizes: Sizes;
  /** Scalars that replace the first value of the spec. */
  readonly scalars?: Sizes;
  readonly zeros?: ZeroPattern;
}

type Extra = Pick<Workload, 'scalars' | 'zeros'>;

const images = (batch: number, channels: number, side: number, kernel: number, padding: number): Sizes => ({
  batch,
  channels,
  height: side,
  width: side,
  kernel,
  stride: 1,
  padding,
});
const pooling: Sizes = { planes: 1600, height: 24, width: 24, kernel: 2, stride: 2 };
const mkn = (m: number, k: number, n: number): Sizes => ({ m, n, k });
const relu: Extra = { scalars: { relu: 1 } };

const workloadSpecs: readonly (readonly [op: keyof Kernels, sizes: Sizes, extra?: Extra])[] = [
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
  // A convolution of 100 MNIST images with 16 filters of 5 × 5 and max pooling; a later convolution of 8 channels.
  ['addMatmulNT', mkn(200, 64, 16)],
  ['im2col', images(100, 1, 28, 5, 0)],
  ['col2im', images(100, 8, 12, 3, 1)],
  ['channelBias', mkn(100, 576, 16), relu],
  ['sumAxis1', { m: 16, n: 57_600 }],
  ['maxPool', pooling],
  ['maxPoolBackward', pooling],
  // 100 images as sequences of 28 rows.
  ['swapAxes', mkn(100, 28, 28)],
];

/** Parameters of 784-100×4-10. */
const PARAMETERS = 109_810;
/** Activations of one layer for a batch. */
const ACTIVATIONS = 12_800;
/** Floating-point operations of the largest workload of a quick run. */
const MAX_QUICK_FLOPS = 3e7;

/** Returns at least one workload per op. */
export function workloads(isQuick = false): Workload[] {
  const all = opSpecs.flatMap((spec): Workload[] => {
    const own = workloadSpecs.filter(([op]) => op === spec.op);
    if (own.length === 0) return [{ spec, sizes: defaultSizes(spec) }];
    return own.map(([, sizes, extra]) => ({ spec, sizes, ...extra }));
  });
  return isQuick ? all.filter(({ spec, sizes }) => spec.flops(sizes) < MAX_QUICK_FLOPS) : all;
}

/** Returns the number of parameters for an update rule, the number of activations for another op of n elements. */
function defaultSizes({ op, arguments: args }: OpSpec): Sizes {
  const names = sizeNames(args);
  if (names.length === 1 && names[0] === 'n') {
    const isUpdate = args.some((argument) => argument.kind === 'output' && argument.updated);
    return { n: isUpdate ? PARAMETERS : ACTIVATIONS };
  }
  const usual: Sizes = { m: 128, n: 100, k: 100 };
  const unknown = names.find((name) => usual[name] === undefined);
  if (unknown === undefined) return Object.fromEntries(names.map((name) => [name, usual[name] as number]));
  throw new RangeError(`[bench] ${op} has the size ${unknown}; add sizes for it to workloads.ts`);
}

const sizeNames = (args: readonly Argument[]) => args.flatMap(({ kind, name }) => (kind === 'size' ? [name] : []));

/** Returns [M, K, N] of a product, [M, N] of other matrices, [N] of vectors. */
export function toShape(sizes: Sizes): number[] {
  const { m, k, n, ...others } = sizes;
  return [m, k, n, ...Object.values(others)].filter((size) => size !== undefined);
}

/** Returns the shape of a call with these arguments; sizes are the first arguments of every op. */
export function shapeOfCall(op: string, args: readonly number[]): number[] {
  is.checkArguments('shapeOfCall', arguments, {
    op: is.choice(...opSpecs.map((spec) => spec.op)),
    args: is.listOf('an array of numbers', is.number),
  });
  const names = sizeNames(opSpecs.find((spec) => spec.op === op)?.arguments ?? []);
  return toShape(Object.fromEntries(names.map((name, i) => [name, args[i] as number])));
}

/** Returns whether an element of a pattern is not zero. */
export function isNonZero(zeros: ZeroPattern, row: number, column: number): boolean {
  if (zeros === 'image') return isNonZeroPixel(row, column);
  if (zeros === 'pixel') return isNonZeroPixel(column, row);
  return (hash32(row, column) & 1) === 1;
}

/** A stroke of 5 to 10 pixels in each of the 20 middle lines of 28 × 28: 19 %, in runs, as in MNIST. */
function isNonZeroPixel(image: number, pixel: number): boolean {
  const line = Math.floor(pixel / 28);
  if (line < 4 || line > 23) return false;
  const word = hash32(image, line);
  const start = 4 + ((word >>> 8) % 12);
  return pixel % 28 >= start && pixel % 28 < start + 5 + (word % 6);
}
