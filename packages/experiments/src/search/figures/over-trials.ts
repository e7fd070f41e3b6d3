// How a search went on: the best value so far, trial by trial, and each trial on its way.

import { accuracyCurve, epochAxis } from '../../figure/curves.ts';
import type { Figure } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import type { ArmRecord, RunRecord } from '../../record/record.ts';
import type { Study } from '../study.ts';
import { type CompletedTrial, curvesOf, trialAxis, valueAxis } from './completed-trials.ts';

/** Every trial's value, and the best of it and those before. */
export function history(study: Study, trials: readonly CompletedTrial[]): Figure {
  let best = Number.NEGATIVE_INFINITY;
  const x = trials.map(({ index }) => index + 1);
  const soFar = trials.map(({ value }) => {
    best = Math.max(best, value);
    return best;
  });
  return {
    id: 'history',
    title: message('search.over-trials.history.title'),
    caption: message('search.over-trials.history.caption'),
    columns: 1,
    panels: [
      {
        kind: 'line',
        x: { ...trialAxis, domain: [1, Math.max(2, x.at(-1) ?? 0)] },
        y: valueAxis(study),
        curves: [
          { name: 'trials', x, y: trials.map(({ value }) => value), role: 'points' },
          { name: 'best so far', x, y: soFar, role: 'smooth' },
        ],
      },
    ],
  };
}

/** The measure of every trial on its way, which is what pruners go by. */
export function intermediate(study: Study, record: RunRecord, trials: readonly CompletedTrial[]): Figure {
  const arms = new Map(record.arms.map((arm) => [arm.name, arm]));
  const curveOf = ({ name }: CompletedTrial) =>
    accuracyCurve(record, arms.get(name) as ArmRecord, 'validationAccuracy', name);
  return {
    id: 'intermediate',
    title: message('search.over-trials.intermediate.title'),
    caption: message('search.over-trials.intermediate.caption'),
    columns: 1,
    panels: [
      {
        kind: 'line',
        x: epochAxis,
        y: valueAxis(study),
        curves: curvesOf(trials, curveOf),
      },
    ],
  };
}
