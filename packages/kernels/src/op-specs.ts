// The specification of every op, for tests and benchmarks: its arguments, the shapes of its arrays, its cost.
// Sizes are one letter or a word. A shape is a formula of sizes: 'mn' is an array of m · n elements.
import type { Kernels } from './ops.ts';
import type { Pointer } from './runtime/memory.ts';

/** The values of named sizes or scalars. */
export type Sizes = Readonly<Record<string, number>>;

type Count = (sizes: Sizes) => number;

/** The kind of values of an input, for tests and benchmarks. */
type Content = 'float' | 'positive' | 'probability' | 'gradient' | 'word' | 'byte' | 'workspace';

/** A set of lists of non-zeros: `lists` lists of indices below `length`, with room for `capacity` entries each. */
export interface Lists {
  readonly lists: number;
  readonly length: number;
  readonly capacity: number;
}

/** An argument of an op. */
export type Argument =
  | { kind: 'size'; name: string }
  /** A size that depends on other sizes. */
  | { kind: 'derived'; name: string; value: Count }
  | { kind: 'scalar'; name: string; values: readonly number[] }
  /** An input. `bound`: its words are below this number. */
  | { kind: 'buffer'; name: string; content: Content; count: Count; bound?: Count }
  /** The counts or the entries of input lists. */
  | { kind: 'lists'; name: string; content: 'counts' | 'entries'; count: Count; of: (sizes: Sizes) => Lists }
  /** An output. `updated`: it is an input, too. `counts`: the output with the lengths of the lists `of`. */
  | {
      kind: 'output';
      name: string;
      content: 'float' | 'word' | 'entries';
      count: Count;
      updated?: true;
      counts?: string;
      of?: (sizes: Sizes) => Lists;
    };

/** The specification of an op. */
export interface OpSpec {
  readonly op: keyof Kernels;
  readonly arguments: readonly Argument[];
  /** Inputs that may be the same array as the last output. */
  readonly inPlace?: readonly string[];
  /** Minimum of a size. Default: 0. */
  readonly min?: Sizes;
  /** Maximum of a size in tests. */
  readonly max?: Sizes;
  /** Floating-point operations of a call. */
  readonly flops: Count;
}

/** A formula such as '2mnk + 2mn', a sum of products of one-letter sizes, or a function of sizes. */
type Formula = string | Count;
type Field = (name: string) => Argument;

/** A row of the table. Arguments are in the order of `Kernels`: sizes, scalars, inputs, outputs. */
interface Row extends Pick<OpSpec, 'inPlace' | 'min' | 'max'> {
  readonly sizes: string;
  readonly derived?: Readonly<Record<string, Formula>>;
  /** The values that tests try. */
  readonly scalars?: Readonly<Record<string, readonly number[]>>;
  /** A string is the shape of an array of floats. */
  readonly inputs?: Readonly<Record<string, string | Field>>;
  readonly outputs?: Readonly<Record<string, string | Field>>;
  /** Default: 0. */
  readonly flops?: Formula;
}

function toCount(formula: Formula): Count {
  if (typeof formula !== 'string') return formula;
  const terms = formula.split(' + ').map((term) => {
    const [, factor, names] = /^(\d*)([a-z]*)$/.exec(term) as unknown as [string, string, string];
    return (sizes: Sizes) =>
      [...names].reduce((product, name) => product * (sizes[name] as number), Number(factor || 1));
  });
  return (sizes) => terms.reduce((sum, term) => sum + term(sizes), 0);
}

const input =
  (content: Content, shape: Formula, bound?: Formula): Field =>
  (name) => ({ kind: 'buffer', name, content, count: toCount(shape), ...(bound && { bound: toCount(bound) }) });
const positive = (shape: Formula) => input('positive', shape);
const probability = (shape: Formula) => input('probability', shape);
const floats = (shape: Formula) => input('float', shape);
const output =
  (shape: Formula, content: 'float' | 'word' = 'float'): Field =>
  (name) => ({ kind: 'output', name, content, count: toCount(shape) });
const words = (shape: Formula) => output(shape, 'word');
const state =
  (shape: Formula): Field =>
  (name) => ({ kind: 'output', name, content: 'float', count: toCount(shape), updated: true });

