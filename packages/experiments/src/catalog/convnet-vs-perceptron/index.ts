// A small convnet and a perceptron with about as many parameters. Looks ahead to chapter 7 of the book.

import { defineExperiment } from '../../experiment.ts';
import { trainingLossFigure } from '../../figure/curves.ts';
import type { Figure } from '../../figure/figure.ts';
import { claimTexts, message, optionTexts } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { choice, ints, withDefault, withMain } from '../../options/options.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import { formatNumber } from '../../record/final-table.ts';
import { finalValues } from '../../record/predict.ts';
import type { RunRecord } from '../../record/record.ts';
import { findArm } from '../../record/series.ts';
import { toText } from '../../text.ts';
import type { ClassifierTask } from '../../training/arm.ts';
import { math, sub } from '../shared/lesson.ts';

const title = message('convnet-vs-perceptron.title');

export const convnetVsPerceptron = defineExperiment({
  name: 'convnet_vs_perceptron',
  title,
  question: message('convnet-vs-perceptron.question'),
  lesson: {
    watch: message('convnet-vs-perceptron.lesson.watch'),
    theory: [
      {
        text: message('convnet-vs-perceptron.lesson.convolution'),
        formula: math(sub('y', 'i j'), '= b + ∑', sub('W', 'u v'), sub('x', 'i + u , j + v')),
      },
      {
        text: message('convnet-vs-perceptron.lesson.pooling'),
        formula: math(
          ...[sub('z', 'i j'), '= max (', sub('y', '2 i , 2 j')],
          ...[', … ,', sub('y', '2 i + 1 , 2 j + 1'), ')'],
        ),
      },
    ],
  },
  data: 'mnist',
  options: withMain(
    {
      ...networkOptions,
      activation: { ...networkOptions.activation, when: undefined },
      hiddenSizes: withDefault(networkOptions.hiddenSizes, [100]),
      channels: ints({
        default: [16],
        min: 1,
        max: 256,
        minLength: 1,
        maxLength: 3,
        ...optionTexts('convnet-vs-perceptron.channels'),
      }),
      kernelSize: choice({
        default: '5',
        choices: ['1', '3', '5'],
        ...optionTexts('convnet-vs-perceptron.kernel-size'),
      }),
      perceptronSizes: ints({
        default: [290],
        min: 1,
        max: 4_096,
        minLength: 0,
        maxLength: 32,
        ...optionTexts('convnet-vs-perceptron.perceptron-sizes'),
      }),
      ...stepOptions,
      steps: withDefault(stepOptions.steps, 600),
      ...dataOptions,
      batchSize: withDefault(dataOptions.batchSize, 100),
      ...optimizerOptions,
      optimizer: withDefault(optimizerOptions.optimizer, 'adam'),
      lr: withDefault(optimizerOptions.lr, 0.001),
    },
    ['channels', 'kernelSize', 'perceptronSizes', 'optimizer', 'lr', 'steps'],
  ),
  arms(options, seed) {
    const optimizer = optimizerSpec(options);
    const perceptron = steppedTask({ ...options, hiddenSizes: options.perceptronSizes }, optimizer);
    const { network, ...rest } = steppedTask(options, optimizer);
    const { channels, kernelSize } = options;
    const convnet: ClassifierTask = {
      ...rest,
      network: { ...network, kind: 'convnet', channels, kernelSize: Number(kernelSize) } as ClassifierTask['network'],
    };
    return [
      { name: 'perceptron', seed, task: perceptron },
      { name: 'convnet', seed, task: convnet },
    ];
  },
  figures: (record) => [trainingLossFigure(record, title, [1, 2.5]), errorFigure(record)],
  predict: {
    question: message('convnet-vs-perceptron.predict.question'),
    choices: [
      { id: 'few', label: message('convnet-vs-perceptron.predict.few') },
      { id: 'half', label: message('convnet-vs-perceptron.predict.half') },
      { id: 'many', label: message('convnet-vs-perceptron.predict.many') },
    ],
    measure: message('convnet-vs-perceptron.predict.measure'),
    best: [33, 67],
    values(record) {
      const { convnet = Number.NaN, perceptron = Number.NaN } = finalValues(record, 'testAccuracy');
      return { value: (100 * (1 - convnet)) / (1 - perceptron) };
    },
  },
  claims: [
    {
      ...claimTexts('convnet-vs-perceptron.convnet-beats-perceptron'),
      test(record) {
        const accuracy = (arm: string) => findArm(record, arm)?.final.testAccuracy ?? Number.NaN;
        const [convnet, perceptron] = [accuracy('convnet'), accuracy('perceptron')];
        return {
          effects: { testAccuracyGain: convnet - perceptron },
          evidence: { convnet, perceptron, errorsLeft: (1 - convnet) / (1 - perceptron) },
          marks: [{ figure: 'errors' }],
        };
      },
    },
  ],
});

/** The test images of MNIST. Other data may have fewer than the option asks for, so that only the share is known. */
const MNIST_TEST_IMAGES = 10_000;

/** Draws how many test images each arm classifies wrongly. */
function errorFigure({ arms, data, options }: RunRecord): Figure {
  const tested = Math.min(Number(options.testSamples), MNIST_TEST_IMAGES);
  const total = data.name === 'mnist' ? tested : 100;
  const measured = arms.filter(({ final }) => final.testAccuracy !== undefined);
  const errors = measured.map(({ final }) => {
    const wrong = total * (1 - (final.testAccuracy as number));
    return data.name === 'mnist' ? Math.round(wrong) : wrong;
  });
  const axis = data.name === 'mnist' ? 'error-axis.label' : 'error-share-axis.label';
  return {
    id: 'errors',
    title: message('convnet-vs-perceptron.errors.title'),
    caption: message('convnet-vs-perceptron.errors.caption'),
    columns: 1,
    panels: [
      {
        kind: 'bar',
        x: { label: message(`convnet-vs-perceptron.${axis}`, { tested: total }) },
        y: {
          label: toText(() => ''),
          names: measured.map(({ name }, i) => `${name}: ${formatNumber(errors[i])}`),
        },
        curves: measured.map(({ name }, i) => ({ name, x: [errors[i] as number], y: [i], role: 'smooth' })),
      },
    ],
  };
}
