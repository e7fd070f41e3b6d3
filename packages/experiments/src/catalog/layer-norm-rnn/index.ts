// Batch norm and layer norm in a recurrent network. Part 3 of the study note's advanced topics.
import { defineExperiment } from '../../experiment.ts';
import { seriesCurve, stepAxis, testAccuracyAxis, trainingLossFigure } from '../../figure/curves.ts';
import type { Figure, LinePanel } from '../../figure/figure.ts';
import { type Mark, seriesMark } from '../../figure/marks.ts';
import { claimTexts, message, optionTexts } from '../../i18n/index.ts';
import { dialect } from '../../options/dialect.ts';
import { classesField } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { choice, float, int, withDefault, withMain } from '../../options/options.ts';
import { dataOptions, stepOptions } from '../../options/training.ts';
import type { RunRecord } from '../../record/record.ts';
import type { Text } from '../../text.ts';
import type { ClassifierTask } from '../../training/arm.ts';
import { frac, math, sqrt, sub } from '../shared/lesson.ts';
import { finalAccuracy, normChoices, norms } from '../shared/norms.ts';
import { batchVariance, layerNorm } from '../shared/theory.ts';

const title = message('layer-norm-rnn.title');

export const layerNormRnn = defineExperiment({
  name: 'layer_norm_rnn',
  title,
  question: message('layer-norm-rnn.question'),
  lesson: {
    watch: message('layer-norm-rnn.lesson.watch'),
    theory: [
      {
        text: message('layer-norm-rnn.lesson.recurrence'),
        formula: math(...[sub('h', 't'), '= tanh ( N (', sub('x', 't'), 'W +'], ...[sub('h', 't − 1'), 'U + b ) )']),
      },
      {
        text: message('layer-norm-rnn.lesson.step-statistics'),
        formula: math(frac('1', sqrt([batchVariance, '+ ε'])), '≤', frac('1', sqrt('ε')), '≈ 316'),
      },
      layerNorm,
    ],
  },
  data: 'mnist',
  options: withMain(
    {
      dialect,
      sequenceSteps: choice({
        default: '28',
        choices: ['7', '14', '28', '56', '112', '196', '392', '784'],
        ...optionTexts('layer-norm-rnn.sequence-steps'),
      }),
      hiddenSize: int({ default: 100, min: 1, max: 4_096, scale: 'log', ...optionTexts('layer-norm-rnn.hidden-size') }),
      initialGamma: float({
        default: 1,
        min: 0,
        max: 100,
        slider: [0, 3],
        ...optionTexts('layer-norm-rnn.initial-gamma'),
      }),
      ...stepOptions,
      steps: withDefault(stepOptions.steps, 1_000),
      evaluateEvery: withDefault(stepOptions.evaluateEvery, 100),
      ...dataOptions,
      ...optimizerOptions,
      optimizer: withDefault(optimizerOptions.optimizer, 'adam'),
      lr: withDefault(optimizerOptions.lr, 0.001),
    },
    ['sequenceSteps', 'hiddenSize', 'initialGamma', 'lr', 'batchSize', 'steps'],
  ),
  arms(options, seed) {
    const { sequenceSteps, hiddenSize, initialGamma, dialect, ...rest } = options;
    const { batchSize, steps, trainSamples, testSamples, evaluateEvery } = rest;
    const network = { kind: 'recurrent', sequenceSteps: Number(sequenceSteps), hiddenSize } as const;
    return Object.entries(norms).map(([name, norm]) => {
      const task: ClassifierTask = {
        kind: 'classifier',
        network: { ...network, norm, initialGamma, ...classesField(options) },
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
  figures: (record) => [trainingLossFigure(record, title, [1, 2.5]), accuracyFigure(record)],
  predict: {
    question: message('layer-norm-rnn.predict.question'),
    choices: normChoices,
    measure: message('predict.test-accuracy'),
    best: 'highest',
    values: (record) => Object.fromEntries(Object.keys(norms).map((name) => [name, finalAccuracy(record, name)])),
  },
  claims: [
    {
      ...claimTexts('layer-norm-rnn.batch-norm-does-not-suit-rnn'),
      test(record) {
        const [batchNorm, none] = [finalAccuracy(record, 'batch norm'), finalAccuracy(record, 'none')];
        const batchNormByBatch = finalAccuracy(record, 'batch norm', 'batchAccuracy');
        return {
          effects: { testAccuracyLost: none - batchNorm },
          evidence: { batchNorm, none, batchNormByBatch },
          marks: [accuracyMark(record)],
        };
      },
    },
    {
      ...claimTexts('layer-norm-rnn.layer-norm-suits-rnn'),
      test(record) {
        const layerNorm = finalAccuracy(record, 'layer norm');
        const batchNorm = finalAccuracy(record, 'batch norm');
        const none = finalAccuracy(record, 'none');
        return {
          effects: { aheadOfNone: layerNorm - none, aheadOfBatchNorm: layerNorm - batchNorm },
          evidence: { layerNorm, batchNorm, none },
          marks: [accuracyMark(record)],
        };
      },
    },
  ],
});

/** Marks the test accuracy at the end. */
function accuracyMark(record: RunRecord): Mark {
  const curves = Object.fromEntries(record.arms.map(({ name }) => [name, [name, 'testAccuracy'] as const]));
  return seriesMark(record, { figure: 'accuracy', panel: message('norm-statistics.running').en, curves, last: 1 });
}

/** Draws the test accuracy with running statistics, and with those of the test batch. */
function accuracyFigure(record: RunRecord): Figure {
  const panel = (series: string, heading: Text): LinePanel => ({
    kind: 'line',
    title: heading,
    x: stepAxis(record),
    y: testAccuracyAxis,
    curves: record.arms.flatMap((arm) => seriesCurve(arm, series)),
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