const lists =
  (count: Formula, length: Formula, capacity = length) =>
  (s: Sizes): Lists => ({ lists: toCount(count)(s), length: toCount(length)(s), capacity: toCount(capacity)(s) });
const entryWords =
  (of: (s: Sizes) => Lists): Count =>
  (s) =>
    2 * of(s).lists * of(s).capacity;
const inputLists = (of: (s: Sizes) => Lists): Record<string, Field> => ({
  counts: (name) => ({ kind: 'lists', name, content: 'counts', count: (s) => of(s).lists, of }),
  entries: (name) => ({ kind: 'lists', name, content: 'entries', count: entryWords(of), of }),
});
const outputLists = (counts: string, entries: string, of: (s: Sizes) => Lists): Record<string, Field> => ({
  [counts]: words((s) => of(s).lists),
  [entries]: (name) => ({ kind: 'output', name, content: 'entries', count: entryWords(of), counts, of }),
});

const unary = (cost: number, x: Field | string = 'n'): Row => ({
  sizes: 'n',
  inputs: { x },
  outputs: { out: 'n' },
  inPlace: ['x'],
  flops: `${cost}n`,
});
const binary = (cost: number, a = 'a', b = 'b'): Row => ({
  sizes: 'n',
  inputs: { [a]: 'n', [b]: 'n' },
  outputs: { out: 'n' },
  inPlace: [a, b],
  flops: `${cost}n`,
});
const reduction = (cost: number): Row => ({ sizes: 'n', inputs: { x: 'n' }, flops: `${cost}n` });
const random = (out: Field | string, scalars: Row['scalars'] = {}): Row => ({
  sizes: 'n',
  scalars: { seed: [1, 2 ** 32 - 1], stream: [65536, 131073], step: [0, 7, 2 ** 31], ...scalars },
  outputs: { out },
  flops: '12n',
});
const rule = (cost: number, scalars: Row['scalars'], states = ''): Row => ({
  sizes: 'n',
  scalars: scalars as NonNullable<Row['scalars']>,
  inputs: { g: input('gradient', 'n') },
  outputs: Object.fromEntries(
    `w ${states}`
      .trim()
      .split(' ')
      .map((name) => [name, state('n')]),
  ),
  flops: `${cost}n`,
});

const of = (s: Sizes, name: string): number => s[name] as number;
const positions = (s: Sizes, extent: 'height' | 'width'): number =>
  Math.max(0, Math.floor((of(s, extent) + 2 * (s.padding ?? 0) - of(s, 'kernel')) / of(s, 'stride')) + 1);
const plane: Count = (s) => of(s, 'height') * of(s, 'width');
const planes: Count = (s) => of(s, 'planes') * plane(s);
const pooled: Count = (s) => of(s, 'planes') * positions(s, 'height') * positions(s, 'width');
const images: Count = (s) => of(s, 'batch') * of(s, 'channels') * plane(s);
const columns: Count = (s) =>
  of(s, 'batch') *
  of(s, 'channels') *
  of(s, 'kernel') *
  of(s, 'kernel') *
  positions(s, 'height') *
  positions(s, 'width');
const limits = {
  min: { height: 1, width: 1, kernel: 1, stride: 1 },
  max: { batch: 3, channels: 3, planes: 5, height: 9, width: 19, kernel: 5, stride: 3, padding: 3 },
};
const convolution = { sizes: 'batch channels height width kernel stride padding', ...limits };
const pooling = { sizes: 'planes height width kernel stride', ...limits };

const relu = [0, 1];
const eps = [1e-5];
const lr = [0.01, 1.5];
const weightDecay = [0, 0.1];
const decayFactor = [0.999, 1];
const adam = { stepSize: [0.001, 0.3], beta1: [0.9], beta2: [0.999], vHatScale: [31.6227766, 1], eps: [1e-8] };
const rowLists = lists('m', 'n');
const termLists = lists('m', 'k');
const bytes = input('byte', '7n');
const indices = input('word', 'm', '7');
const labels = input('word', 'm', 'n');
const workspace = input('workspace', 'kn');
const moments = { mean: 'n', residual: 'n', inverse: positive('n') };

