// How a row of the table of cases is written: arguments, shapes, costs.
import type { Kernels } from './ops.ts';
import type { Pointer } from './runtime/memory.ts';

/** What a buffer holds, which decides how a test fills and compares it. */
export type Content = 'float' | 'positive' | 'probability' | 'gradient' | 'word' | 'byte' | 'workspace';

/** How many lists, of indices below what, and how many entries from one list to the next. */
export interface Lists {
  readonly lists: number;
  readonly length: number;
  readonly capacity: number;
}

export type Count = (sizes: Sizes) => number;

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

export interface OpSpec {
  readonly op: keyof Kernels;
  readonly arguments: readonly Argument[];
  /** Inputs that the last output may be the same array as. */
  readonly inPlace?: readonly string[];
  /** Smallest value of a size; 0 unless given. */
  readonly least?: Sizes;
  /** Greatest value of a size in a test, where many sizes multiply. */
  readonly most?: Sizes;
  /** Floating-point operations of a call. */
  readonly flops: (sizes: Sizes) => number;
}

export const size = (name: string): Argument => ({ kind: 'size', name });
export const scalar = (name: string, ...values: number[]): Argument => ({ kind: 'scalar', name, values });
export const floats = (name: string, count: (s: Sizes) => number, content: Content = 'float'): Argument => ({
  kind: 'buffer',
  name,
  content,
  count,
});
export const indices = (name: string, count: (s: Sizes) => number, bound: (s: Sizes) => number): Argument => ({
  kind: 'buffer',
  name,
  content: 'word',
  count,
  bound,
});
export const output = (name: string, count: (s: Sizes) => number, content: 'float' | 'word' = 'float'): Argument => ({
  kind: 'output',
  name,
  content,
  count,
});
/** Read and written. */
export const state = (name: string, count = n): Argument => ({
  kind: 'output',
  name,
  content: 'float',
  count,
  updated: true,
});

export const listsIn = (of: (s: Sizes) => Lists): Argument[] => [
  { kind: 'lists', name: 'counts', content: 'counts', count: (s) => of(s).lists, of },
  { kind: 'lists', name: 'entries', content: 'entries', count: (s) => 2 * of(s).lists * of(s).capacity, of },
];
export const listsOut = (counts: string, entries: string, of: (s: Sizes) => Lists): Argument[] => [
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

export const n = (s: Sizes): number => s.n as number;
export const m = (s: Sizes): number => s.m as number;
export const mn = (s: Sizes): number => m(s) * n(s);
export const mk = (s: Sizes): number => m(s) * (s.k as number);
export const kn = (s: Sizes): number => (s.k as number) * n(s);
export const rowLists = (s: Sizes): Lists => ({ lists: m(s), length: n(s), capacity: n(s) });
export const termLists = (s: Sizes): Lists => ({ lists: m(s), length: s.k as number, capacity: s.k as number });
export const products = (s: Sizes): number => 2 * mn(s) * (s.k as number);
export const perElement =
  (each: number) =>
  (s: Sizes): number =>
    each * n(s);

export const matrices = (op: keyof Kernels, flops: OpSpec['flops'], ...rest: Argument[]): OpSpec => ({
  op,
  arguments: [size('m'), size('n'), size('k'), ...rest],
  flops,
});
export const unary = (op: keyof Kernels, flops: number, content: Content = 'float'): OpSpec => ({
  op,
  arguments: [size('n'), floats('x', n, content), output('out', n)],
  inPlace: ['x'],
  flops: perElement(flops),
});
export const binary = (op: keyof Kernels, flops: number, a = 'a', b = 'b'): OpSpec => ({
  op,
  arguments: [size('n'), floats(a, n), floats(b, n), output('out', n)],
  inPlace: [a, b],
  flops: perElement(flops),
});
export const reduction = (op: keyof Kernels, flops: number): OpSpec => ({
  op,
  arguments: [size('n'), floats('x', n)],
  flops: perElement(flops),
});
export const random = (op: keyof Kernels, content: 'float' | 'word', ...scalars: Argument[]): OpSpec => ({
  op,
  arguments: [
    size('n'),
    scalar('seed', 1, 2 ** 32 - 1),
    scalar('stream', 65536, 131073),
    scalar('step', 0, 7, 2 ** 31),
    ...scalars,
    output('out', n, content),
  ],
  flops: perElement(12),
});
export const rule = (op: keyof Kernels, flops: number, ...rest: Argument[]): OpSpec => ({
  op,
  arguments: [
    size('n'),
    ...rest.filter((a) => a.kind === 'scalar'),
    floats('g', n, 'gradient'),
    ...rest.filter((a) => a.kind !== 'scalar'),
  ],
  flops: perElement(flops),
});

/** Whether an argument is a pointer to an array. */
export function isArray(argument: Argument): argument is Extract<Argument, { count: Count }> {
  return argument.kind === 'buffer' || argument.kind === 'lists' || argument.kind === 'output';
}

/** The arguments of a call: pointers for buffers, numbers for the rest. */
export function callArguments(
  row: OpSpec,
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
export function bytesOf(row: OpSpec, sizes: Sizes): number {
  let bytes = 0;
  for (const argument of row.arguments) {
    if (!isArray(argument)) continue;
    const width = argument.content === 'byte' ? 1 : 4;
    const passes = argument.kind === 'output' && argument.updated ? 2 : 1;
    bytes += passes * width * argument.count(sizes);
  }
  return bytes;
}
