// Every op against its formula in float64: within the rounding errors that its sums may make, and exactly where all numbers are
// small integers, since there nothing is rounded.
import { beforeAll, describe, expect, test } from 'vitest';
import { type Device, loadDevice, type Variant } from '../src/index.ts';
import { callArguments, isArray, type OpSpec, opSpecs, type Sizes } from '../src/op-specs.ts';
import { isAvailable } from '../src/runtime/variants.ts';
import { fillLists } from './bits.ts';
import { type Expected, type Inputs, type Oracle, oracles } from './oracles/index.ts';

const VARIANTS = (['reference', 'scalar', 'simd128'] as const).filter(isAvailable);
const EXTENTS = [1, 2, 3, 4, 5, 7, 8, 11, 16, 19, 24];
const ROUNDS = 12;
/** Products of these sizes are taken in blocks. */
const WIDE: Sizes[] = [
  { m: 5, n: 257, k: 259 },
  { m: 7, n: 321, k: 13 },
];

const devices = new Map<Variant, Device>();
beforeAll(async () => {
  for (const variant of VARIANTS) devices.set(variant, await loadDevice({ variant, bytes: 4 * 2 ** 20 }));
});

/** The next of a sequence of whole numbers below 2³². */
function sequence(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s + 0x9e3779b9) | 0;
    const t = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
    return (Math.imul(t ^ (t >>> 15), 0x735a2d97) ^ (t >>> 13)) >>> 0;
  };
}

type Kind = 'real' | 'integer';
interface Filled {
  readonly bytes: Record<string, Uint8Array>;
  readonly inputs: Inputs;
}

function fill(row: OpSpec, { inputs: special = {} }: Oracle, sizes: Sizes, kind: Kind, next: () => number): Filled {
  const bytes: Record<string, Uint8Array> = {};
  const inputs: Record<string, ArrayLike<number>> = {};
  let lists: Record<string, Uint8Array> | undefined;
  const number = () =>
    kind === 'integer' ? (next() % 9) - 4 : ((next() % 2 ? 1 : -1) * (1 + (next() % 2 ** 20))) / 2 ** 18;
  for (const argument of row.arguments) {
    if (!isArray(argument)) continue;
    const { name } = argument;
    const count = argument.count(sizes);
    let array: Float32Array | Int32Array | Uint8Array;
    if (argument.kind === 'lists') {
      lists ??= fillLists(next, argument.of(sizes));
      const made = lists[argument.content] as Uint8Array;
      array =
        argument.content === 'counts' ? new Int32Array(made.buffer) : withValues(new Int32Array(made.buffer), number);
      inputs[`${name} as indices`] = new Int32Array(made.buffer);
    } else if (argument.kind === 'buffer' && argument.bound) {
      const bound = argument.bound(sizes);
      array = Int32Array.from({ length: count }, () => next() % bound);
    } else if (argument.content === 'byte') array = Uint8Array.from({ length: count }, () => (next() % 3 ? next() : 0));
    else {
      const isPositive = argument.content === 'positive' || argument.content === 'probability';
      const value = () => (isPositive ? Math.abs(number()) / (argument.content === 'positive' ? 1 : 4) : number());
      const given = special[name];
      array = Float32Array.from({ length: count }, (_, i) => given?.(i) ?? value());
    }
    inputs[name] = array;
    bytes[name] = new Uint8Array(array.buffer, 0, array.byteLength);
  }
  return { bytes, inputs };
}

/** Entries with the same indices and other values, none of them 0. */
function withValues(entries: Int32Array, number: () => number): Float32Array {
  const floats = new Float32Array(entries.length).map((_, i) => (i % 2 ? number() || 1 : 0));
  const words = new Int32Array(floats.buffer);
  for (let i = 0; i < words.length; i += 2) words[i] = entries[i] as number;
  return floats;
}

/** Calls the op; gives its outputs as numbers. */
function call({ arena, kernels }: Device, row: OpSpec, sizes: Sizes, scalars: Sizes, bytes: Filled['bytes']): Inputs {
  const mark = arena.mark();
  const pointers: Record<string, number> = {};
  for (const argument of row.arguments) {
    if (!isArray(argument)) continue;
    const length = argument.count(sizes) * (argument.content === 'byte' ? 1 : 4);
    const pointer = arena.allocate(length);
    pointers[argument.name] = pointer;
    const isRead = argument.kind !== 'output' || argument.updated;
    if (isRead) arena.u8(pointer, length).set((bytes[argument.name] as Uint8Array).subarray(0, length));
  }
  const returned = (kernels[row.op] as (...all: number[]) => number | undefined)(
    ...callArguments(row, sizes, scalars, pointers),
  );
  const got: Record<string, ArrayLike<number>> = { returned: [returned ?? Number.NaN] };
  for (const argument of row.arguments) {
    if (argument.kind !== 'output') continue;
    const [pointer, count] = [pointers[argument.name] as number, argument.count(sizes)];
    const floats = arena.f32(pointer, count).slice();
    const words = arena.i32(pointer, count).slice();
    got[argument.name] =
      argument.content === 'word'
        ? words
        : argument.content === 'entries'
          ? floats.map((x, i) => (i % 2 ? x : (words[i] as number)))
          : floats;
  }
  arena.release(mark);
  return got;
}

