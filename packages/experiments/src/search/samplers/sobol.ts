// A sequence that fills the space more evenly than chance: Sobol's, with the direction numbers of Joe and Kuo (2008,
// new-joe-kuo-6.21201), and a digital shift of each dimension by the seed.

import { axisOf, placeAt, pointOf } from '../space.ts';
import type { Rng, Sampler, Search } from './sampler.ts';

/** Of the second dimension and the following: the polynomial's inner coefficients as bits, then m₁, m₂, … */
const JOE_KUO: readonly (readonly number[])[] = [
  [0, 1],
  [1, 1, 3],
  [1, 1, 3, 1],
  [2, 1, 1, 1],
  [1, 1, 1, 3, 3],
  [4, 1, 3, 5, 13],
  [2, 1, 1, 5, 5, 17],
  [4, 1, 1, 5, 5, 5],
  [7, 1, 1, 7, 11, 19],
];

/** Dimensions that there are numbers for. */
const MOST = JOE_KUO.length + 1;
/** Bits of a coordinate: what float32 numbers in [0, 1) have. */
const BITS = 24;
const SPAN = 2 ** 24;

/** @throws RangeError where the space has more dimensions than there are numbers for */
export function sobol({ space, trials: count }: Search, dice: Rng): Sampler {
  if (space.length > MOST)
    throw new RangeError(`[sobol] expected at most ${MOST} dimensions but got ${space.length}; search at random`);
  const directions = space.map((_, dimension) => directionsOf(dimension));
  const suggest = (index: number) =>
    pointOf(space, (dimension, place) => {
      const axis = axisOf(dimension);
      // The shift is the same for all trials: it has a stream of its own, at no trial's address.
      const shift = dice(0, place, 0) * SPAN;
      return axis.coordinate(placeAt(axis, (sobolBits(directions[place] as number[], index) ^ shift) / SPAN));
    });
  return { count, learns: false, suggest };
}

/** The first BITS bits of a coordinate of the index-th point, in the order of Gray codes. */
export function sobolBits(directions: readonly number[], index: number): number {
  const gray = index ^ (index >>> 1);
  return directions.reduce((bits, direction, i) => (gray & (1 << i) ? bits ^ direction : bits), 0);
}

/** v₁, v₂, …: the first dimension's are the powers of a half, van der Corput's sequence. */
export function directionsOf(dimension: number): number[] {
  const [a, ...m] = JOE_KUO[dimension - 1] ?? [];
  const v = Array.from({ length: BITS }, (_, i) => (a === undefined ? 1 : (m[i] ?? 0)) * (1 << (BITS - 1 - i)));
  const s = m.length;
  if (a === undefined) return v;
  for (let i = s; i < BITS; i++) {
    let next = (v[i - s] as number) ^ ((v[i - s] as number) >>> s);
    for (let k = 1; k < s; k++) if (a & (1 << (s - 1 - k))) next ^= v[i - k] as number;
    v[i] = next;
  }
  return v;
}
