// The figure of most comparisons: the training loss of every arm, raw and smoothed.
import { message } from '../i18n/index.ts';
import type { RunRecord } from '../record/record.ts';
import { mean } from '../record/series.ts';
import type { Text } from '../text.ts';
import type { Axis, Figure } from './figure.ts';
import { smooth } from './smooth.ts';

export const stepAxis: Axis = { label: message('figure.loss-curve.step-axis.label') };

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
    caption: message('figure.loss-curve.training-loss.caption'),
    columns: 1,
    panels: [
      {
        kind: 'line',
        x: stepAxis,
        y: {
          label: message('figure.loss-curve.loss-axis.label'),
          ...(top !== undefined && { domain: [0, top] as const }),
        },
        curves,
      },
    ],
  };
}
