// A record as it was after a number of steps. Between two steps the last values are interpolated.
import type { ArmRecord, RunRecord } from '@descent/experiments';

type Series = ArmRecord['series'][string];

export function truncateRecord(record: RunRecord, step: number): RunRecord {
  const arms = record.arms.map((arm) => {
    const series = Object.entries(arm.series).map(([name, all]) => {
      const end = all.step.findIndex((at) => at > step);
      const length = end < 0 ? all.step.length : end;
      const [steps, values] = [all.step.slice(0, length), all.value.slice(0, length)];
      if (!Number.isInteger(step) && length > 0 && end > 0) {
        steps.push(step);
        values.push(interpolate(all, length, step));
      }
      return [name, { step: steps, value: values }] as const;
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

/** Returns the value at a step before the one at an index. */
function interpolate({ step: steps, value }: Series, index: number, step: number): number {
  const [before, after] = [steps[index - 1] as number, steps[index] as number];
  const [from, to] = [value[index - 1] as number, value[index] as number];
  return from + ((to - from) * (step - before)) / (after - before);
}
