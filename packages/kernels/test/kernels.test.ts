// Every op of every deterministic variant against the reference, bit for bit, over random shapes and values.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Case, cases, isArray, type Sizes } from '../src/cases.ts';
import { type Device, loadDevice, type Variant } from '../src/index.ts';
import { isAvailable } from '../src/variants.ts';
import { type Call, fillFloats, fillLists, isSame, type Outcome, run } from './bits.ts';

const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 23, 24, 25, 29, 31, 32, 33, 37, 41];
const LONG = [...SIZES, 63, 64, 65, 97, 100, 127, 128, 129, 257, 1000];
/** Bytes at the beginning of memory that no call may change. */
const KERNELS_OWN = 0x8000;
const DETERMINISTIC: Variant[] = ['scalar', 'simd128'];

const devices = new Map<Variant, Device>();
beforeAll(async () => {
  for (const variant of ['reference', ...DETERMINISTIC] as Variant[]) {
    devices.set(variant, await loadDevice({ variant, bytes: 8 * 2 ** 20 }));
  }
});

/** Words from a small generator: fast-check shrinks the seed, not thousands of numbers. */
function words(seed: number, count: number): Uint32Array {
  const out = new Uint32Array(count);
  for (let i = 0, s = seed | 0; i < count; i++) {
    s = (s + 0x9e3779b9) | 0;
    let t = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    out[i] = t ^ (t >>> 15);
  }
  return out;
}

/** Mostly zeros in one call of two, as in a picture; else any bytes. */
function bytes(random: Uint32Array): Uint8Array {
  const all = new Uint8Array(random.buffer, 0, random.length);
  return (random[0] ?? 0) & 1 ? all : all.map((byte, i) => (i % 48 < 20 ? byte : 0));
}

function contents(row: Case, sizes: Sizes, seed: number): Record<string, Uint8Array> {
  const result: Record<string, Uint8Array> = {};
  row.arguments.forEach((argument, place) => {
    if (!isArray(argument)) return;
    if (argument.kind === 'lists') {
      const lists = argument.of(sizes);
      const random = words(seed, lists.lists * lists.length);
      result[argument.name] = fillLists((i) => random[i] as number, lists)[argument.content] as Uint8Array;
      return;
    }
    const random = words(seed + 77 * place, argument.count(sizes));
    const bound = argument.kind === 'buffer' ? argument.bound?.(sizes) : undefined;
    if (bound !== undefined) result[argument.name] = new Uint8Array(random.map((word) => word % bound).buffer);
    else if (argument.content === 'byte') result[argument.name] = bytes(random);
    else result[argument.name] = fillFloats(random, argument.content);
  });
  return result;
}

function callsOf(row: Case): fc.Arbitrary<Call> {
  const names = row.arguments.filter((a) => a.kind === 'size').map((a) => a.name);
  const choices = names.length === 1 ? LONG : SIZES;
  const sizes = fc.record(
    Object.fromEntries(
      names.map((name) => [
        name,
        fc.constantFrom(
          ...choices.filter((size) => size >= (row.least?.[name] ?? 0) && size <= (row.most?.[name] ?? size)),
        ),
      ]),
    ),
  ) as fc.Arbitrary<Sizes>;
  const scalars = fc.record(
    Object.fromEntries(
      row.arguments.flatMap((a) => (a.kind === 'scalar' ? [[a.name, fc.constantFrom(...a.values)]] : [])),
    ),
  ) as fc.Arbitrary<Sizes>;
  const inPlace = fc.constantFrom(undefined, ...(row.inPlace ?? []));
  return fc.tuple(sizes, scalars, inPlace, fc.integer()).map(([s, c, place, seed]) => ({
    row,
    sizes: s,
    scalars: c,
    inPlace: place,
    contents: contents(row, s, seed),
  }));
}

/** The matcher of arrays is slow: it is asked only for what it says where they differ. */
function agree(got: Outcome, want: Outcome): void {
  if (!isSame(got, want)) expect(got).toEqual(want);
}

describe.each(DETERMINISTIC)('%s gives the bits of reference', (variant) => {
  test.each(cases)('$op', (row) => {
    const reference = devices.get('reference') as Device;
    const device = devices.get(variant) as Device;
    fc.assert(
      fc.property(callsOf(row), (call) => {
        agree(run(device, call), run(reference, call));
      }),
      { numRuns: 150 },
    );
  });
});

// Rows of 256 floats or more are copied into blocks of 64 columns × 256 terms: sizes on both sides of these.
const blocked: Sizes[] = [
  { m: 5, n: 256, k: 255 },
  { m: 4, n: 257, k: 257 },
  { m: 7, n: 321, k: 513 },
  { m: 1, n: 300, k: 1 },
  { m: 258, n: 65, k: 256 },
  { m: 259, n: 63, k: 300 },
  { m: 256, n: 10, k: 3 },
  { m: 3, n: 260, k: 0 },
];

