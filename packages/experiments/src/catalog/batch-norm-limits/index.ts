// Batch norm with ever smaller mini-batches, compared with layer norm. Part 3 of the study note's advanced topics.
import { defineExperiment } from '../../experiment.ts';
import { smoothedCurve, stepAxis, testAccuracyAxis } from '../../figure/curves.ts';
import type { Figure, LinePanel } from '../../figure/figure.ts';
import type { Mark } from '../../figure/marks.ts';
import { claimTexts, message, optionTexts } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { ints, withDefault, withMain } from '../../options/options.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import type { RunRecord } from '../../record/record.ts';
import { findArm } from '../../record/series.ts';
import type { Text } from '../../text.ts';
import { frac, math, sqrt } from '../shared/lesson.ts';
import { finalAccuracy, normChoices, norms } from '../shared/norms.ts';
import { layerNorm } from '../shared/theory.ts';

const title = message('batch-norm-limits.title');
const { norm: _, ...network } = networkOptions;
const { batchSize: __, ...data } = dataOptions;

export const batchNormLimits = defineExperiment({
  name: 'batch_norm_limits',
  title,
  question: message('batch-norm-limits.question'),
  lesson: {
    watch: message('batch-norm-limits.lesson.watch'),
    theory: [
      {
        text: message('batch-norm-limits.lesson.one-image'),
        formula: math('y = γ', frac('x − x', sqrt('0 + ε')), '+ β = β'),
      },
      { text: message('batch-norm-limits.lesson.running-statistics') },
      layerNorm,
    ],
  },
  data: 'mnist',
  options: withMain(
    {
      ...network,
      batchSizes: ints({
        default: [128, 32, 8, 4, 2, 1],
        min: 1,
        max: 4_096,
        minLength: 1,
        maxLength: 16,
        ...optionTexts('batch-norm-limits.batch-sizes'),
      }),
      ...stepOptions,
      steps: withDefault(stepOptions.steps, 1_000),
      ...data,
      ...optimizerOptions,
    },
    ['batchSizes', 'steps', 'optimizer', 'lr', 'hiddenSizes'],
  ),
  arms(options, seed) {
    return [...new Set(options.batchSizes)].flatMap((batchSize) =>
      Object.entries(norms).map(([name, norm]) => {
        const task = steppedTask({ ...options, batchSize, norm }, optimizerSpec(options));
        return { name: armName(name, batchSize), seed, task: { ...task, measures: ['test', 'batch'] as const } };
      }),
    );
  },
  figures: (record) => [accuracyFigure(record), lossFigure(record)],
  predict: {
    question: message('batch-norm-limits.predict.question'),
    choices: normChoices,
    measure: message('predict.test-accuracy'),
    best: 'highest',
    values: (record) => Object.fromEntries(Object.keys(norms).map((name) => [name, accuraciesAtEnds(record, name)[1]])),
  },
  claims: [
    {
      ...claimTexts('batch-norm-limits.batch-norm-fails-with-one-example'),
      appliesTo: ({ batchSizes }) => (batchSizes as readonly number[]).includes(1),
      test(record) {
        const inTraining = finalAccuracy(record, armName('batch norm', 1), 'batchAccuracy');
        const inEvaluation = finalAccuracy(record, armName('batch norm', 1));
        return {
          effects: {
            belowHalf: 0.5 - Math.max(inTraining, inEvaluation),
            behindLayerNorm: finalAccuracy(record, armName('layer norm', 1)) - inEvaluation,
          },
          evidence: { inTraining, inEvaluation },
          marks: sizeMarks(record, ['batch norm', 'layer norm'], [1]),
        };
      },
    },
    {
      ...claimTexts('batch-norm-limits.batch-norm-loses-its-lead'),
      test(record) {
        const [batchNormLargest, batchNormSmallest] = accuraciesAtEnds(record, 'batch norm');
        const [noneLargest, noneSmallest] = accuraciesAtEnds(record, 'none');
        return {
          effects: {
            aheadWithLargest: batchNormLargest - noneLargest,
            behindWithSmallest: noneSmallest - batchNormSmallest,
          },
          evidence: { batchNormLargest, noneLargest, batchNormSmallest, noneSmallest },
          marks: sizeMarks(record, ['batch norm', 'none'], endsOf(record)),
        };
      },
    },
    {
      ...claimTexts('batch-norm-limits.layer-norm-needs-no-batch'),
      test(record) {
        const [layerNormLargest, layerNormSmallest] = accuraciesAtEnds(record, 'layer norm');
        const [, batchNormSmallest] = accuraciesAtEnds(record, 'batch norm');
        return {
          effects: { aheadOfBatchNorm: layerNormSmallest - batchNormSmallest, aboveHalf: layerNormSmallest - 0.5 },
          evidence: { layerNormLargest, layerNormSmallest, batchNormSmallest },
          marks: sizeMarks(record, ['layer norm', 'batch norm'], endsOf(record).slice(1)),
        };
      },
    },
  ],
});