/** How far an output is beyond what is allowed, in units of 2⁻²⁴ of the magnitude; 0 or less where it is within. */
function excess(got: ArrayLike<number>, want: readonly Expected[], units: number): { most: number; where: string } {
  let most = Number.NEGATIVE_INFINITY;
  let where = '';
  want.forEach(([value, magnitude], i) => {
    if (Number.isNaN(value)) return;
    const error = Math.abs((got[i] as number) - value);
    const allowed = units * 2 ** -24 * magnitude + (units > 0 ? 2 ** -140 : 0);
    const beyond = Number.isFinite(error) ? error - allowed : Number.POSITIVE_INFINITY;
    if (beyond > most) [most, where] = [beyond, `element ${i}: got ${got[i]}, want ${value} ± ${allowed}`];
  });
  return { most, where };
}

/** Sizes that fit the case, from the sequence. */
function drawSizes(row: OpSpec, next: () => number): Sizes {
  const names = row.arguments.flatMap((argument) => (argument.kind === 'size' ? [argument.name] : []));
  return Object.fromEntries(
    names.map((name) => {
      const choices = EXTENTS.filter((n) => n >= (row.least?.[name] ?? 1) && n <= (row.most?.[name] ?? n));
      return [name, choices[next() % choices.length] as number];
    }),
  );
}

function drawScalars(row: OpSpec, kind: Kind, next: () => number): Sizes {
  const whole = (name: string, values: readonly number[]) =>
    kind === 'real' || name === 'relu' ? (values[next() % values.length] as number) : (next() % 5) - 2;
  return Object.fromEntries(
    row.arguments.flatMap((argument) =>
      argument.kind === 'scalar' ? [[argument.name, whole(argument.name, argument.values)]] : [],
    ),
  );
}

const rows = opSpecs.flatMap((row) => {
  const oracle = oracles[row.op];
  return oracle ? [{ op: row.op, row, oracle }] : [];
});

test('every op has a formula in packages/kernels/test/oracles/', () => {
  const missing = opSpecs.map(({ op }) => op).filter((op) => !oracles[op]);
  expect(missing, 'ops without a formula in packages/kernels/test/oracles/').toEqual([]);
  expect(Object.keys(oracles).filter((op) => !rows.some((row) => row.op === op))).toEqual([]);
});

describe.each(VARIANTS)('%s', (variant) => {
  const check = (row: OpSpec, oracle: Oracle, kind: Kind, units: (sizes: Sizes) => number) => {
    const next = sequence(row.op.length * 7919 + row.op.charCodeAt(0));
    const wide = /^(matmul|linear|sparse)/.test(row.op) ? WIDE : [];
    for (let round = 0; round < ROUNDS + wide.length; round++) {
      const sizes = wide[round - ROUNDS] ?? drawSizes(row, next);
      const scalars = drawScalars(row, kind, next);
      const { bytes, inputs } = fill(row, oracle, sizes, kind, next);
      const got = call(devices.get(variant) as Device, row, sizes, scalars, bytes);
      const rounded = Object.fromEntries(
        Object.entries(scalars).map(([name, x]) => [name, name === 'seed' || name === 'step' ? x : Math.fround(x)]),
      );
      for (const [name, want] of Object.entries(oracle.of(sizes, rounded, inputs))) {
        const { most, where } = excess(got[name] as ArrayLike<number>, want, units(sizes));
        expect(most, `${name} of ${JSON.stringify({ ...sizes, ...scalars })}, ${where}`).toBeLessThanOrEqual(0);
      }
    }
  };

  test.each(rows)('$op is within its rounding errors', ({ row, oracle }) => {
    check(row, oracle, 'real', oracle.units ?? (() => 0));
  });

  test.each(rows.filter(({ oracle }) => oracle.polynomial))('$op is exact over the integers', ({ row, oracle }) => {
    check(row, oracle, 'integer', () => 0);
  });
});
