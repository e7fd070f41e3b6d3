// Marks of claims that compare training losses.
import { type Mark, seriesMark } from '../../figure/marks.ts';
import type { RunRecord } from '../../record/record.ts';
import { valuesOf } from '../../record/series.ts';

/** Marks the training loss of some arms over the whole run, and over its last twentieth. */
export function lossMarks(record: RunRecord, arms: readonly string[]): Mark[] {
  const curves = Object.fromEntries(arms.map((name) => [name, [name, 'trainLoss'] as const]));
  const last = Math.ceil(valuesOf(record, arms[0] ?? '', 'trainLoss').length / 20);
  return [
    seriesMark(record, { figure: 'training-loss', curves }),
    seriesMark(record, { figure: 'training-loss', curves, last }),
  ];
}
