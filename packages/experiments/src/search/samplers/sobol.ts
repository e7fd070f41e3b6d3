// Sobol's sequence, which fills the space more evenly than random points: with the direction numbers of Joe and Kuo (2008,
// new-joe-kuo-6.21201), and a digital shift of each dimension by the seed.
import { createPoint, interpolate, toAxis } from '../space.ts';
import type { Rng, Sampler, SearchSpec } from './sampler.ts';

/** From the second dimension on: the inner coefficients of the polynomial as bits, then m₁, m₂, … */
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

const MAX_DIMENSIONS = JOE_KUO.length + 1;
/** Bits of a coordinate, as many as float32 numbers in [0, 1) have. */
const BITS = 24;
const SPAN = 2 ** 24;

/** @throws RangeError if the space has too many dimensions */
export function sobolSampler({ space, trials: count }: SearchSpec, rng: Rng): Sampler {
  if (space.length > MAX_DIMENSIONS)
    throw new RangeError(
      `[sobol] the space must have at most ${MAX_DIMENSIONS} dimensions, got ${space.length}; use the sampler random`,
    );
  const directions = space.map((_, dimension) => directionNumbers(dimension));
  const sample = (trial: number) =>
    createPoint(space, (dimension, index) => {
      const axis = toAxis(dimension);
      // The shift is the same for all trials.
      const shift = rng(0, index, 0) * SPAN;
      return axis.toCoordinate(interpolate(axis, (sobolBits(directions[index] as number[], trial) ^ shift) / SPAN));
    });
  return { count, learns: false, sample };
}

/** Returns the first BITS bits of a coordinate of the index-th point, in the order of Gray codes. */
export function sobolBits(directions: readonly number[], index: number): number {
  const gray = index ^ (index >>> 1);
  return directions.reduce((bits, direction, i) => (gray & (1 << i) ? bits ^ direction : bits), 0);
}

/** Returns v₁, v₂, …; those of the first dimension are the powers of ½, as in van der Corput's sequence. */
export function directionNumbers(dimension: number): number[] {
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
