// Does it help to look at neighboring pixels together? For those who go on to the book's chapter 7.

import { defineExperiment } from '../../experiment.ts';
import { trainingLossFigure } from '../../figure/loss-curve.ts';
import { message } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { choice, ints, withDefault } from '../../options/options.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import type { Text } from '../../text.ts';
import type { ClassifierTask } from '../../training/arm.ts';
import { convolutionLesson } from './lesson.ts';

const title: Text = message('convnet-vs-perceptron.title');

export const convnetVsPerceptron = defineExperiment({
  name: 'convnet_vs_perceptron',
  title,
  question: message('convnet-vs-perceptron.question'),
  lesson: convolutionLesson,
  data: 'mnist',
  options: {
    ...networkOptions,
    hiddenSizes: withDefault(networkOptions.hiddenSizes, [100]),
    channels: ints({
      default: [16],
      min: 1,
      max: 256,
      minLength: 1,
      maxLength: 3,
      label: message('convnet-vs-perceptron.channels.label'),
      help: message('convnet-vs-perceptron.channels.help'),
    }),
    kernelSize: choice({
      default: '5',
      choices: ['1', '3', '5'],
      label: message('convnet-vs-perceptron.kernel-size.label'),
      help: message('convnet-vs-perceptron.kernel-size.help'),
    }),
    perceptronSizes: ints({
      default: [290],
      min: 1,
      max: 4_096,
      minLength: 0,
      maxLength: 32,
      label: message('convnet-vs-perceptron.perceptron-sizes.label'),
      help: message('convnet-vs-perceptron.perceptron-sizes.help'),
    }),
    ...stepOptions,
    steps: withDefault(stepOptions.steps, 600),
    ...dataOptions,
    batchSize: withDefault(dataOptions.batchSize, 100),
    ...optimizerOptions,
    optimizer: withDefault(optimizerOptions.optimizer, 'adam'),
    lr: withDefault(optimizerOptions.lr, 0.001),
  },
  arms(options, seed) {
    const optimizer = optimizerSpec(options);
    const plain = steppedTask({ ...options, hiddenSizes: options.perceptronSizes }, optimizer);
    const { network, ...rest } = steppedTask(options, optimizer);
    const { channels, kernelSize } = options;
    const convnet: ClassifierTask = {
      ...rest,
      network: { ...network, kind: 'convnet', channels, kernelSize: Number(kernelSize) } as ClassifierTask['network'],
    };
    return [
      { name: 'perceptron', seed, task: plain },
      { name: 'convnet', seed, task: convnet },
    ];
  },
  figures: (record) => [trainingLossFigure(record, title, [1, 2.5])],
  claims: [convnetWins()],
});

function convnetWins(): Claim {
  return {
    id: 'convnet-beats-perceptron',
    text: message('convnet-vs-perceptron.convnet-beats-perceptron.text'),
    otherwise: message('convnet-vs-perceptron.convnet-beats-perceptron.otherwise'),
    test(record) {
      const accuracy = (arm: string) => record.arms.find(({ name }) => name === arm)?.final.testAccuracy ?? Number.NaN;
      const [convnet, perceptron] = [accuracy('convnet'), accuracy('perceptron')];
      return {
        effects: { testAccuracyGain: convnet - perceptron },
        evidence: { convnet, perceptron, errorsLeft: (1 - convnet) / (1 - perceptron) },
      };
    },
  };
}
