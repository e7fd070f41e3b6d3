// Threefry-2x32-20 in plain TypeScript.
import type { Kernels } from '../ops.ts';
import type { Pointer, Views } from '../runtime/memory.ts';
import { normalDeviate } from './functions.ts';

const { fround } = Math;

const PARITY = 0x1bd11bda;
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;
/** The unit of the upper 24 bits of a word as a fraction. */
const UNIT = 2 ** -24;

export function random(views: Views) {
  const randomBits = (n: number, seed: number, stream: number, step: number, out: Pointer) => {
    const { u32 } = views;
    const keys = keySchedule(seed, stream);
    for (let i = 0, at = out >>> 2; i < n; i += (i & 3) === 3 ? 5 : 1) {
      threefry(u32, at + i, i + 4 < n, 4 * (i >> 3) + (i & 3), step, keys);
    }
  };
  return {
    randomBits,
    randomUniform(n, seed, stream, step, low, high, out) {
      randomBits(n, seed, stream, step, out);
      const { f32, u32 } = views;
      const base = fround(low);
      const range = fround(fround(high) - base);
      for (let i = 0, q = out >>> 2; i < n; i++)
        f32[q + i] = fround(base + fround(range * ((u32[q + i] >>> 8) * UNIT)));
    },
    randomNormal(n, seed, stream, step, mean, std, out) {
      randomBits(n, seed, stream, step, out);
      const { f32, i32 } = views;
      const [m, s] = [fround(mean), fround(std)];
      for (let i = 0, q = out >>> 2; i < n; i++) {
        const odd = ((i32[q + i] >> 8) << 1) | 1;
        f32[q + i] = fround(m + fround(s * normalDeviate(odd * UNIT)));
      }
    },
    randomIntegers(n, seed, stream, step, bound, out) {
      randomBits(n, seed, stream, step, out);
      const { i32, u32 } = views;
      for (let i = 0, q = out >>> 2; i < n; i++) i32[q + i] = Math.floor((u32[q + i] * bound) / 2 ** 32);
    },
    dropoutMask(n, seed, stream, step, p, value, out) {
      randomBits(n, seed, stream, step, out);
      const { f32, u32 } = views;
      const threshold = fround(p) * 2 ** 24;
      for (let i = 0, q = out >>> 2; i < n; i++) f32[q + i] = u32[q + i] >>> 8 < threshold ? 0 : value;
    },
  } satisfies Partial<Kernels>;
}

type Keys = readonly number[];

/** Encrypts the counter (first, step). Stores word 0 in u32[at] and, if `both`, word 1 in u32[at + 4]. */
export function threefry(u32: Uint32Array, at: number, both: boolean, first: number, step: number, keys: Keys): void {
  let a = (first + keys[0]) | 0;
  let b = (step + keys[1]) | 0;
  for (let group = 0; group < 5; group++) {
    for (const by of ROTATIONS[group & 1]) {
      a = (a + b) | 0;
      b = ((b << by) | (b >>> (32 - by))) ^ a;
    }
    a = (a + keys[(group + 1) % 3]) | 0;
    b = (b + keys[(group + 2) % 3] + group + 1) | 0;
  }
  u32[at] = a;
  if (both) u32[at + 4] = b;
}

/** The words of the last call of `uniformAt`. */
const lastWords = new Uint32Array(5);

/** Returns the number in [0, 1) that `randomUniform` stores at an index of (seed, stream, step). */
export function uniformAt(seed: number, stream: number, step: number, index: number): number {
  threefry(lastWords, 0, true, 4 * (index >> 3) + (index & 3), step, keySchedule(seed, stream));
  return ((lastWords[index & 4] as number) >>> 8) * UNIT;
}

/** Returns the key schedule of (seed, stream). */
export function keySchedule(seed: number, stream: number): Keys {
  return [seed | 0, stream | 0, (seed ^ stream ^ PARITY) | 0];
}
