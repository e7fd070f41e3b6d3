// Where the arms came to: one row an arm, one column a measure, over several seeds the mean and the span.

import { message } from '../i18n/index.ts';
import type { Lang } from '../text.ts';
import type { ArmRecord, RunRecord } from './record.ts';
import { mean } from './series.ts';

/** A measure of an arm over the seeds at which it has one. */
export interface Summary {
  /** One a seed. */
  readonly values: readonly number[];
  /** NaN where a value is. */
  readonly mean: number;
  /** The least of the values. */
  readonly low: number;
  /** The greatest of the values. */
  readonly high: number;
}

/** Where all arms came to: a table. */
export interface FinalTable {
  /** Names of the columns, as in `final`. */
  measures: string[];
  /** One an arm. */
  rows: FinalRow[];
}

/** Where one arm came to. */
export interface FinalRow {
  /** Its name. */
  readonly arm: string;
  /** In the order of the measures; undefined where the arm has none. */
  readonly cells: readonly (Summary | undefined)[];
  /** The arm at every seed. */
  readonly runs: readonly ArmRecord[];
}

/** Where the arms of runs at one or more seeds came to: the names of the measures, and a row an arm, in the order of the first record. */
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

/** `0.512`, or over several seeds `0.512 (0.507–0.52)`; a dash where there is none. */
export function formatSummary(summary: Summary | undefined, isOne: boolean): string {
  if (!summary) return '—';
  if (isOne) return formatNumber(summary.mean);
  const { mean: middle, low, high } = summary;
  return [middle, low, high].every(Number.isFinite)
    ? `${formatNumber(middle, 3)} (${formatNumber(low, 3)}–${formatNumber(high, 3)})`
    : '—';
}

/** Four digits are enough to read. */
export function formatNumber(value: number, digits = 4): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value);
}

/** How an arm ended at one seed or several, where it did not finish: `diverged at step 12 (Linear, 0.weight.grad)`. */
export function statusText(runs: readonly ArmRecord[], lang: Lang): string {
  const diverged = runs.find(({ status }) => status === 'diverged');
  if (diverged) return divergedAt(diverged.divergence, lang);
  if (runs.some(({ status }) => status === 'interrupted')) return message('record.status.interrupted')[lang];
  const pruned = runs.find((run) => run.pruned)?.pruned;
  if (!pruned) return '';
  const { step } = pruned;
  return message('record.status.stopped-early', { step })[lang];
}

/** As exactly as the record knows. */
function divergedAt(divergence: ArmRecord['divergence'], lang: Lang): string {
  if (!divergence) return message('record.status.diverged')[lang];
  const { step, layer, tensor } = divergence;
  const at = message('record.status.diverged-at', { step })[lang];
  const where = [layer, tensor].filter(Boolean).join(', ');
  return where === '' ? at : `${at} (${where})`;
}
