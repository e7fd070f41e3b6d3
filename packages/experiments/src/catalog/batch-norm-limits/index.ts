// What happens to batch norm as the batch shrinks? The note's advanced part, 3.

import { defineExperiment } from '../../experiment.ts';
import type { Figure, LinePanel } from '../../figure/figure.ts';
import { stepAxis } from '../../figure/loss-curve.ts';
import { smooth } from '../../figure/smooth.ts';
import { message } from '../../i18n/index.ts';
import { classCount, networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { ints } from '../../options/options.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import type { RunRecord } from '../../record/record.ts';
import type { Text } from '../../text.ts';
import type { Norm } from '../../training/arm.ts';
import { batchNormLimitsLesson } from '../shared/normalization-lessons.ts';

const title: Text = message('batch-norm-limits.title');

const { norm: _, ...network } = networkOptions;
const { batchSize: __, ...data } = dataOptions;

/** Curves by name. */
const norms: Readonly<Record<string, Norm>> = { none: 'none', 'batch norm': 'batch', 'layer norm': 'layer' };

export const batchNormLimits = defineExperiment({
  name: 'batch_norm_limits',
  title,
  question: message('batch-norm-limits.question'),
  lesson: batchNormLimitsLesson,
  data: 'mnist',
  options: {
    ...network,
    batchSizes: ints({
      default: [128, 32, 8, 4, 2, 1],
      min: 1,
      max: 4_096,
      minLength: 1,
      maxLength: 16,
      label: message('batch-norm-limits.batch-sizes.label'),
      help: message('batch-norm-limits.batch-sizes.help'),
    }),
    ...stepOptions,
    steps: { ...stepOptions.steps, default: 1_000 },
    ...data,
    ...optimizerOptions,
  },
  arms(options, seed) {
    return [...new Set(options.batchSizes)].flatMap((batchSize) =>
      Object.entries(norms).map(([name, norm]) => {
        const task = steppedTask({ ...options, batchSize, norm }, optimizerSpec(options));
        return { name: armName(name, batchSize), seed, task: { ...task, measures: ['test', 'batch'] as const } };
      }),
    );
  },
  figures: (record) => [accuracies(record), losses(record)],
  claims: [failsWithOne(), losesItsLead(), layerNormDoesNotMind()],
});

function armName(norm: string, batchSize: number): string {
  return `${norm}, batch ${batchSize}`;
}

function sizesOf(record: RunRecord): number[] {
  return [...new Set(record.options.batchSizes as readonly number[])];
}

/** A measure at the end of an arm's training; guessing, where it diverged. */
function finalOf(record: RunRecord, norm: string, batchSize: number, measure: string): number {
  const arm = record.arms.find(({ name }) => name === armName(norm, batchSize));
  return arm?.status === 'diverged' ? 1 / classCount(record.options) : (arm?.final[measure] ?? Number.NaN);
}

function accuracies(record: RunRecord): Figure {
  const sizes = sizesOf(record);
  const panel = (measure: string, heading: Text): LinePanel => ({
    kind: 'line',
    title: heading,
    x: {
      label: message('batch-norm-limits.batch-size-axis.label'),
      domain: [0, Math.max(1, sizes.length - 1)],
      names: sizes.map(String),
    },
    y: { label: message('figure.test-accuracy-axis.label'), domain: [0, 1] },
    curves: Object.keys(norms).flatMap((name) => {
      const points = sizes
        .map((size, x) => ({ x, y: finalOf(record, name, size, measure) }))
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

function losses(record: RunRecord): Figure {
  return {
    id: 'training-loss',
    title: message('batch-norm-limits.training-loss.title'),
    caption: message('batch-norm-limits.training-loss.caption'),
    columns: 3,
    panels: sizesOf(record).map((size) => ({
      kind: 'line',
      title: message('batch-norm-limits.panel.title', { size }),
      x: stepAxis,
      y: { label: message('batch-norm-limits.loss-axis.label'), domain: [0, 3] },
      curves: Object.keys(norms).flatMap((name) => {
        const found = record.arms.find((arm) => arm.name === armName(name, size))?.series.trainLoss;
        return found ? [{ name, x: found.step, y: smooth(found.value), role: 'smooth' as const }] : [];
      }),
    })),
  };
}

/** The accuracy of a norm at the largest and at the smallest batch of the run. */
function atEnds(record: RunRecord, norm: string): [largest: number, smallest: number] {
  const sizes = sizesOf(record);
  const at = (size: number) => finalOf(record, norm, size, 'testAccuracy');
  return [at(Math.max(...sizes)), at(Math.min(...sizes))];
}

function failsWithOne(): Claim {
  return {
    id: 'batch-norm-fails-with-one-example',
    text: message('batch-norm-limits.batch-norm-fails-with-one-example.text'),
    otherwise: message('batch-norm-limits.batch-norm-fails-with-one-example.otherwise'),
    concerns: ({ batchSizes }) => (batchSizes as readonly number[]).includes(1),
    test(record) {
      const at = (norm: string, measure: string) => finalOf(record, norm, 1, measure);
      const [inTraining, inEvaluation] = [at('batch norm', 'batchAccuracy'), at('batch norm', 'testAccuracy')];
      return {
        effects: {
          belowHalf: 0.5 - Math.max(inTraining, inEvaluation),
          behindLayerNorm: at('layer norm', 'testAccuracy') - inEvaluation,
        },
        evidence: { inTraining, inEvaluation },
      };
    },
  };
}

function losesItsLead(): Claim {
  return {
    id: 'batch-norm-loses-its-lead',
    text: message('batch-norm-limits.batch-norm-loses-its-lead.text'),
    otherwise: message('batch-norm-limits.batch-norm-loses-its-lead.otherwise'),
    test(record) {
      const [batch, none] = [atEnds(record, 'batch norm'), atEnds(record, 'none')];
      return {
        effects: { aheadWithLargest: batch[0] - none[0], behindWithSmallest: none[1] - batch[1] },
        evidence: {
          batchNormLargest: batch[0],
          noneLargest: none[0],
          batchNormSmallest: batch[1],
          noneSmallest: none[1],
        },
      };
    },
  };
}

function layerNormDoesNotMind(): Claim {
  return {
    id: 'layer-norm-needs-no-batch',
    text: message('batch-norm-limits.layer-norm-needs-no-batch.text'),
    otherwise: message('batch-norm-limits.layer-norm-needs-no-batch.otherwise'),
    test(record) {
      const [layer, batch] = [atEnds(record, 'layer norm'), atEnds(record, 'batch norm')];
      return {
        effects: { aheadOfBatchNorm: layer[1] - batch[1], aboveHalf: layer[1] - 0.5 },
        evidence: { layerNormLargest: layer[0], layerNormSmallest: layer[1], batchNormSmallest: batch[1] },
      };
    },
  };
}
