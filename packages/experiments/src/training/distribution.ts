// Distributions of values, by comparisons and the four operations in float64: the same everywhere.
import type { Histogram } from '../record/record.ts';

/** Counts of values in equal bins, as numpy.histogram has them: the last bin has its upper edge, NaN is in none. */
export function histogramOf(
  values: ArrayLike<number>,
  bins: number,
  [low, high]: readonly [number, number],
): Histogram {
  const counts = new Array<number>(bins).fill(0);
  const binsPerUnit = bins / (high - low);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!(value >= low && value <= high)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - low) * binsPerUnit));
    (counts[bin] as number)++;
  }
  return { low, high, counts };
}

/** Mean and standard deviation (of the values themselves: ÷ n), as float32. NaN of none. */
export function momentsOf(values: ArrayLike<number>): { mean: number; std: number } {
  const { length } = values;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += values[i] as number;
  const mean = sum / length;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const deviation = (values[i] as number) - mean;
    squares += deviation * deviation;
  }
  return { mean: Math.fround(mean), std: Math.fround(Math.sqrt(squares / length)) };
}

/** The share of values for which something is so, as a float32. */
export function shareOf(values: ArrayLike<number>, isSo: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (isSo(values[i] as number)) count++;
  return Math.fround(count / values.length);
}
