// Random numbers, with the generator of the paper in BigInt.
import { inverseErf } from '../../../../test/oracles/math.ts';
import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import { type Expected, exact, type Oracle, table } from './oracle.ts';

const { abs, fround, sqrt } = Math;

/** Returns the words of Threefry-2x32-20. */
function threefry(counter: readonly [number, number], key: readonly [number, number]): [number, number] {
  const mask = 0xffffffffn;
  const keys = [BigInt(key[0]), BigInt(key[1]), 0x1bd11bdan ^ BigInt(key[0]) ^ BigInt(key[1])];
  let [a, b] = [(BigInt(counter[0]) + keys[0]) & mask, (BigInt(counter[1]) + keys[1]) & mask];
  const rotations = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];
  for (let round = 0; round < 20; round++) {
    const r = rotations[round % 8];
    a = (a + b) & mask;
    b = (((b << r) | (b >> (32n - r))) & mask) ^ a;
    if (round % 4 !== 3) continue;
    const turn = (round + 1) / 4;
    a = (a + keys[turn % 3]) & mask;
    b = (b + keys[(turn + 1) % 3] + BigInt(turn)) & mask;
  }
  return [Number(a), Number(b)];
}

const word = ({ seed, stream, step }: Sizes, i: number): number =>
  threefry([4 * Math.floor(i / 8) + (i % 4), step], [seed, stream])[i % 8 >= 4 ? 1 : 0];

const fromWord = (f: (word: number, values: Sizes) => Expected, units = 0): Oracle => ({
  of: (values) => ({ out: table(values.n, (i) => f(word(values, i), values)) }),
  units: () => units,
});
const toUniform = (bits: number): number => (bits >>> 8) / 2 ** 24;

export const randomNumbers = {
  randomBits: fromWord((bits) => exact(bits | 0)),
  randomUniform: fromWord((bits, { low, high }) => [low + (high - low) * toUniform(bits), abs(low) + abs(high)], 4),
  randomNormal: fromWord((bits, { mean, std }) => {
    const z = sqrt(2) * inverseErf((2 * ((bits | 0) >> 8) + 1) / 2 ** 24);
    return [mean + std * z, abs(mean) + abs(std * z) + 2 ** -10];
  }, 64),
  randomIntegers: fromWord((bits, { bound }) => exact(Number((BigInt(bits) * BigInt(bound)) >> 32n))),
  dropoutMask: fromWord((bits, { p, value }) => exact(toUniform(bits) < p ? 0 : fround(value))),
} satisfies Partial<Record<keyof Kernels, Oracle>>;