function armName(norm: string, batchSize: number): string {
  return `${norm}, batch ${batchSize}`;
}

function batchSizesIn(record: RunRecord): number[] {
  return [...new Set(record.options.batchSizes as readonly number[])];
}

/** Returns the test accuracy of a norm with the largest and with the smallest batch of the run. */
function accuraciesAtEnds(record: RunRecord, norm: string): [largest: number, smallest: number] {
  const [largest, smallest] = endsOf(record);
  return [finalAccuracy(record, armName(norm, largest)), finalAccuracy(record, armName(norm, smallest))];
}

function endsOf(record: RunRecord): [largest: number, smallest: number] {
  const sizes = batchSizesIn(record);
  return [Math.max(...sizes), Math.min(...sizes)];
}

/** Marks the accuracies of some norms with some batch sizes, in evaluation mode. */
function sizeMarks(record: RunRecord, marked: readonly string[], sizes: readonly number[]): Mark[] {
  return sizes.map((size) => {
    const at = batchSizesIn(record).indexOf(size);
    const levels = marked.map((norm) => [norm, finalAccuracy(record, armName(norm, size))]);
    const panel = message('norm-statistics.running').en;
    return { figure: 'accuracy', panel, x: [at - 0.25, at + 0.25], levels: Object.fromEntries(levels) };
  });
}

/** Draws the final accuracy over the batch size, with running statistics and with those of the batch. */
function accuracyFigure(record: RunRecord): Figure {
  const sizes = batchSizesIn(record);
  const panel = (measure: string, heading: Text): LinePanel => ({
    kind: 'line',
    title: heading,
    x: {
      label: message('batch-norm-limits.batch-size-axis.label'),
      domain: [0, Math.max(1, sizes.length - 1)],
      names: sizes.map(String),
    },
    y: testAccuracyAxis,
    curves: Object.keys(norms).flatMap((name) => {
      const points = sizes
        .map((size, x) => ({ x, y: finalAccuracy(record, armName(name, size), measure) }))
        .filter(({ y }) => !Number.isNaN(y));
      return points.length === 0
        ? []
        : [{ name, x: points.map(({ x }) => x), y: points.map(({ y }) => y), role: 'smooth' as const }];
    }),
  });
  return {
    id: 'accuracy',
    title,
    caption: message('batch-norm-limits.accuracy.caption'),
    columns: 2,
    panels: [
      panel('testAccuracy', message('norm-statistics.running')),
      panel('batchAccuracy', message('norm-statistics.batch')),
    ],
  };
}

/** Draws the smoothed training loss, one panel per batch size. */
function lossFigure(record: RunRecord): Figure {
  return {
    id: 'training-loss',
    title: message('batch-norm-limits.training-loss.title'),
    caption: message('batch-norm-limits.training-loss.caption'),
    columns: 3,
    panels: batchSizesIn(record).map((size) => ({
      kind: 'line',
      title: message('batch-norm-limits.panel.title', { size }),
      x: stepAxis(record),
      y: { label: message('batch-norm-limits.loss-axis.label'), domain: [0, 3], canBeLog: true },
      curves: Object.keys(norms).flatMap((name) =>
        smoothedCurve(findArm(record, armName(name, size)), 'trainLoss', name),
      ),
    })),
  };
}
