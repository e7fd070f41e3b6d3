// The table of final values: one row per arm, one column per measure; for several seeds the mean and the range.
import { message } from '../i18n/index.ts';
import type { Lang } from '../text.ts';
import type { ArmRecord, RunRecord } from './record.ts';
import { mean } from './series.ts';

/** A measure of an arm over all seeds that have it. */
export interface Summary {
  /** One value per seed. */
  readonly values: readonly number[];
  /** The mean; NaN if a value is NaN. */
  readonly mean: number;
  /** The minimum. */
  readonly low: number;
  /** The maximum. */
  readonly high: number;
}

/** The final values of all arms. */
export interface FinalTable {
  /** Names of the measures, as in `final`. */
  measures: string[];
  /** One row per arm. */
  rows: FinalRow[];
}

/** The final values of one arm. */
export interface FinalRow {
  /** Name of the arm. */
  readonly arm: string;
  /** One cell per measure; undefined if the arm does not have it. */
  readonly cells: readonly (Summary | undefined)[];
  /** Records of the arm, one per seed. */
  readonly runs: readonly ArmRecord[];
}

/** Returns the final values of the arms of one or more runs, in the order of the first record. */
export function finalTable(records: readonly RunRecord[]): FinalTable {
  const measures = [...new Set(records.flatMap(({ arms }) => arms.flatMap(({ final }) => Object.keys(final))))];
  const rows = (records[0]?.arms ?? []).map(({ name }) => {
    const runs = records.flatMap(({ arms }) => arms.filter((arm) => arm.name === name));
    return {
      arm: name,
      runs,
      cells: measures.map((measure) => summarize(runs.flatMap(({ final }) => final[measure] ?? []))),
    };
  });
  return { measures, rows };
}

function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  return { values, mean: mean(values), low: Math.min(...values), high: Math.max(...values) };
}

/** Formats a cell: `0.512`, or for several seeds `0.512 (0.507–0.52)`; a dash if it is undefined. */
export function formatSummary(summary: Summary | undefined, isOne: boolean): string {
  if (!summary) return '—';
  if (isOne) return formatNumber(summary.mean);
  const { mean: middle, low, high } = summary;
  return [middle, low, high].every(Number.isFinite)
    ? `${formatNumber(middle, 3)} (${formatNumber(low, 3)}–${formatNumber(high, 3)})`
    : '—';
}

/** Formats a number with at most four significant digits by default; a missing one is a dash. */
export function formatNumber(value: number | undefined, digits = 4): string {
  if (value === undefined) return '—';
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value);
}

/** Describes how an arm ended if it did not finish: `diverged at step 12 (Linear, 0.weight.grad)`. */
export function statusText(runs: readonly ArmRecord[], lang: Lang): string {
  const diverged = runs.find(({ status }) => status === 'diverged');
  if (diverged) return formatDivergence(diverged.divergence, lang);
  if (runs.some(({ status }) => status === 'interrupted')) return message('record.status.interrupted')[lang];
  const pruned = runs.find((run) => run.pruned)?.pruned;
  if (!pruned) return '';
  return message('record.status.stopped-early', { step: pruned.step })[lang];
}

function formatDivergence(divergence: ArmRecord['divergence'], lang: Lang): string {
  if (!divergence) return message('record.status.diverged')[lang];
  const { step, layer, tensor } = divergence;
  const at = message('record.status.diverged-at', { step })[lang];
  const where = [layer, tensor].filter(Boolean).join(', ');
  return where === '' ? at : `${at} (${where})`;
}
