// Which update rule learns MNIST fastest? The book's section 6.1.8.
import type { Claim } from '../claims.ts';
import { defineExperiment } from '../experiment.ts';
import type { Figure } from '../figure.ts';
import type { RunRecord } from '../record.ts';
import { mean, valuesOf } from '../series.ts';
import { fourOptimizers, optimizerNames, optimizerOptions } from '../settings/four-optimizers.ts';
import { classifierTask, networkOptions } from '../settings/network.ts';
import { smooth } from '../smooth.ts';

export const optimizerCompareMnist = defineExperiment({
  name: 'optimizer_compare_mnist',
  title: {
    en: 'Four optimizers on MNIST',
    ko: 'MNIST로 비교한 네 가지 매개변수 갱신 방법',
    ja: 'MNIST で比べる 4 つの最適化手法',
  },
  question: {
    en: 'From the same initial weights and over the same mini-batches, which optimizer lowers the training loss fastest?',
    ko: '초기 가중치와 미니배치가 모두 같을 때, 어느 옵티마이저가 훈련 손실을 가장 빨리 줄이는가?',
    ja: '重みの初期値もミニバッチも同じとき、どの最適化手法が訓練損失を最も速く減らすだろうか。',
  },
  data: 'mnist',
  options: { ...networkOptions, ...optimizerOptions({ SGD: 0.01, Momentum: 0.01, AdaGrad: 0.01, Adam: 0.001 }) },
  arms(options, seed) {
    const optimizers = fourOptimizers(options);
    return optimizerNames.map((name) => ({ name, seed, task: classifierTask(options, optimizers[name]) }));
  },
  figures: (record) => [trainingLoss(record)],
  claims: (['Momentum', 'AdaGrad', 'Adam'] as const).map(beatsSgd),
});

function trainingLoss(record: RunRecord): Figure {
  const curves = record.arms.flatMap(({ name, series: { trainLoss } }) => {
    if (!trainLoss) return [];
    const { step: x, value: y } = trainLoss;
    return [
      { name, x, y, role: 'raw' as const },
      { name, x, y: smooth(y), role: 'smooth' as const },
    ];
  });
  // As in the book the axis ends at 1, unless an arm spends most of the run above that.
  const isLow = curves.every(({ y }) => mean(y) < 1);
  return {
    id: 'training-loss',
    title: optimizerCompareMnist.title,
    caption: {
      en: 'Loss of each mini-batch (faint) and its moving average over 11 steps. All four see the same batches.',
      ko: '각 미니배치의 손실(옅은 선)과 11스텝 이동 평균. 네 방법 모두 같은 미니배치로 학습한다.',
      ja: '各ミニバッチの損失（薄い線）と 11 ステップの移動平均。4 つとも同じミニバッチで学習する。',
    },
    columns: 1,
    panels: [
      {
        kind: 'line',
        x: { label: { en: 'Step', ko: '스텝', ja: 'ステップ' } },
        y: {
          label: { en: 'Training loss (nats)', ko: '훈련 손실 (nat)', ja: '訓練損失 (nat)' },
          ...(isLow && { domain: [0, 1] as const }),
        },
        curves,
      },
    ],
  };
}

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
        holds: meanLoss < sgdMeanLoss && lastLoss < sgdLastLoss,
        evidence: { meanLoss, sgdMeanLoss, ratio: meanLoss / sgdMeanLoss, lastLoss, sgdLastLoss, lastSteps },
      };
    },
  };
}
