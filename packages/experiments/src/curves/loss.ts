// The figure of most comparisons: the training loss of every arm, raw and smoothed.
import type { Axis, Figure } from '../figure/figure.ts';
import { smooth } from '../figure/smooth.ts';
import type { RunRecord } from '../record/record.ts';
import { mean } from '../record/series.ts';
import type { Text } from '../text.ts';

export const stepAxis: Axis = { label: { en: 'Step', ko: '스텝', ja: 'ステップ' } };

/** Where the axis of the loss may end: at the first of `tops` that no arm spends most of the run above. */
export function trainingLossFigure(record: RunRecord, title: Text, tops: readonly number[]): Figure {
  const curves = record.arms.flatMap(({ name, series: { trainLoss } }) => {
    if (!trainLoss) return [];
    const { step: x, value: y } = trainLoss;
    return [
      { name, x, y, role: 'raw' as const },
      { name, x, y: smooth(y), role: 'smooth' as const },
    ];
  });
  const top = tops.find((limit) => curves.every(({ y }) => mean(y) < limit));
  return {
    id: 'training-loss',
    title,
    caption: {
      en: 'Loss of each mini-batch (faint) and its moving average over 11 steps. All arms see the same batches.',
      ko: '각 미니배치의 손실(옅은 선)과 11스텝 이동 평균. 모두 같은 미니배치로 학습한다.',
      ja: '各ミニバッチの損失（薄い線）と 11 ステップの移動平均。すべて同じミニバッチで学習する。',
    },
    columns: 1,
    panels: [
      {
        kind: 'line',
        x: stepAxis,
        y: {
          label: { en: 'Training loss (nats)', ko: '훈련 손실 (nat)', ja: '訓練損失 (nat)' },
          ...(top !== undefined && { domain: [0, top] as const }),
        },
        curves,
      },
    ],
  };
}
