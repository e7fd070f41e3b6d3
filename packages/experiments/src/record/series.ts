// What claims and figures read from records.
import type { RunRecord } from './record.ts';

/** The values of an arm's series; none, where the arm or the series is missing. */
export function valuesOf(record: RunRecord, arm: string, series: string): readonly number[] {
  return record.arms.find(({ name }) => name === arm)?.series[series]?.value ?? [];
}

/** The mean, summed in order; NaN of none. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The mean of the last so many values, or of all where there are fewer; NaN of none. */
export function lastMean(values: readonly number[], count: number): number {
  return mean(values.slice(-count));
}