// biome-ignore format: a row of the table has few lines
const table: Readonly<Record<keyof Kernels, Row>> = {
  matmul: { sizes: 'm n k', inputs: { a: 'mk', b: 'kn' }, outputs: { out: 'mn' }, flops: '2mnk' },
  matmulTN: { sizes: 'm n k', inputs: { a: 'mk', b: 'kn' }, outputs: { out: 'mn' }, flops: '2mnk' },
  matmulNT: { sizes: 'm n k', inputs: { a: 'mk', b: 'kn', workspace }, outputs: { out: 'mn' }, flops: '2mnk' },
  addMatmulNT: {
    sizes: 'm n k', inputs: { a: 'mk', b: 'kn', workspace }, outputs: { out: state('mn') }, flops: '2mnk',
  },
  addBias: { sizes: 'm n', inputs: { x: 'mn', bias: 'n' }, outputs: { out: 'mn' }, inPlace: ['x'], flops: 'mn' },
  linear: {
    sizes: 'm n k', scalars: { relu }, inputs: { x: 'mk', w: 'kn', bias: 'n' }, outputs: { out: 'mn' },
    flops: '2mnk + 2mn',
  },
  compressRows: { sizes: 'm n', inputs: { x: 'mn' }, outputs: outputLists('counts', 'entries', rowLists) },
  compressBytes: {
    sizes: 'm n', scalars: { divisor: [255, 1] }, inputs: { table: bytes, rows: indices },
    outputs: outputLists('counts', 'entries', rowLists), flops: 'mn',
  },
  compressColumns: {
    sizes: 'm n', derived: { capacity: 'm + 1' }, inputs: inputLists(rowLists),
    outputs: outputLists('columnCounts', 'columnEntries', lists('n', 'm', 'm + 1')),
  },
  sparseMatmul: {
    sizes: 'm n k', inputs: { ...inputLists(termLists), b: 'kn' }, outputs: { out: 'mn' }, flops: '2mnk',
  },
  sparseLinear: {
    sizes: 'm n k', scalars: { relu }, inputs: { ...inputLists(termLists), w: 'kn', bias: 'n' }, outputs: { out: 'mn' },
    flops: '2mnk',
  },
  transpose: { sizes: 'm n', inputs: { x: 'mn' }, outputs: { out: 'mn' } },
  fill: { sizes: 'n', scalars: { value: [0, -1.5] }, outputs: { out: 'n' } },
  copy: unary(0),
  add: binary(1),
  sub: binary(1),
  mul: binary(1),
  scale: { ...unary(1), scalars: { alpha: [0.1, -3] } },
  axpy: { ...binary(2, 'x', 'y'), scalars: { alpha: [0.1, -3] }, inPlace: ['y'] },
  clamp: { ...unary(2), scalars: { low: [-0.5, -3], high: [0.5, 0] } },
  exp: unary(20),
  log: unary(22, positive('n')),
  tanh: unary(30),
  sigmoid: unary(24),
  relu: unary(1),
  sigmoidBackward: binary(3, 'y', 'dy'),
  tanhBackward: binary(3, 'y', 'dy'),
  reluBackward: binary(1, 'y', 'dy'),
  sum: reduction(1),
  wideSum: reduction(1),
  sumSquares: reduction(2),
  wideSumSquares: reduction(2),
  max: reduction(1),
  sumAxis0: { sizes: 'm n', inputs: { x: 'mn' }, outputs: { out: 'n' }, flops: 'mn' },
  argmaxRows: { sizes: 'm n', inputs: { x: 'mn' }, outputs: { out: words('m') }, min: { n: 1 }, flops: 'mn' },
  countEqual: { sizes: 'n', inputs: { a: input('word', 'n', '3'), b: input('word', 'n', '3') } },
  firstNonFinite: reduction(1),
  moments: {
    sizes: 'm n', scalars: { eps }, inputs: { x: 'mn' },
    outputs: { mean: 'n', residual: 'n', variance: 'n', inverse: 'n' }, flops: '4mn',
  },
  inverseStd: {
    sizes: 'n', scalars: { eps }, inputs: { variance: positive('n') }, outputs: { out: 'n' }, inPlace: ['variance'],
    flops: '3n',
  },
  updateRunning: {
    sizes: 'n', scalars: { momentum: [0.1, 1], factor: [1, 1.25] }, inputs: { batch: 'n' },
    outputs: { running: state('n') }, flops: '3n',
  },
  batchNorm: {
    sizes: 'm n', scalars: { relu }, inputs: { x: 'mn', ...moments, gamma: 'n', beta: 'n' }, outputs: { out: 'mn' },
    inPlace: ['x'], flops: '3mn',
  },
  batchNormBackward: {
    sizes: 'm n', scalars: { batch: [0, 1] }, inputs: { x: 'mn', ...moments, gamma: 'n', dy: 'mn' },
    outputs: { dGamma: 'n', dBeta: 'n', dx: 'mn' }, inPlace: ['x', 'dy'], flops: '9mn',
  },
  layerNorm: {
    sizes: 'm n', scalars: { relu, eps }, inputs: { x: 'mn', gamma: 'n', beta: 'n' },
    outputs: { mean: 'm', residual: 'm', inverse: 'm', out: 'mn' }, inPlace: ['x'], flops: '7mn',
  },
  layerNormBackward: {
    sizes: 'm n', inputs: { x: 'mn', mean: 'm', residual: 'm', inverse: 'm', gamma: 'n', dy: 'mn' },
    outputs: { dGamma: 'n', dBeta: 'n', dx: 'mn' }, inPlace: ['x', 'dy'], flops: '19mn',
  },
  swapAxes: { sizes: 'm n k', inputs: { x: 'mnk' }, outputs: { out: 'mnk' }, max: { m: 9 } },
  im2col: { ...convolution, inputs: { x: floats(images) }, outputs: { out: output(columns) } },
  col2im: { ...convolution, inputs: { x: floats(columns) }, outputs: { out: output(images) }, flops: columns },
  channelBias: {
    sizes: 'm n k', scalars: { relu }, inputs: { x: 'mnk', bias: 'n' }, outputs: { out: 'mnk' }, inPlace: ['x'],
    max: { m: 9 }, flops: 'mnk',
  },
  sumAxis1: { sizes: 'm n', inputs: { x: 'mn' }, outputs: { out: 'm' }, flops: 'mn' },
  maxPool: {
    ...pooling, inputs: { x: floats(planes) }, outputs: { indices: words(pooled), out: output(pooled) },
  },
  maxPoolBackward: {
    ...pooling, inputs: { indices: input('word', pooled, plane), dy: floats(pooled) }, outputs: { dx: output(planes) },
    flops: pooled,
  },
  gelu: { ...unary(46), scalars: { tanh: [0, 1] } },
  geluBackward: {
    sizes: 'n', scalars: { tanh: [0, 1] }, inputs: { x: 'n', dy: 'n' }, outputs: { dx: 'n' }, inPlace: ['x', 'dy'],
    flops: '70n',
  },
  softmaxCrossEntropy: {
    sizes: 'm n', inputs: { x: 'mn', labels }, outputs: { probabilities: 'mn', losses: 'm' }, min: { n: 1 },
    flops: '24mn + 24m',
  },
  softmaxCrossEntropyBackward: {
    sizes: 'm n', inputs: { probabilities: probability('mn'), labels }, outputs: { dx: 'mn' },
    inPlace: ['probabilities'], min: { n: 1 }, flops: 'mn',
  },
  softCrossEntropy: {
    sizes: 'm n', inputs: { x: 'mn', targets: probability('mn') }, outputs: { probabilities: 'mn', losses: 'm' },
    min: { n: 1 }, flops: '28mn + 24m',
  },
  softCrossEntropyBackward: {
    sizes: 'm n', inputs: { probabilities: probability('mn'), targets: probability('mn'), gradients: 'm' },
    outputs: { dx: 'mn' }, inPlace: ['probabilities'], min: { n: 1 }, flops: '4mn',
  },
  squaredError: binary(3),
  squaredErrorBackward: {
    sizes: 'n', scalars: { alpha: [0.25] }, inputs: { a: 'n', b: 'n' }, outputs: { dx: 'n' }, inPlace: ['a'],
    flops: '2n',
  },
  gatherBytes: {
    sizes: 'm n', scalars: { divisor: [255, 1] }, inputs: { table: bytes, indices }, outputs: { out: 'mn' },
    flops: 'mn',
  },
  gatherRows: { sizes: 'm n', inputs: { table: '7n', indices }, outputs: { out: 'mn' } },
  gatherLabels: {
    sizes: 'm', inputs: { table: input('byte', '7'), indices }, outputs: { out: words('m') },
  },
  randomBits: random(words('n')),
  randomUniform: random('n', { low: [0, -2], high: [1, 3] }),
  randomNormal: random('n', { mean: [0, 1], std: [1, 0.01] }),
  randomIntegers: random(words('n'), { bound: [1, 10, 60000, 2 ** 20] }),
  dropoutMask: random('n', { p: [0, 0.2, 0.5, 1], value: [1, 1.25] }),
  sgd: rule(2, { lr, weightDecay }),
  momentum: rule(4, { lr, mu: [0.9], weightDecay }, 'v'),
  nesterov: rule(6, { lr, mu: [0.9], weightDecay }, 'v'),
  adagrad: rule(7, { lr, eps: [1e-10], weightDecay }, 'h'),
  rmsprop: rule(9, { lr, alpha: [0.99], eps: [1e-8], weightDecay }, 's'),
  adam: rule(12, { ...adam, weightDecay }, 'm v'),
  adamw: rule(13, { ...adam, decayFactor }, 'm v'),
  amsgrad: rule(14, { ...adam, weightDecay, decayFactor }, 'm v vMax'),
};

