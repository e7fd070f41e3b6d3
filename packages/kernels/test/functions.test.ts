// Errors of exp, log, tanh, sigmoid and GELU against float64 over the whole range, and properties of the random numbers.
import { describe, expect, test } from 'vitest';
import { gelu, geluSlope } from '../../../test/oracles/math.ts';
import { loadDevice } from '../src/index.ts';
import { keySchedule, threefry } from '../src/reference/random.ts';

const { arena, kernels } = await loadDevice({ bytes: 2 ** 24 });
const toBits = (x: number) => new Int32Array(Float32Array.of(x).buffer)[0];

/** Returns the error in units in the last place of float32 at `want`. Below 2⁻¹²⁶ all units are equal. */
function ulps(got: number, want: number): number {
  if (Object.is(got, Math.fround(want)) || (Number.isNaN(got) && Number.isNaN(want))) return 0;
  if (!Number.isFinite(got)) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.max(Math.abs(want), 2 ** -126))));
  return Math.abs(got - want) / 2 ** (exponent - 23);
}

/** Special values, limits of the formulas, and every 2999th float32 of both signs. */
const LIMITS = [88.72284, 88.72283, 88.7229, -103.97, -103.98, 0.625, 2 ** -126, 1e-45];
const words: number[] = [0, -0, Infinity, -Infinity, NaN, 1, -1, ...LIMITS].map(toBits);
for (let word = toBits(1e-45); word <= toBits(3.4e38); word += 2999) words.push(word, word | 0x80000000);
const inputs = new Float32Array(Int32Array.from(words).buffer);
const n = inputs.length;
const [x, y, ones] = [0, 1, 2].map(() => arena.allocate(4 * n));
arena.f32(x, n).set(inputs);
kernels.fill(n, 1, ones);

const sigmoid = (z: number): number => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));

// docs/kernels.md lists these bounds.
test.each<[name: string, bound: number, call: () => void, oracle: (x: number) => number]>([
  ['exp', 1, () => kernels.exp(n, x, y), Math.exp],
  ['log', 1, () => kernels.log(n, x, y), Math.log],
  ['tanh', 1.5, () => kernels.tanh(n, x, y), Math.tanh],
  ['sigmoid', 2.5, () => kernels.sigmoid(n, x, y), sigmoid],
  ['GELU', 0.6, () => kernels.gelu(n, 0, x, y), (z) => gelu(z, false)],
  ['GELU with tanh', 0.6, () => kernels.gelu(n, 1, x, y), (z) => gelu(z, true)],
  ['the derivative of GELU', 0.6, () => kernels.geluBackward(n, 0, x, ones, y), (z) => geluSlope(z, false)],
  ['the derivative of GELU with tanh', 0.6, () => kernels.geluBackward(n, 1, x, ones, y), (z) => geluSlope(z, true)],
])('the error of %s is at most %d ulp', (_, bound, call, oracle) => {
  call();
  const outputs = arena.f32(y, n);
  let [error, at] = [0, 0];
  inputs.forEach((input, i) => {
    const ulp = ulps(outputs[i], oracle(input));
    if (ulp > error) [error, at] = [ulp, input];
  });
  expect(error, `at ${at}`).toBeLessThanOrEqual(bound);
});

test('GELU(−5.5) is −1.0444e-7', () => {
  arena.f32(y, 1)[0] = -5.5;
  kernels.gelu(1, 0, y, y);
  expect(arena.f32(y, 1)[0]).toBe(Math.fround(-1.0444259356e-7));
});

// kat_vectors of Random123: threefry2x32 with 20 rounds.
test.each([
  { counter: [0, 0], key: [0, 0], want: [0x6b200159, 0x99ba4efe] },
  { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], want: [0x1cb996fc, 0xbb002be7] },
  { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], want: [0xc4923a9c, 0x483df7a0] },
])('Threefry of $counter with the key $key equals the published vector', ({ counter, key, want }) => {
  const out = new Uint32Array(5);
  threefry(out, 0, true, counter[0], counter[1], keySchedule(key[0], key[1]));
  expect([out[0], out[4]]).toEqual(want);
});

describe('random numbers', () => {
  const count = 400_000;

  test('normal numbers have the moments and quantiles of the distribution', () => {
    kernels.randomNormal(count, 11, 3, 0, 0, 1, y);
    const z = arena.f32(y, count);
    const moment = (power: number) => z.reduce((sum, each) => sum + each ** power, 0) / count;
    const errors = [moment(1), moment(2) - 1, moment(3), moment(4) - 3].map(Math.abs);
    for (const [i, limit] of [0.006, 0.01, 0.025, 0.06].entries())
      expect(errors[i], `moment ${i + 1}`).toBeLessThan(limit);
    const inside = [1, 2, 3].map((limit) => z.filter((each) => Math.abs(each) < limit).length / count);
    for (const [i, share] of [0.6827, 0.9545, 0.9973].entries()) expect(inside[i]).toBeCloseTo(share, i < 2 ? 2 : 3);
  });

  test('integers are uniform', () => {
    kernels.randomIntegers(200_000, 5, 2, 9, 10, y);
    const counts = new Array<number>(10).fill(0);
    for (const i of arena.i32(y, 200_000)) counts[i]++;
    const chiSquare = counts.reduce((sum, each) => sum + (each - 20_000) ** 2 / 20_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // the 99.9 % quantile for nine degrees of freedom
  });

  test('words do not depend on the length, but on seed, stream and step', () => {
    const draw = (length: number, seed: number, stream: number, step: number) => {
      kernels.randomBits(length, seed, stream, step, y);
      return arena.i32(y, length).slice();
    };
    const long = draw(1000, 1, 2, 3);
    for (const length of [1, 4, 5, 8, 9, 33]) expect(draw(length, 1, 2, 3)).toEqual(long.subarray(0, length));
    for (const other of [draw(1000, 2, 2, 3), draw(1000, 1, 3, 3), draw(1000, 1, 2, 4)]) {
      expect(other.filter((word, i) => word === long[i]).length).toBeLessThan(3);
    }
  });
});