describe.each(DETERMINISTIC)('%s gives the bits of reference in blocks', (variant) => {
  const products = cases.filter((row) => /^(matmul|linear)/.test(row.op));
  test.each(products.flatMap((row) => blocked.map((sizes) => ({ op: row.op, row, sizes }))))('$op $sizes', (call) => {
    const { row, sizes } = call;
    const whole = { row, sizes, scalars: { relu: sizes.m % 2 }, contents: contents(row, sizes, 1 + sizes.m) };
    expect(run(devices.get(variant) as Device, whole)).toEqual(run(devices.get('reference') as Device, whole));
  });
});

/** The greatest difference of two float outputs, relative to the greatest of either, NaN and ±∞ aside. */
function distance(a: Uint32Array, b: Uint32Array): number {
  const [x, y] = [new Float32Array(a.buffer), new Float32Array(b.buffer)];
  let difference = 0;
  let greatest = Number.MIN_VALUE;
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    difference = Math.max(difference, Math.abs(x[i] - y[i]));
    greatest = Math.max(greatest, Math.abs(x[i]), Math.abs(y[i]));
  }
  return difference / greatest;
}

describe.runIf(isAvailable('relaxed-simd'))('relaxed-simd stays near reference', () => {
  test.each(cases)('$op', async (row) => {
    const device = await loadDevice({ variant: 'relaxed-simd', bytes: 4 * 2 ** 20 });
    const property = fc.property(callsOf(row), (call) => {
      const [got, want] = [run(device, call), run(devices.get('reference') as Device, call)];
      if (!row.fused) expect(got).toEqual(want);
      for (const [name, words] of Object.entries(want.outputs)) {
        expect(distance(words, got.outputs[name] as Uint32Array)).toBeLessThan(1e-4);
      }
    });
    fc.assert(property, { numRuns: 40 });
  });
});

// Addresses are unsigned: beyond 2 GiB they are negative to JavaScript's 32-bit operators, and to a careless kernel.
describe.each([2 ** 31, 2 ** 32 - 2 ** 21])('around address %d', (boundary) => {
  test.each(['reference', ...DETERMINISTIC] as Variant[])('%s gives the bits of reference', async (variant) => {
    const far = await loadDevice({ variant, bytes: boundary + 2 ** 20 });
    const { arena } = far;
    arena.allocate(boundary - 8192 - arena.allocate(0));
    const mark = arena.mark();
    for (const row of cases) {
      const property = fc.property(callsOf(row), fc.constantFrom(0, 7168, 8064, 8176), (call, skipped) => {
        arena.allocate(skipped);
        agree(run(far, call), run(devices.get('reference') as Device, call));
        arena.release(mark);
      });
      fc.assert(property, { numRuns: 6 });
    }
  });
});

test.each(DETERMINISTIC)('%s leaves all other memory alone', async (variant) => {
  const device = await loadDevice({ variant, bytes: 2 ** 20 });
  const { arena } = device;
  // The kernels' constants lie below their tables of rows; above the arrays is nothing.
  const constants = arena.u8(0, KERNELS_OWN).slice();
  for (const row of cases) {
    const calls = fc.sample(callsOf(row), { numRuns: 20, seed: 1 });
    for (const call of calls.filter(({ sizes }) => Object.values(sizes).every((size) => size <= 128)))
      run(device, call);
    expect(
      arena.u8(0, KERNELS_OWN).every((byte, i) => byte === constants[i]),
      `constants after ${row.op}`,
    ).toBe(true);
  }
  const above = new Uint32Array(arena.memory.buffer, 2 * 65_536 + 2 ** 20);
  expect(above.every((word) => word === 0)).toBe(true);
});

test('the table has every op of the reference, once', () => {
  const reference = devices.get('reference') as Device;
  expect(cases.map((row) => row.op).sort()).toEqual(Object.keys(reference.kernels).sort());
});

test('a wrong kernel is seen', () => {
  const reference = devices.get('reference') as Device;
  const wrong: Device = {
    ...reference,
    kernels: {
      ...reference.kernels,
      add: (n, a, b, out) => {
        reference.kernels.add(n, a, b, out);
        if (n > 0) reference.arena.f32(out, n)[n - 1] += 2 ** -20;
      },
    },
  };
  const row = cases.find((c) => c.op === 'add') as Case;
  const call: Call = {
    row,
    sizes: { n: 5 },
    scalars: {},
    contents: { a: fillFloats(words(1, 5), 'probability'), b: fillFloats(words(2, 5), 'probability') },
  };
  expect(run(wrong, call)).not.toEqual(run(reference, call));
});

test('a write outside the output is seen', () => {
  const reference = devices.get('reference') as Device;
  const wrong: Device = {
    ...reference,
    kernels: { ...reference.kernels, fill: (n, value, out) => reference.kernels.fill(n + 1, value, out) },
  };
  const row = cases.find((c) => c.op === 'fill') as Case;
  expect(() => run(wrong, { row, sizes: { n: 4 }, scalars: { value: 1 }, contents: {} })).toThrow('wrote outside');
});
