// Random numbers: the paper's generator in BigInt.

import { inverseErf } from '../../../../test/oracles/math.ts';
import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import { type Expected, type Oracle, plain, size, table } from './oracle.ts';

const { abs, fround, sqrt } = Math;

/** The raw words of Threefry-2x32-20, by the paper's table of rotations, in BigInt. */
function threefry(counter: readonly [number, number], key: readonly [number, number]): [number, number] {
  const mask = 0xffffffffn;
  const keys = [BigInt(key[0]), BigInt(key[1]), 0x1bd11bdan ^ BigInt(key[0]) ^ BigInt(key[1])];
  let [a, b] = [(BigInt(counter[0]) + (keys[0] as bigint)) & mask, (BigInt(counter[1]) + (keys[1] as bigint)) & mask];
  const rotations = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];
  for (let round = 0; round < 20; round++) {
    const r = rotations[round % 8] as bigint;
    a = (a + b) & mask;
    b = (((b << r) | (b >> (32n - r))) & mask) ^ a;
    if (round % 4 !== 3) continue;
    const turn = (round + 1) / 4;
    a = (a + (keys[turn % 3] as bigint)) & mask;
    b = (b + (keys[(turn + 1) % 3] as bigint) + BigInt(turn)) & mask;
  }
  return [Number(a), Number(b)];
}

const word = ({ seed, stream, step }: Sizes, i: number): number => {
  const counter = 4 * Math.floor(i / 8) + (i % 4);
  return threefry([counter, step as number], [seed as number, stream as number])[i % 8 >= 4 ? 1 : 0];
};
const drawn = (f: (word: number, c: Sizes) => Expected, units?: number): Oracle => ({
  of: (s, c) => ({ out: table(size(s, 'n'), (i) => f(word(c, i), c)) }),
  ...(units && { units: () => units }),
});
const unit = (bits: number): number => (bits >>> 8) / 2 ** 24;

export const randomNumbers = {
  randomBits: drawn((bits) => plain(bits | 0)),
  randomUniform: drawn(
    (bits, c) => [
      (c.low as number) + ((c.high as number) - (c.low as number)) * unit(bits),
      abs(c.low as number) + abs(c.high as number),
    ],
    4,
  ),
  randomNormal: drawn((bits, c) => {
    const z = sqrt(2) * inverseErf((2 * ((bits | 0) >> 8) + 1) / 2 ** 24);
    return [(c.mean as number) + (c.std as number) * z, abs(c.mean as number) + abs((c.std as number) * z) + 2 ** -10];
  }, 64),
  randomIntegers: drawn((bits, c) => plain(Number((BigInt(bits) * BigInt(c.bound as number)) >> 32n))),
  dropoutMask: drawn((bits, c) => plain(unit(bits) < fround(c.p as number) ? 0 : fround(c.value as number))),
} satisfies Partial<Record<keyof Kernels, Oracle>>;
