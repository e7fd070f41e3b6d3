// Functions that read values of records, for claims and figures.
import type { ArmRecord, RunRecord } from './record.ts';

/** Returns the arm of a name, if the record has it. */
export function findArm({ arms }: RunRecord, name: string): ArmRecord | undefined {
  return arms.find((arm) => arm.name === name);
}

/** Returns the values of a series; none if the arm or the series is missing. */
export function valuesOf(record: RunRecord, arm: string, series: string): readonly number[] {
  return findArm(record, arm)?.series[series]?.value ?? [];
}

/** Returns the mean, summed in order; NaN for an empty list. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
