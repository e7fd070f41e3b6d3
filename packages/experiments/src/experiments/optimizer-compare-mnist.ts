// Which update rule learns MNIST fastest? The book's section 6.1.8.

import { trainingLossFigure } from '../curves/loss.ts';
import { defineExperiment } from '../experiment.ts';
import { speedLesson } from '../lessons/optimizers.ts';
import type { Claim } from '../record/claims.ts';
import { mean, valuesOf } from '../record/series.ts';
import { fourOptimizerOptions, fourOptimizers, optimizerNames } from '../settings/four-optimizers.ts';
import { networkOptions } from '../settings/network.ts';
import { weightDecay } from '../settings/optimizer.ts';
import { dataOptions, stepOptions, steppedTask } from '../settings/training.ts';
import type { Text } from '../text.ts';

const title: Text = {
  en: 'Four optimizers on MNIST',
  ko: 'MNIST로 비교한 네 가지 매개변수 갱신 방법',
  ja: 'MNIST で比べる 4 つの最適化手法',
};

export const optimizerCompareMnist = defineExperiment({
  name: 'optimizer_compare_mnist',
  title,
  question: {
    en: 'From the same initial weights and over the same mini-batches, which optimizer lowers the training loss fastest?',
    ko: '초기 가중치와 미니배치가 모두 같을 때, 어느 옵티마이저가 훈련 손실을 가장 빨리 줄이는가?',
    ja: '重みの初期値もミニバッチも同じとき、どの最適化手法が訓練損失を最も速く減らすだろうか。',
  },
  lesson: speedLesson,
  data: 'mnist',
  options: {
    ...networkOptions,
    ...stepOptions,
    ...dataOptions,
    ...fourOptimizerOptions({ SGD: 0.01, Momentum: 0.01, AdaGrad: 0.01, Adam: 0.001 }),
    weightDecay,
  },
  arms(options, seed) {
    const optimizers = fourOptimizers(options);
    return optimizerNames.map((name) => ({ name, seed, task: steppedTask(options, optimizers[name]) }));
  },
  // As in the book the axis ends at 1, unless an arm spends most of the run above that.
  figures: (record) => [trainingLossFigure(record, title, [1])],
  claims: (['Momentum', 'AdaGrad', 'Adam'] as const).map(beatsSgd),
});

/** Faster: a lower mean loss over the whole run, and still lower over its last twentieth. */
function beatsSgd(name: 'Momentum' | 'AdaGrad' | 'Adam'): Claim {
  const key = name.toLowerCase();
  return {
    id: `${key}-beats-sgd`,
    text: {
      en: `${name} learns faster than SGD.`,
      ko: `SGD보다 ${name} 쪽이 더 빨리 학습한다.`,
      ja: `SGD より ${name} のほうが速く学習する。`,
    },
    otherwise: {
      en: `This run does not show that ${name} learns faster than SGD.`,
      ko: `이번 실행만으로는 SGD보다 ${name} 쪽이 더 빨리 학습한다고 말할 수 없다.`,
      ja: `この実行からは、SGD より ${name} のほうが速く学習するとは言えない。`,
    },
    test(record) {
      const [ours, sgds] = [valuesOf(record, name, 'trainLoss'), valuesOf(record, 'SGD', 'trainLoss')];
      const lastSteps = Math.ceil(sgds.length / 20);
      const [meanLoss, sgdMeanLoss] = [mean(ours), mean(sgds)];
      const [lastLoss, sgdLastLoss] = [mean(ours.slice(-lastSteps)), mean(sgds.slice(-lastSteps))];
      return {
        effects: { lowersMeanLossBy: sgdMeanLoss - meanLoss, lowersLastLossBy: sgdLastLoss - lastLoss },
        evidence: { meanLoss, sgdMeanLoss, ratio: meanLoss / sgdMeanLoss, lastLoss, sgdLastLoss, lastSteps },
      };
    },
  };
}
