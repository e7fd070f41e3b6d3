// The best trials, a panel each: the book's figure.

import { accuracyAxis, accuracyCurve, epochAxis } from '../../figure/curves.ts';
import type { Figure } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { formatNumber } from '../../record/final-table.ts';
import type { ArmRecord, RunRecord } from '../../record/record.ts';
import { ranked } from '../trial.ts';
import { type CompletedTrial, SHOWN } from './completed-trials.ts';

export function bestTrials(record: RunRecord, trials: readonly CompletedTrial[]): Figure {
  const best = ranked(trials).slice(0, SHOWN);
  const shown = best.map(({ name }) => {
    const arm = record.arms.find((each) => each.name === name) as ArmRecord;
    return [
      ...accuracyCurve(record, arm, 'trainAccuracy', 'train'),
      ...accuracyCurve(record, arm, 'validationAccuracy', 'validation'),
    ];
  });
  // One axis for all: a trial that was stopped early ends where it was stopped.
  const last = Math.max(1, ...shown.flatMap((curves) => curves.map(({ x }) => x.at(-1) ?? 0)));
  return {
    id: 'best-trials',
    title: message('search.best-trials.best-trials.title'),
    caption: message('search.best-trials.best-trials.caption'),
    columns: 5,
    panels: shown.map((curves, index) => {
      const rank = index + 1;
      const value = formatNumber((best[index] as CompletedTrial).value, 3);
      return {
        kind: 'line',
        title: message('search.best-trials.panel.title', { rank, value }),
        x: { ...epochAxis, domain: [0, last] },
        y: accuracyAxis,
        curves,
      };
    }),
  };
}
