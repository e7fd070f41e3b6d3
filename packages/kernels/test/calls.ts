// Random calls of an op: inputs with special values, a run that detects every unexpected write, outputs as words.
import fc from 'fast-check';
import type { Arena, Device } from '../src/index.ts';
import { arrayBytes, callArguments, isArray, type Lists, type OpSpec, opSpecs, type Sizes } from '../src/op-specs.ts';

const GUARD = 64;
const GUARD_BYTE = 0xa5;

export interface Call {
  readonly spec: OpSpec;
  readonly sizes: Sizes;
  readonly scalars: Sizes;
  /** The bytes of inputs and of outputs that are read, too. */
  readonly inputs: Readonly<Record<string, Uint8Array>>;
  /** The input that is the same array as the last output. */
  readonly inPlace?: string | undefined;
}

export interface Outcome {
  readonly returned: number | undefined;
  /** Words of the outputs; every NaN is the same word. */
  readonly outputs: Readonly<Record<string, Uint32Array>>;
}

/**
 * Runs a call with guard bytes around every array.
 * @throws Error if the op has changed an input or a guard byte
 */
export function run({ arena, kernels, variant }: Device, call: Call): Outcome {
  const { spec, sizes, scalars } = call;
  const mark = arena.mark();
  const pointers = allocateArrays(arena, call);
  const memory = arena.u8(mark, arena.mark() - mark);
  const expected = memory.slice();
  const op = kernels[spec.op] as (...args: number[]) => number | undefined;
  const returned = op(...callArguments(spec, sizes, scalars, pointers));
  const outputs: Record<string, Uint32Array> = {};
  for (const argument of spec.arguments.filter(isArray)) {
    if (argument.kind !== 'output' && argument.content !== 'workspace') continue;
    const start = pointers[argument.name] - mark;
    const bytes = memory.slice(start, start + arrayBytes(argument, sizes));
    expected.set(bytes, start);
    if (argument.kind !== 'output') continue;
    const words = new Uint32Array(bytes.buffer);
    if (argument.of && argument.counts) clearUnspecified(words, outputs[argument.counts], argument.of(sizes));
    outputs[argument.name] = argument.content === 'word' ? words : words.map(canonicalizeNaN);
  }
  if (Buffer.compare(memory, expected) !== 0) {
    throw new Error(`${spec.op} of ${variant} wrote outside its outputs at ${JSON.stringify(sizes)}`);
  }
  arena.release(mark);
  return { returned, outputs };
}

function allocateArrays(arena: Arena, { spec, sizes, inputs, inPlace }: Call): Record<string, number> {
  const pointers: Record<string, number> = {};
  const arrays = spec.arguments.filter(isArray);
  for (const argument of arrays) {
    if (inPlace !== undefined && argument === arrays.at(-1)) {
      pointers[argument.name] = pointers[inPlace];
      continue;
    }
    const bytes = arrayBytes(argument, sizes);
    const pointer = arena.allocate(bytes + 2 * GUARD);
    const guarded = arena.u8(pointer, bytes + 2 * GUARD).fill(GUARD_BYTE);
    guarded.set(inputs[argument.name]?.subarray(0, bytes) ?? [], GUARD);
    pointers[argument.name] = pointer + GUARD;
  }
  return pointers;
}

/** Returns whether two outcomes have the same bits. */
export function isSame(a: Outcome, b: Outcome): boolean {
  const names = Object.keys(b.outputs);
  return (
    Object.is(a.returned, b.returned) &&
    names.every((name) => Buffer.compare(toBytes(a.outputs[name]), toBytes(b.outputs[name])) === 0)
  );
}

const toBytes = (words: Uint32Array) => new Uint8Array(words.buffer);
const canonicalizeNaN = (word: number) => ((word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word);

/** Sets the entries after the count of each list to 0. */
function clearUnspecified(words: Uint32Array, counts: Uint32Array, { lists, capacity }: Lists): void {
  for (let i = 0; i < lists; i++) words.fill(0, 2 * (i * capacity + counts[i]), 2 * (i + 1) * capacity);
}

/** Random words. A seed of fast-check shrinks better than thousands of numbers. */
export function randomWords(seed: number, count: number): Uint32Array {
  const out = new Uint32Array(count);
  for (let i = 0, s = seed | 0; i < count; i++) {
    s = (s + 0x9e3779b9) | 0;
    let t = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    out[i] = t ^ (t >>> 15);
  }
  return out;
}

/** `any`: many magnitudes and special values; `real`: numbers from −4 to 4; `integer`: whole numbers from −4 to 4. */
type Style = 'any' | 'real' | 'integer';

const SPECIAL = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-40, 1.17549435e-38, 3.4e38, -3.4e38, 1, -1];

function toFloat(word: number, content: string, style: Style): number {
  const unit = (word >>> 8) / 2 ** 24;
  if (style !== 'any') {
    const x = style === 'integer' ? (word % 9) - 4 : 8 * unit - 4;
    return content === 'positive' ? Math.abs(x) : content === 'probability' ? Math.abs(x) / 4 : x;
  }
  if (content === 'probability') return unit;
  if ((word & 15) === 0) return SPECIAL[(word >>> 4) % SPECIAL.length];
  const magnitude = 2 ** ((((word >>> 4) & 15) - 9) * 1.5) * (0.5 + unit);
  return content === 'positive' || word & 0x80000000 ? magnitude : -magnitude;
}

