// A record as it was after a number of steps.
import type { ArmRecord, RunRecord } from '@descent/experiments';

export function truncateRecord(record: RunRecord, step: number): RunRecord {
  const arms = record.arms.map((arm) => {
    const series = Object.entries(arm.series).map(([name, all]) => {
      const end = all.step.findIndex((at) => at > step);
      const length = end < 0 ? all.step.length : end;
      return [name, { step: all.step.slice(0, length), value: all.value.slice(0, length) }] as const;
    });
    return { ...arm, series: Object.fromEntries(series) };
  });
  return { ...record, arms };
}

/** Returns the last step of any series. */
export function getLastStep({ arms }: RunRecord): number {
  return arms.reduce((greatest, arm) => Math.max(greatest, getLastArmStep(arm)), 0);
}

export function getLastArmStep({ series }: ArmRecord): number {
  return Math.max(0, ...Object.values(series).map(({ step }) => step.at(-1) ?? 0));
}
