// One row an op: how to call it, what it reads and writes, what it costs. The tests and the benchmark both read this table.
import type { Kernels, Pointer } from './kernels.ts';

/** What a buffer holds, which decides how a test fills and compares it. */
export type Content = 'float' | 'positive' | 'probability' | 'gradient' | 'word' | 'byte' | 'workspace';

/** How many lists, of indices below what, and how many entries from one list to the next. */
export interface Lists {
  readonly lists: number;
  readonly length: number;
  readonly capacity: number;
}

type Count = (sizes: Sizes) => number;

/** An argument of an op. */
export type Argument =
  | { kind: 'size'; name: string }
  /** A size that follows from the others. */
  | { kind: 'derived'; name: string; value: Count }
  | { kind: 'scalar'; name: string; values: readonly number[] }
  | { kind: 'buffer'; name: string; content: Content; count: Count; bound?: Count }
  /** Half of a set of lists, as input. */
  | { kind: 'lists'; name: string; content: 'counts' | 'entries'; count: Count; of: (sizes: Sizes) => Lists }
  /** With `counts`, the name of the output that says how much of each list is specified. */
  | {
      kind: 'output';
      name: string;
      content: 'float' | 'word' | 'entries';
      count: Count;
      updated?: true;
      counts?: string;
      of?: (sizes: Sizes) => Lists;
    };

export type Sizes = Readonly<Record<string, number>>;

export interface Case {
  readonly op: keyof Kernels;
  readonly arguments: readonly Argument[];
  /** Inputs that the last output may be the same array as. */
  readonly inPlace?: readonly string[];
  /** Smallest value of a size; 0 unless given. */
  readonly least?: Sizes;
  /** Floating-point operations of a call. */
  readonly flops: (sizes: Sizes) => number;
  /** Whether a sum or product runs through `mulAdd`, so that relaxed-simd may differ in the last bits. */
  readonly fused?: true;
}

const size = (name: string): Argument => ({ kind: 'size', name });
const scalar = (name: string, ...values: number[]): Argument => ({ kind: 'scalar', name, values });
const floats = (name: string, count: (s: Sizes) => number, content: Content = 'float'): Argument => ({
  kind: 'buffer',
  name,
  content,
  count,
});
const indices = (name: string, count: (s: Sizes) => number, bound: (s: Sizes) => number): Argument => ({
  kind: 'buffer',
  name,
  content: 'word',
  count,
  bound,
});
const output = (name: string, count: (s: Sizes) => number, content: 'float' | 'word' = 'float'): Argument => ({
  kind: 'output',
  name,
  content,
  count,
});
/** Read and written. */
const state = (name: string): Argument => ({ kind: 'output', name, content: 'float', count: n, updated: true });

const listsIn = (of: (s: Sizes) => Lists): Argument[] => [
  { kind: 'lists', name: 'counts', content: 'counts', count: (s) => of(s).lists, of },
  { kind: 'lists', name: 'entries', content: 'entries', count: (s) => 2 * of(s).lists * of(s).capacity, of },
];
const listsOut = (counts: string, entries: string, of: (s: Sizes) => Lists): Argument[] => [
  { kind: 'output', name: counts, content: 'word', count: (s) => of(s).lists },
  {
    kind: 'output',
    name: entries,
    content: 'entries',
    count: (s) => 2 * of(s).lists * of(s).capacity,
    counts,
    of,
  },
];

const n = (s: Sizes): number => s.n as number;
const m = (s: Sizes): number => s.m as number;
const mn = (s: Sizes): number => m(s) * n(s);
const mk = (s: Sizes): number => m(s) * (s.k as number);
const kn = (s: Sizes): number => (s.k as number) * n(s);
const rowLists = (s: Sizes): Lists => ({ lists: m(s), length: n(s), capacity: n(s) });
const termLists = (s: Sizes): Lists => ({ lists: m(s), length: s.k as number, capacity: s.k as number });
const products = (s: Sizes): number => 2 * mn(s) * (s.k as number);
const times =
  (each: number) =>
  (s: Sizes): number =>
    each * n(s);

const matrices = (op: keyof Kernels, flops: Case['flops'], ...rest: Argument[]): Case => ({
  op,
  arguments: [size('m'), size('n'), size('k'), ...rest],
  flops,
  fused: true,
});
const unary = (op: keyof Kernels, flops: number, content: Content = 'float'): Case => ({
  op,
  arguments: [size('n'), floats('x', n, content), output('out', n)],
  inPlace: ['x'],
  flops: times(flops),
});
const binary = (op: keyof Kernels, flops: number, a = 'a', b = 'b'): Case => ({
  op,
  arguments: [size('n'), floats(a, n), floats(b, n), output('out', n)],
  inPlace: [a, b],
  flops: times(flops),
});
const reduction = (op: keyof Kernels, flops: number): Case => ({
  op,
  arguments: [size('n'), floats('x', n)],
  flops: times(flops),
});
const random = (op: keyof Kernels, content: 'float' | 'word', ...scalars: Argument[]): Case => ({
  op,
  arguments: [
    size('n'),
    scalar('seed', 1, 2 ** 32 - 1),
    scalar('stream', 65536, 131073),
    scalar('step', 0, 7, 2 ** 31),
    ...scalars,
    output('out', n, content),
  ],
  flops: times(12),
});
const rule = (op: keyof Kernels, flops: number, ...rest: Argument[]): Case => ({
  op,
  arguments: [
    size('n'),
    ...rest.filter((a) => a.kind === 'scalar'),
    floats('g', n, 'gradient'),
    ...rest.filter((a) => a.kind !== 'scalar'),
  ],
  flops: times(flops),
  fused: true,
});

