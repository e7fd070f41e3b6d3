// Does it help to look at neighbouring pixels together? For those who go on to the book's chapter 7.

import { trainingLossFigure } from '../curves/loss.ts';
import { defineExperiment } from '../experiment.ts';
import { convolutionLesson } from '../lessons/convolution.ts';
import { choice, ints, withDefault } from '../options.ts';
import type { Claim } from '../record/claims.ts';
import { networkOptions } from '../settings/network.ts';
import { optimizerOptions, optimizerSpec } from '../settings/optimizer.ts';
import { dataOptions, stepOptions, steppedTask } from '../settings/training.ts';
import type { Text } from '../text.ts';
import type { ClassifierTask } from '../training/arm.ts';

const title: Text = {
  en: 'A small convnet and a perceptron',
  ko: '작은 합성곱 신경망과 퍼셉트론',
  ja: '小さな畳み込みネットワークとパーセプトロン',
};

export const convnetVsPerceptron = defineExperiment({
  name: 'convnet_vs_perceptron',
  title,
  question: {
    en: 'With the same optimizer and the same batches, how much better does a network that sees neighbouring pixels together name digits?',
    ko: '옵티마이저와 미니배치가 같을 때, 이웃한 픽셀을 함께 보는 신경망은 숫자를 얼마나 더 잘 맞히는가?',
    ja: '最適化手法もミニバッチも同じとき、隣り合う画素をまとめて見るネットワークは数字をどれだけよく当てるだろうか。',
  },
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
      label: { en: 'Channels', ko: '채널 수', ja: 'チャンネル数' },
      help: {
        en: 'Filters of each convolution; a pooling by 2 follows each.',
        ko: '각 합성곱 계층의 필터 수. 계층마다 2×2 풀링이 뒤따른다.',
        ja: '各畳み込み層のフィルター数。それぞれの後に 2×2 のプーリングが続く。',
      },
    }),
    kernelSize: choice({
      default: '5',
      choices: ['1', '3', '5'],
      label: { en: 'Window', ko: '필터 크기', ja: 'フィルターの大きさ' },
      help: {
        en: 'Side of the window that a filter sees, in pixels.',
        ko: '필터 한 변의 픽셀 수.',
        ja: 'フィルターの一辺の画素数。',
      },
    }),
    perceptronSizes: ints({
      default: [290],
      min: 1,
      max: 4_096,
      minLength: 0,
      maxLength: 32,
      label: { en: "Perceptron's layers", ko: '퍼셉트론의 은닉층', ja: 'パーセプトロンの隠れ層' },
      help: {
        en: 'Hidden layers of the perceptron; 290 units give it as many parameters as the convnet has.',
        ko: '퍼셉트론의 은닉층. 뉴런이 290개면 매개변수 수가 합성곱 신경망과 거의 같다.',
        ja: 'パーセプトロンの隠れ層。ニューロンが 290 個ならパラメータ数は畳み込みネットワークとほぼ同じ。',
      },
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
    text: {
      en: 'With as many parameters, the convnet names more of the test images rightly.',
      ko: '매개변수 수가 비슷해도 합성곱 신경망이 시험 이미지를 더 많이 맞힌다.',
      ja: 'パラメータ数が同程度でも、畳み込みネットワークのほうがテスト画像を多く当てる。',
    },
    otherwise: {
      en: 'This run does not show that the convnet names more of the test images rightly.',
      ko: '이번 실행만으로는 합성곱 신경망이 시험 이미지를 더 많이 맞힌다고 말할 수 없다.',
      ja: 'この実行からは、畳み込みネットワークのほうがテスト画像を多く当てるとは言えない。',
    },
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
