// exp, log, tanh, sigmoid against float64, in units in the last place, and the generator against its published vectors.
import { describe, expect, test } from 'vitest';
import { gelu, geluSlope } from '../../../test/oracles/math.ts';
import { loadDevice } from '../src/index.ts';
import { keySchedule, threefry } from '../src/reference/random.ts';

const device = await loadDevice({ bytes: 2 ** 24 });
const { arena, kernels } = device;
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The distance between a float32 and a float64, in float32 steps at that place (denormal steps below 2⁻¹²⁶). */
function ulps(got: number, want: number): number {
  if (Object.is(got, Math.fround(want)) || (Number.isNaN(got) && Number.isNaN(want))) return 0;
  if (!Number.isFinite(got)) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.max(Math.abs(want), 2 ** -126))));
  return Math.abs(got - want) / 2 ** (exponent - 23);
}

/** Every `stride`-th float32 bit pattern between two, the specials and the borders of the formulas. */
function sweep(from: number, to: number, stride: number): Float32Array {
  const out: number[] = [
    0,
    -0,
    Infinity,
    -Infinity,
    NaN,
    1,
    -1,
    88.72284,
    88.72283,
    88.7229,
    -103.97,
    -103.98,
    0.625,
    2 ** -126,
    1e-45,
  ];
  float[0] = from;
  const start = bits[0] as number;
  float[0] = to;
  const end = bits[0] as number;
  for (let word = start; word <= end; word += stride) {
    bits[0] = word;
    out.push(float[0] as number);
    out.push(-(float[0] as number));
  }
  return Float32Array.from(out);
}

/** An op over n elements from x to y; those of `ones` are 1. */
type Call = (n: number, x: number, y: number, ones: number) => void;

function worst(call: Call, inputs: Float32Array, oracle: (x: number) => number): { ulp: number; at: number } {
  const mark = arena.mark();
  const x = arena.allocate(inputs.byteLength);
  const y = arena.allocate(inputs.byteLength);
  const ones = arena.allocate(inputs.byteLength);
  arena.f32(x, inputs.length).set(inputs);
  kernels.fill(inputs.length, 1, ones);
  call(inputs.length, x, y, ones);
  const outputs = arena.f32(y, inputs.length);
  let ulp = 0;
  let at = 0;
  inputs.forEach((input, i) => {
    const error = ulps(outputs[i] as number, oracle(input));
    if (error > ulp) [ulp, at] = [error, input];
  });
  arena.release(mark);
  return { ulp, at };
}

/** 1 ÷ (1 + e⁻ˣ) without loss for very negative x. */
const sigmoid = (x: number): number => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));

const everywhere = sweep(1e-45, 3.4e38, 2999);

// The bounds are what docs/kernels.md states.
describe.each<[name: string, Call, oracle: (x: number) => number, bound: number]>([
  ['exp', (n, x, y) => kernels.exp(n, x, y), Math.exp, 1],
  ['log', (n, x, y) => kernels.log(n, x, y), Math.log, 1],
  ['tanh', (n, x, y) => kernels.tanh(n, x, y), Math.tanh, 1.5],
  ['sigmoid', (n, x, y) => kernels.sigmoid(n, x, y), sigmoid, 2.5],
  ['GELU', (n, x, y) => kernels.gelu(n, 0, x, y), (x) => gelu(x, false), 0.6],
  ['GELU by tanh', (n, x, y) => kernels.gelu(n, 1, x, y), (x) => gelu(x, true), 0.6],
  ["GELU's slope", (n, x, y, ones) => kernels.geluBackward(n, 0, x, ones, y), (x) => geluSlope(x, false), 0.6],
  ["GELU's slope by tanh", (n, x, y, ones) => kernels.geluBackward(n, 1, x, ones, y), (x) => geluSlope(x, true), 0.6],
])('%s', (_, call, oracle, bound) => {
  test(`is within ${bound} ulp of float64 over the whole range`, () => {
    const { ulp, at } = worst(call, everywhere, oracle);
    expect(ulp, `at ${at}`).toBeLessThanOrEqual(bound);
  });
});

test('GELU at −5.5 is −1.0444e-7', () => {
  const x = arena.allocate(4);
  arena.f32(x, 1)[0] = -5.5;
  kernels.gelu(1, 0, x, x);
  expect(arena.f32(x, 1)[0]).toBe(Math.fround(-1.0444259356e-7));
});

function words(n: number, seed: number, stream: number, step: number): Uint32Array {
  const out = arena.allocate(4 * n);
  kernels.randomBits(n, seed, stream, step, out);
  return new Uint32Array(arena.memory.buffer, out, n).slice();
}

// Random123's kat_vectors, threefry2x32 with 20 rounds. The other variants agree with the reference bit for bit.
test.each([
  { counter: [0, 0], key: [0, 0], want: [0x6b200159, 0x99ba4efe] },
  { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], want: [0x1cb996fc, 0xbb002be7] },
  { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], want: [0xc4923a9c, 0x483df7a0] },
])('Threefry of $counter under $key agrees with Random123', ({ counter, key, want }) => {
  const out = new Uint32Array(5);
  threefry(out, 0, true, counter[0], counter[1], keySchedule(key[0], key[1]));
  expect([out[0], out[4]]).toEqual(want);
});

test('moments of the normal deviate', () => {
  const n = 400_000;
  const out = arena.allocate(4 * n);
  kernels.randomNormal(n, 11, 3, 0, 0, 1, out);
  const z = arena.f32(out, n);
  const moment = (power: number) => z.reduce((s, x) => s + x ** power, 0) / n;
  expect(Math.abs(moment(1))).toBeLessThan(0.006);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.01);
  expect(Math.abs(moment(3))).toBeLessThan(0.025);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.06);
  const inside = (limit: number) => z.filter((x) => Math.abs(x) < limit).length / n;
  expect(inside(1)).toBeCloseTo(0.6827, 2);
  expect(inside(2)).toBeCloseTo(0.9545, 2);
  expect(inside(3)).toBeCloseTo(0.9973, 3);
});

test('integers are spread evenly', () => {
  const n = 200_000;
  const out = arena.allocate(4 * n);
  kernels.randomIntegers(n, 5, 2, 9, 10, out);
  const counts = new Array<number>(10).fill(0);
  for (const i of arena.i32(out, n)) counts[i]++;
  const chiSquare = counts.reduce((s, c) => s + (c - n / 10) ** 2 / (n / 10), 0);
  expect(chiSquare).toBeLessThan(27.9); // 99.9 % of nine degrees of freedom
});

test('a prefix does not depend on the length, and streams, seeds and steps differ', () => {
  const long = words(1000, 1, 2, 3);
  for (const n of [1, 4, 5, 8, 9, 33]) expect(words(n, 1, 2, 3)).toEqual(long.subarray(0, n));
  for (const other of [words(1000, 2, 2, 3), words(1000, 1, 3, 3), words(1000, 1, 2, 4)]) {
    const same = other.filter((word, i) => word === long[i]).length;
    expect(same).toBeLessThan(3);
  }
});
