// Numbers counted in bins: all that a histogram needs of a hundred thousand weights.

import { checkArguments, floatsLike } from '../core/check.ts';

const BINS = 30;

/** Finite numbers, counted in equal bins from the least to the greatest. */
export interface Histogram {
  /** 0 where there are none. */
  readonly least: number;
  /** 0 where there are none. */
  readonly greatest: number;
  /** In float64, from the first to the last. */
  readonly sum: number;
  /** Their squares, likewise. */
  readonly squares: number;
  /** A number a bin; a value on a border belongs to the bin above it, the greatest to the last. */
  readonly counts: readonly number[];
}

/** Counts values in 30 bins, which are one wide where all values are equal, or none is finite. */
export function toHistogram(values: Float32Array): Histogram {
  checkArguments('spreadOf', arguments, { values: floatsLike });
  const moments = momentsOf(values);
  const { least } = moments;
  const counts = new Uint32Array(BINS);
  const width = binWidth({ ...moments, counts });
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // False of what is not finite.
    if (value - value !== 0) continue;
    const bin = ((value - least) / width) | 0;
    counts[bin < BINS ? bin : BINS - 1]++;
  }
  return { ...moments, counts: Array.from(counts) };
}

/** By index: an iterator over 100,000 weights takes several times as long. */
function momentsOf(values: Float32Array): Omit<Histogram, 'counts'> {
  let [least, greatest, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // False of what is not finite.
    if (value - value !== 0) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    sum += value;
    squares += value * value;
  }
  return least > greatest ? { least: 0, greatest: 0, sum, squares } : { least, greatest, sum, squares };
}

/** Of each bin. */
export function binWidth({
  least,
  greatest,
  counts,
}: Pick<Histogram, 'least' | 'greatest'> & { readonly counts: ArrayLike<number> }): number {
  return (greatest - least) / counts.length || 1;
}