const lr = scalar('lr', 0.01, 1.5);
const decay = scalar('weightDecay', 0, 0.1);
const adamScalars = [
  scalar('stepSize', 0.001, 0.3),
  scalar('beta1', 0.9),
  scalar('beta2', 0.999),
  scalar('rescale', 31.6227766, 1),
  scalar('eps', 1e-8),
];
const w = state('w');

/** Every op of `Kernels`, each once. */
export const cases: readonly Case[] = [
  matrices('matmul', products, floats('a', mk), floats('b', kn), output('out', mn)),
  matrices('matmulTN', products, floats('a', mk), floats('b', kn), output('out', mn)),
  matrices(
    'matmulNT',
    products,
    floats('a', mk),
    floats('b', kn),
    floats('workspace', kn, 'workspace'),
    output('out', mn),
  ),
  {
    op: 'addBias',
    arguments: [size('m'), size('n'), floats('x', mn), floats('bias', n), output('out', mn)],
    inPlace: ['x'],
    flops: mn,
  },
  matrices(
    'linear',
    (s) => products(s) + 2 * mn(s),
    scalar('relu', 0, 1),
    floats('x', mk),
    floats('w', kn),
    floats('bias', n),
    output('out', mn),
  ),
  {
    op: 'compressRows',
    arguments: [size('m'), size('n'), floats('x', mn), ...listsOut('counts', 'entries', rowLists)],
    flops: () => 0,
  },
  {
    op: 'compressBytes',
    arguments: [
      size('m'),
      size('n'),
      scalar('divisor', 255, 1),
      floats('table', (s) => 7 * n(s), 'byte'),
      indices('rows', m, () => 7),
      ...listsOut('counts', 'entries', rowLists),
    ],
    flops: mn,
  },
  {
    op: 'compressColumns',
    arguments: [
      size('m'),
      size('n'),
      { kind: 'derived', name: 'capacity', value: (s) => m(s) + 1 },
      ...listsIn(rowLists),
      ...listsOut('columnCounts', 'columnEntries', (s) => ({ lists: n(s), length: m(s), capacity: m(s) + 1 })),
    ],
    flops: () => 0,
  },
  {
    op: 'sparseMatmul',
    arguments: [size('m'), size('n'), size('k'), ...listsIn(termLists), floats('b', kn), output('out', mn)],
    flops: products,
    fused: true,
  },
  {
    op: 'sparseLinear',
    arguments: [
      size('m'),
      size('n'),
      size('k'),
      scalar('relu', 0, 1),
      ...listsIn(termLists),
      floats('w', kn),
      floats('bias', n),
      output('out', mn),
    ],
    flops: products,
    fused: true,
  },
  { op: 'transpose', arguments: [size('m'), size('n'), floats('x', mn), output('out', mn)], flops: () => 0 },
  { op: 'fill', arguments: [size('n'), scalar('value', 0, -1.5), output('out', n)], flops: () => 0 },
  unary('copy', 0),
  binary('add', 1),
  binary('sub', 1),
  binary('mul', 1),
  binary('div', 1),
  {
    op: 'scale',
    arguments: [size('n'), scalar('alpha', 0.1, -3), floats('x', n), output('out', n)],
    inPlace: ['x'],
    flops: times(1),
  },
  {
    op: 'axpy',
    arguments: [size('n'), scalar('alpha', 0.1, -3), floats('x', n), floats('y', n), output('out', n)],
    inPlace: ['y'],
    flops: times(2),
    fused: true,
  },
  unary('sqrt', 1, 'positive'),
  unary('exp', 20),
  unary('log', 22, 'positive'),
  unary('tanh', 30),
  unary('sigmoid', 24),
  unary('relu', 1),
  binary('sigmoidBackward', 3, 'y', 'dy'),
  binary('tanhBackward', 3, 'y', 'dy'),
  binary('reluBackward', 1, 'y', 'dy'),
  reduction('sum', 1),
  reduction('sumSquares', 2),
  reduction('max', 1),
  { op: 'sumRows', arguments: [size('m'), size('n'), floats('x', mn), output('out', n)], flops: mn },
  {
    op: 'argmaxRows',
    arguments: [size('m'), size('n'), floats('x', mn), output('out', m, 'word')],
    least: { n: 1 },
    flops: mn,
  },
  {
    op: 'countEqual',
    arguments: [size('n'), indices('a', n, () => 3), indices('b', n, () => 3)],
    flops: () => 0,
  },
  reduction('firstNonFinite', 1),
  {
    op: 'moments',
    arguments: [size('m'), size('n'), floats('x', mn), output('mean', n), output('variance', n)],
    flops: (s) => 4 * mn(s),
    fused: true,
  },
  {
    op: 'batchNorm',
    arguments: [
      size('m'),
      size('n'),
      scalar('relu', 0, 1),
      scalar('eps', 1e-5),
      floats('x', mn),
      floats('mean', n),
      floats('variance', n, 'positive'),
      floats('gamma', n),
      floats('beta', n),
      output('out', mn),
    ],
    inPlace: ['x'],
    flops: (s) => 3 * mn(s),
    fused: true,
  },
  {
    op: 'batchNormBackward',
    arguments: [
      size('m'),
      size('n'),
      scalar('batch', 0, 1),
      scalar('eps', 1e-5),
      floats('x', mn),
      floats('mean', n),
      floats('variance', n, 'positive'),
      floats('gamma', n),
      floats('dy', mn),
      output('dGamma', n),
      output('dBeta', n),
      output('dx', mn),
    ],
    inPlace: ['x', 'dy'],
    flops: (s) => 9 * mn(s),
    fused: true,
  },
  {
    op: 'softmaxCrossEntropy',
    arguments: [
      size('m'),
      size('n'),
      floats('x', mn),
      indices('labels', m, n),
      output('probabilities', mn),
      output('losses', m),
    ],
    least: { n: 1 },
    flops: (s) => 24 * mn(s) + 24 * m(s),
  },
  {
    op: 'softmaxCrossEntropyBackward',
    arguments: [size('m'), size('n'), floats('p', mn, 'probability'), indices('labels', m, n), output('dx', mn)],
    inPlace: ['p'],
    least: { n: 1 },
    flops: mn,
  },
  binary('squaredError', 3),
  {
    op: 'squaredErrorBackward',
    arguments: [size('n'), scalar('alpha', 0.25), floats('a', n), floats('b', n), output('dx', n)],
    inPlace: ['a'],
    flops: times(2),
  },
  {
    op: 'gatherBytes',
    arguments: [
      size('m'),
      size('n'),
      scalar('divisor', 255, 1),
      floats('table', (s) => 7 * n(s), 'byte'),
      indices('indices', m, () => 7),
      output('out', mn),
    ],
    flops: mn,
  },
  {
    op: 'gatherRows',
    arguments: [
      size('m'),
      size('n'),
      floats('table', (s) => 7 * n(s)),
      indices('indices', m, () => 7),
      output('out', mn),
    ],
    flops: () => 0,
  },
  {
    op: 'gatherLabels',
    arguments: [size('m'), floats('table', () => 7, 'byte'), indices('indices', m, () => 7), output('out', m, 'word')],
    flops: () => 0,
  },
  random('randomBits', 'word'),
  random('randomUniform', 'float', scalar('low', 0, -2), scalar('high', 1, 3)),
  random('randomNormal', 'float', scalar('mean', 0, 1), scalar('std', 1, 0.01)),
  random('randomIntegers', 'word', scalar('bound', 1, 10, 60000, 2 ** 20)),
  random('dropoutMask', 'float', scalar('p', 0, 0.2, 0.5, 1), scalar('value', 1, 1.25)),
  rule('sgd', 2, lr, decay, w),
  rule('momentum', 4, lr, scalar('mu', 0.9), decay, w, state('v')),
  rule('nesterov', 6, lr, scalar('mu', 0.9), decay, w, state('v')),
  rule('adagrad', 7, lr, scalar('eps', 1e-10), decay, w, state('h')),
  rule('rmsprop', 9, lr, scalar('alpha', 0.99), scalar('eps', 1e-8), decay, w, state('s')),
  rule('adam', 12, ...adamScalars, decay, w, state('m'), state('v')),
  rule('adamw', 13, ...adamScalars, scalar('shrink', 0.999, 1), w, state('m'), state('v')),
];

/** Whether an argument is a pointer to an array. */
export function isArray(argument: Argument): argument is Extract<Argument, { count: Count }> {
  return argument.kind === 'buffer' || argument.kind === 'lists' || argument.kind === 'output';
}

/** The arguments of a call: pointers for buffers, numbers for the rest. */
export function callArguments(
  row: Case,
  sizes: Sizes,
  scalars: Sizes,
  pointers: Readonly<Record<string, Pointer>>,
): number[] {
  return row.arguments.map((argument) => {
    if (argument.kind === 'derived') return argument.value(sizes);
    const table = argument.kind === 'size' ? sizes : argument.kind === 'scalar' ? scalars : pointers;
    return table[argument.name] as number;
  });
}

/** Bytes that a call reads and writes at least. */
export function bytesOf(row: Case, sizes: Sizes): number {
  let bytes = 0;
  for (const argument of row.arguments) {
    if (!isArray(argument)) continue;
    const width = argument.content === 'byte' ? 1 : 4;
    const passes = argument.kind === 'output' && argument.updated ? 2 : 1;
    bytes += passes * width * argument.count(sizes);
  }
  return bytes;
}
