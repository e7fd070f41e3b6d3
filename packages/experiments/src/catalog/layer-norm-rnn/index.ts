// Why layer norm for sequences? The note's advanced part, 3.

import { defineExperiment } from '../../experiment.ts';
import type { Figure, LinePanel } from '../../figure/figure.ts';
import { stepAxis, trainingLossFigure } from '../../figure/loss-curve.ts';
import { message } from '../../i18n/index.ts';
import { dialect } from '../../options/dialect.ts';
import { classCount, classesOf } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { choice, float, int, withDefault } from '../../options/options.ts';
import { dataOptions, stepOptions } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import type { RunRecord } from '../../record/record.ts';
import type { Text } from '../../text.ts';
import type { ClassifierTask, Norm } from '../../training/arm.ts';
import { recurrenceLesson } from '../shared/normalization-lessons.ts';

const title: Text = message('layer-norm-rnn.title');

/** Arms by name. */
const norms: Readonly<Record<string, Norm>> = { none: 'none', 'batch norm': 'batch', 'layer norm': 'layer' };

export const layerNormRnn = defineExperiment({
  name: 'layer_norm_rnn',
  title,
  question: message('layer-norm-rnn.question'),
  lesson: recurrenceLesson,
  data: 'mnist',
  options: {
    dialect,
    sequenceSteps: choice({
      default: '28',
      choices: ['7', '14', '28', '56', '112', '196', '392', '784'],
      label: message('layer-norm-rnn.sequence-steps.label'),
      help: message('layer-norm-rnn.sequence-steps.help'),
    }),
    hiddenSize: int({
      default: 100,
      min: 1,
      max: 4_096,
      label: message('layer-norm-rnn.hidden-size.label'),
      help: message('layer-norm-rnn.hidden-size.help'),
    }),
    initialGamma: float({
      default: 1,
      min: 0,
      max: 100,
      label: message('layer-norm-rnn.initial-gamma.label'),
      help: message('layer-norm-rnn.initial-gamma.help'),
    }),
    ...stepOptions,
    steps: withDefault(stepOptions.steps, 1_000),
    evaluateEvery: withDefault(stepOptions.evaluateEvery, 100),
    ...dataOptions,
    ...optimizerOptions,
    optimizer: withDefault(optimizerOptions.optimizer, 'adam'),
    lr: withDefault(optimizerOptions.lr, 0.001),
  },
  arms(options, seed) {
    const { sequenceSteps, hiddenSize, initialGamma, dialect, ...rest } = options;
    const { batchSize, steps, trainSamples, testSamples, evaluateEvery } = rest;
    const classes = classesOf(options);
    return Object.entries(norms).map(([name, norm]) => {
      const task: ClassifierTask = {
        kind: 'classifier',
        network: {
          kind: 'recurrent',
          sequenceSteps: Number(sequenceSteps),
          hiddenSize,
          norm,
          initialGamma,
          ...classes,
        },
        optimizer: optimizerSpec(options),
        batchSize,
        steps,
        trainSamples,
        validationShare: 0,
        testSamples,
        measures: ['test', 'batch'],
        evaluateEvery,
        dialect,
      };
      return { name, seed, task };
    });
  },
  figures: (record) => [trainingLossFigure(record, title, [1, 2.5]), accuracies(record)],
  claims: [batchNormDoesNotSuit(), layerNormDoes()],
});

/** Test accuracy as it is evaluated, and under the statistics of the batch. */
function accuracies(record: RunRecord): Figure {
  const panel = (series: string, heading: Text): LinePanel => ({
    kind: 'line',
    title: heading,
    x: stepAxis,
    y: { label: message('figure.test-accuracy-axis.label'), domain: [0, 1] },
    curves: record.arms.flatMap(({ name, series: { [series]: found } }) =>
      found ? [{ name, x: found.step, y: found.value, role: 'smooth' as const }] : [],
    ),
  });
  return {
    id: 'accuracy',
    title: message('layer-norm-rnn.accuracy.title'),
    caption: message('layer-norm-rnn.accuracy.caption'),
    columns: 2,
    panels: [
      panel('testAccuracy', message('norm-statistics.running')),
      panel('batchAccuracy', message('norm-statistics.batch')),
    ],
  };
}

/** A measure at the end of training; guessing, where an arm diverged. */
function finalOf(record: RunRecord, name: string, measure = 'testAccuracy'): number {
  const arm = record.arms.find((each) => each.name === name);
  return arm?.status === 'diverged' ? 1 / classCount(record.options) : (arm?.final[measure] ?? Number.NaN);
}

function batchNormDoesNotSuit(): Claim {
  return {
    id: 'batch-norm-does-not-suit-rnn',
    text: message('layer-norm-rnn.batch-norm-does-not-suit-rnn.text'),
    otherwise: message('layer-norm-rnn.batch-norm-does-not-suit-rnn.otherwise'),
    test(record) {
      const [batch, none] = [finalOf(record, 'batch norm'), finalOf(record, 'none')];
      return {
        effects: { testAccuracyLost: none - batch },
        evidence: { batchNorm: batch, none, batchNormByBatch: finalOf(record, 'batch norm', 'batchAccuracy') },
      };
    },
  };
}

function layerNormDoes(): Claim {
  return {
    id: 'layer-norm-suits-rnn',
    text: message('layer-norm-rnn.layer-norm-suits-rnn.text'),
    otherwise: message('layer-norm-rnn.layer-norm-suits-rnn.otherwise'),
    test(record) {
      const [layer, batch, none] = ['layer norm', 'batch norm', 'none'].map((name) => finalOf(record, name)) as [
        number,
        number,
        number,
      ];
      return {
        effects: { aheadOfNone: layer - none, aheadOfBatchNorm: layer - batch },
        evidence: { layerNorm: layer, batchNorm: batch, none },
      };
    },
  };
}
