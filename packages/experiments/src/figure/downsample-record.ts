// Downsampled records: a few kilobytes, from which the figures of a run look like those of its full record.
import { mapValues } from '../record/map-values.ts';
import type { ArmRecord, Histogram, RunRecord, Series } from '../record/record.ts';
import { SMOOTHED, smooth } from './curves.ts';
import { envelope } from './downsample.ts';
import type { Figure } from './figure.ts';

/** The series that figures draw raw and smoothed. */
const LOSS = 'trainLoss';

/**
 * Keeps only what the figures draw, with at most `points` points per series and few digits per number. A training loss keeps its
 * extremes; its smoothed values, computed from all points, become a series of their own.
 */
export function downsampleRecord(
  full: RunRecord,
  figures: (record: RunRecord) => readonly Figure[],
  points: number,
): RunRecord {
  const record = { ...full, arms: full.arms.map(addSmoothed) };
  const drawn = JSON.stringify(figures(record));
  const isDrawn = (arm: ArmRecord, without: Partial<ArmRecord>) => {
    const arms = record.arms.map((each) => (each === arm ? { ...each, ...without } : each));
    return JSON.stringify(figures({ ...record, arms })) !== drawn;
  };
  const arms = record.arms.map((arm): ArmRecord => {
    const series = pick(arm.series, (rest) => isDrawn(arm, { series: rest }));
    const final = pick(arm.final, (rest) => isDrawn(arm, { final: rest }));
    return {
      ...arm,
      series: mapValues(series, (each, name) =>
        roundSeries(name === LOSS ? outline(each, points) : sample(each, points)),
      ),
      ...(arm.histograms && { histograms: mapValues(arm.histograms, roundHistogram) }),
      final: mapValues(final, (value) => round(value, 6)),
    };
  });
  return { ...record, arms };
}

function addSmoothed(arm: ArmRecord): ArmRecord {
  const loss = arm.series[LOSS];
  if (!loss) return arm;
  return { ...arm, series: { ...arm.series, [LOSS + SMOOTHED]: { step: loss.step, value: smooth(loss.value) } } };
}

/** Returns the entries that are needed: `isNeeded` gets the others. Smoothed values could be computed from the raw ones, so both are left out. */
function pick<T>(all: Record<string, T>, isNeeded: (rest: Record<string, T>) => boolean): Record<string, T> {
  const entries = Object.entries(all);
  const without = (name: string) =>
    Object.fromEntries(entries.filter(([other]) => other !== name && other + SMOOTHED !== name));
  return Object.fromEntries(entries.filter(([name]) => isNeeded(without(name))));
}

/** Keeps the lowest and the highest of neighboring points. */
function outline({ step, value }: Series, points: number): Series {
  const { x, y } = envelope({ x: step, y: value }, Math.floor(points / 2));
  return sample({ step: [...x], value: [...y] }, points);
}

/** Keeps every n-th point, the first and the last among them. */
function sample({ step, value }: Series, points: number): Series {
  const last = step.length - 1;
  if (last < points) return { step, value };
  const kept = Array.from({ length: points }, (_, i) => Math.round((i * last) / (points - 1)));
  return { step: kept.map((i) => step[i] as number), value: kept.map((i) => value[i] as number) };
}

/** Figures print single numbers, such as the learning rate of a trial, so these keep more digits than curves. */
const roundSeries = ({ step, value }: Series): Series => ({
  step,
  value: value.map((each) => round(each, step.length > 1 ? 3 : 6)),
});
const roundHistogram = ({ low, high, counts }: Histogram): Histogram => ({
  low,
  high,
  counts: counts.map((count) => round(count, 3)),
});
const round = (value: number, digits: number) => Number(value.toPrecision(digits));