/** Every op of `Kernels`, each once. */
export const opSpecs: readonly OpSpec[] = Object.entries(table).map(([op, row]) => {
  const { sizes, derived = {}, scalars = {}, inputs = {}, outputs = {}, flops = '0', ...limits } = row;
  const toArguments = <T>(values: Readonly<Record<string, T>>, create: (value: T) => Field): Argument[] =>
    Object.entries(values).map(([name, value]) => create(value)(name));
  return {
    op: op as keyof Kernels,
    arguments: [
      ...sizes.split(' ').map((name): Argument => ({ kind: 'size', name })),
      ...toArguments(derived, (value) => (name) => ({ kind: 'derived', name, value: toCount(value) })),
      ...toArguments(scalars, (values) => (name) => ({ kind: 'scalar', name, values })),
      ...toArguments(inputs, (shape) => (typeof shape === 'string' ? floats(shape) : shape)),
      ...toArguments(outputs, (shape) => (typeof shape === 'string' ? output(shape) : shape)),
    ],
    flops: toCount(flops),
    ...limits,
  };
});

/** Returns whether an argument is a pointer to an array. */
export function isArray(argument: Argument): argument is Extract<Argument, { count: Count }> {
  return argument.kind === 'buffer' || argument.kind === 'lists' || argument.kind === 'output';
}

/** Returns the size of an array in bytes. */
export function arrayBytes({ content, count }: Extract<Argument, { count: Count }>, sizes: Sizes): number {
  return count(sizes) * (content === 'byte' ? 1 : 4);
}

/** Returns the arguments of a call: pointers for arrays, numbers for the rest. */
export function callArguments(
  spec: OpSpec,
  sizes: Sizes,
  scalars: Sizes,
  pointers: Readonly<Record<string, Pointer>>,
): number[] {
  return spec.arguments.map((argument) => {
    if (argument.kind === 'derived') return argument.value(sizes);
    const values = argument.kind === 'size' ? sizes : argument.kind === 'scalar' ? scalars : pointers;
    return values[argument.name] as number;
  });
}

/** Returns the minimum number of bytes that a call reads and writes. */
export function countBytes(spec: OpSpec, sizes: Sizes): number {
  let bytes = 0;
  for (const argument of spec.arguments.filter(isArray)) {
    const passes = argument.kind === 'output' && argument.updated ? 2 : 1;
    bytes += passes * arrayBytes(argument, sizes);
  }
  return bytes;
}
