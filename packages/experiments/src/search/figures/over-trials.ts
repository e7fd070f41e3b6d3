// How a search went on: the best value so far, trial by trial, and each trial on its way.
import { accuracyCurve, epochAxis } from '../../curves/accuracy.ts';
import type { Figure } from '../../figure/figure.ts';
import type { ArmRecord, RunRecord } from '../../record/record.ts';
import type { Study } from '../study.ts';
import { curvesOf, type Tried, trialAxis, valueAxis } from './tried.ts';

/** Every trial's value, and the best of it and those before. */
export function history(study: Study, trials: readonly Tried[]): Figure {
  let best = Number.NEGATIVE_INFINITY;
  const x = trials.map(({ index }) => index + 1);
  const soFar = trials.map(({ value }) => {
    best = Math.max(best, value);
    return best;
  });
  return {
    id: 'history',
    title: { en: 'History', ko: '탐색 과정', ja: '探索の経過' },
    caption: {
      en: 'The value of each trial in turn, and the best value so far.',
      ko: '시행 순서대로 각 시행의 값(점)과 그때까지의 최고 값(선).',
      ja: '試行の順に、各試行の値（点）とそれまでの最高値（線）。',
    },
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
export function intermediate(study: Study, record: RunRecord, trials: readonly Tried[]): Figure {
  const arms = new Map(record.arms.map((arm) => [arm.name, arm]));
  const curveOf = ({ name }: Tried) => accuracyCurve(record, arms.get(name) as ArmRecord, 'validationAccuracy', name);
  return {
    id: 'intermediate',
    title: { en: 'Trials on their way', ko: '시행의 중간 값', ja: '試行の途中の値' },
    caption: {
      en: 'The value of every trial epoch by epoch. Those that a pruner stopped end early.',
      ko: '에폭마다 잰 모든 시행의 값. 조기 중단된 시행은 일찍 끝난다.',
      ja: 'エポックごとに測ったすべての試行の値。打ち切られた試行は途中で終わる。',
    },
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
