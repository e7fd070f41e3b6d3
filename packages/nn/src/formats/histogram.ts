// Histograms of weights and gradients.
import { checkArguments, floatsLike } from '../core/check.ts';

const BINS = 30;

/** Finite values counted in equal bins between the least and the greatest. */
export interface Histogram {
  /** The least value; 0 if no value is finite. */
  readonly least: number;
  /** The greatest value; 0 if no value is finite. */
  readonly greatest: number;
  /** The sum of the values in float64, in their order. */
  readonly sum: number;
  /** The sum of their squares. */
  readonly squares: number;
  /** The number of values per bin. A value on an edge belongs to the bin above it, the greatest value to the last bin. */
  readonly counts: readonly number[];
}

/** Counts values in 30 bins. Bins have width 1 if all values are equal or none is finite. */
export function toHistogram(values: Float32Array): Histogram {
  checkArguments('toHistogram', arguments, { values: floatsLike });
  const moments = computeMoments(values);
  const { least } = moments;
  const counts = new Uint32Array(BINS);
  const width = binWidth({ ...moments, counts });
  // Loops run over indices, because an iterator over 100,000 weights takes several times as long.
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // NaN and infinities.
    if (value - value !== 0) continue;
    const bin = ((value - least) / width) | 0;
    counts[bin < BINS ? bin : BINS - 1]++;
  }
  return { ...moments, counts: Array.from(counts) };
}

function computeMoments(values: Float32Array): Omit<Histogram, 'counts'> {
  let [least, greatest, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value - value !== 0) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    sum += value;
    squares += value * value;
  }
  return least > greatest ? { least: 0, greatest: 0, sum, squares } : { least, greatest, sum, squares };
}

/** Returns the width of a bin. */
export function binWidth(histogram: {
  readonly least: number;
  readonly greatest: number;
  readonly counts: ArrayLike<number>;
}): number {
  return (histogram.greatest - histogram.least) / histogram.counts.length || 1;
}
