// The best trials, a panel each: the book's figure.
import { accuracyAxis, accuracyCurve, epochAxis } from '../../curves/accuracy.ts';
import type { Figure } from '../../figure/figure.ts';
import { short } from '../../record/finals.ts';
import type { ArmRecord, RunRecord } from '../../record/record.ts';
import { ranked } from '../trial.ts';
import { SHOWN, type Tried } from './tried.ts';

export function bestTrials(record: RunRecord, trials: readonly Tried[]): Figure {
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
    title: { en: 'The best trials', ko: '가장 좋은 시행', ja: '成績の良い試行' },
    caption: {
      en: 'Training and validation accuracy of the trials that came to the highest validation accuracy, the best first.',
      ko: '검증 정확도가 가장 높았던 시행들의 훈련 정확도와 검증 정확도. 좋은 순서대로 늘어놓았다.',
      ja: '検証正解率が最も高かった試行の訓練正解率と検証正解率。良い順に並べた。',
    },
    columns: 5,
    panels: shown.map((curves, index) => {
      const rank = index + 1;
      const value = short((best[index] as Tried).value, 3);
      return {
        kind: 'line',
        title: { en: `Best ${rank}: ${value}`, ko: `${rank}위: ${value}`, ja: `${rank} 位: ${value}` },
        x: { ...epochAxis, domain: [0, last] },
        y: accuracyAxis,
        curves,
      };
    }),
  };
}
