// Statistics of values, computed in float64 by comparisons and the four arithmetic operations: the same in every
// engine.
import type { Histogram } from '../record/record.ts';

/**
 * Counts values in equal bins, as `numpy.histogram` does: the last bin includes its upper edge, and NaN is not counted.
 */
export function histogram(
  values: ArrayLike<number>,
  bins: number,
  [low, high]: readonly [low: number, high: number],
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

/** Computes the mean and the population standard deviation (divided by n) as float32; NaN for an empty list. */
export function meanAndStd(values: ArrayLike<number>): { mean: number; std: number } {
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

/** Computes the fraction of values that satisfy a condition, as float32. */
export function fractionWhere(values: ArrayLike<number>, condition: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (condition(values[i] as number)) count++;
  return Math.fround(count / values.length);
}