/** Bytes of three kinds: any, with long runs of zeros as in an image, with single zeros. */
function toPixels(random: Uint32Array): Uint8Array {
  const kind = (random[0] ?? 0) % 3;
  return Uint8Array.from(random, (word, i) =>
    kind === 0 || (kind === 1 ? i % 48 < 20 : word & 0x10000) ? word >>> 24 : 0,
  );
}

/** Lists with about half of all indices, in ascending order. Unused entries are NaN. */
function toLists(random: Uint32Array, { lists, length, capacity }: Lists, style: Style) {
  const counts = new Uint32Array(lists);
  const entries = new Uint32Array(2 * lists * capacity).fill(0x7fc00001);
  const values = new Float32Array(entries.buffer);
  random.forEach((word, place) => {
    const x = toFloat(word, 'float', style);
    if (word & 0x40000000 || x === 0) return;
    const list = Math.floor(place / length);
    const at = 2 * (list * capacity + counts[list]++);
    entries[at] = place % length;
    values[at + 1] = x;
  });
  return { counts, entries };
}

/** Returns random inputs of an op. */
export function randomInputs(spec: OpSpec, sizes: Sizes, seed: number, style: Style = 'any'): Call['inputs'] {
  const entries = spec.arguments.filter(isArray).map((argument, place) => {
    if (argument.kind === 'lists') {
      const lists = argument.of(sizes);
      return [
        argument.name,
        toBytes(toLists(randomWords(seed, lists.lists * lists.length), lists, style)[argument.content]),
      ];
    }
    const random = randomWords(seed + 77 * place, argument.count(sizes));
    const bound = argument.kind === 'buffer' ? argument.bound?.(sizes) : undefined;
    if (bound !== undefined) return [argument.name, toBytes(random.map((word) => word % bound))];
    if (argument.content === 'byte') return [argument.name, toPixels(random)];
    const isSparse = spec.op === 'compressRows';
    const floats = Float32Array.from(random, (word) =>
      isSparse && word & 0x8000 ? (word & 0x4000 ? -0 : 0) : toFloat(word, argument.content, style),
    );
    return [argument.name, new Uint8Array(floats.buffer)];
  });
  return Object.fromEntries(entries);
}

const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 23, 24, 25, 29, 31, 32, 33, 37, 41];
const LONG_SIZES = [...SIZES, 63, 64, 65, 97, 100, 127, 128, 129, 257, 1000];

/** Returns the names of the sizes or of the scalars of an op. */
export const namesOf = (spec: OpSpec, kind: 'size' | 'scalar') =>
  spec.arguments.filter((argument) => argument.kind === kind).map(({ name }) => name);

/** Returns the sizes from a list that an op allows. */
export const allowedSizes = ({ min, max }: OpSpec, name: string, sizes: readonly number[]) =>
  sizes.filter((size) => size >= (min?.[name] ?? 0) && size <= (max?.[name] ?? size));

/** Random calls of an op, with sizes below and above every block size. */
export function randomCalls(spec: OpSpec): fc.Arbitrary<Call> {
  const names = namesOf(spec, 'size');
  const choices = names.length === 1 ? LONG_SIZES : SIZES;
  const record = (entries: [string, readonly number[]][]): fc.Arbitrary<Sizes> =>
    fc.record(Object.fromEntries(entries.map(([name, values]) => [name, fc.constantFrom(...values)])));
  return fc
    .tuple(
      record(names.map((name) => [name, allowedSizes(spec, name, choices)])),
      record(spec.arguments.flatMap((a) => (a.kind === 'scalar' ? [[a.name, a.values]] : []))),
      fc.constantFrom(undefined, ...(spec.inPlace ?? [])),
      fc.integer(),
    )
    .map(([sizes, scalars, inPlace, seed]) => ({
      spec,
      sizes,
      scalars,
      inPlace,
      inputs: randomInputs(spec, sizes, seed),
    }));
}

/** Sizes at which products copy blocks of 32 or 64 columns × 256 terms. */
const BLOCKED_SIZES: Sizes[] = [
  { m: 5, n: 256, k: 255 },
  { m: 4, n: 257, k: 257 },
  { m: 7, n: 321, k: 513 },
  { m: 1, n: 300, k: 1 },
  { m: 258, n: 65, k: 256 },
  { m: 259, n: 63, k: 300 },
  { m: 256, n: 10, k: 3 },
  { m: 3, n: 260, k: 0 },
];
const LONG_COLUMNS: Sizes[] = [1024, 1025, 1030].map((m) => ({ m, n: 7 }));

/** Calls of products and column sums that work in blocks. */
export const blockedCalls: readonly Call[] = opSpecs.flatMap((spec) => {
  const all = /^(matmul|linear)/.test(spec.op) ? BLOCKED_SIZES : spec.op === 'sumAxis0' ? LONG_COLUMNS : [];
  return all.map((sizes) => ({
    spec,
    sizes,
    scalars: { relu: sizes.m % 2 },
    inputs: randomInputs(spec, sizes, 1 + sizes.m),
  }));
});
