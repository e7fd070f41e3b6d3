// Which initial weights let a deep ReLU network learn MNIST? The book's section 6.2.4.

import { trainingLossFigure } from '../curves/loss.ts';
import { defineExperiment } from '../experiment.ts';
import { learningLesson } from '../lessons/initial-weights.ts';
import type { Claim } from '../record/claims.ts';
import type { RunRecord } from '../record/record.ts';
import { mean, valuesOf } from '../record/series.ts';
import { networkOptions } from '../settings/network.ts';
import { optimizerOptions, optimizerSpec } from '../settings/optimizer.ts';
import { dataOptions, stepOptions, steppedTask } from '../settings/training.ts';
import type { Text } from '../text.ts';
import type { InitSpec } from '../training/arm.ts';

const { init: _, ...network } = networkOptions;

const title: Text = {
  en: 'Three initial weights on MNIST',
  ko: 'MNIST로 비교한 세 가지 가중치 초깃값',
  ja: 'MNIST で比べる 3 つの重みの初期値',
};

export const weightInitCompare = defineExperiment({
  name: 'weight_init_compare',
  title,
  question: {
    en: 'How much do the initial weights alone decide how fast five layers of ReLU learn?',
    ko: '가중치 초깃값만 다를 때, ReLU 다섯 층 신경망의 학습 속도는 얼마나 달라지는가?',
    ja: '重みの初期値だけが違うとき、ReLU の 5 層ネットワークの学習の速さはどれだけ変わるだろうか。',
  },
  lesson: learningLesson,
  data: 'mnist',
  options: { ...network, ...stepOptions, ...dataOptions, ...optimizerOptions },
  arms(options, seed) {
    const optimizer = optimizerSpec(options);
    const inits: Record<string, InitSpec> = {
      [`σ=${options.initStd}`]: { kind: 'normal', std: options.initStd },
      Xavier: { kind: 'xavier' },
      He: { kind: 'he' },
    };
    const task = steppedTask({ ...options, init: 'he' }, optimizer);
    return Object.entries(inits).map(([name, init]) => {
      return { name, seed, task: { ...task, network: { ...task.network, init } } };
    });
  },
  figures: (record) => [trainingLossFigure(record, title, [1, 2.5])],
  claims: [smallHardlyLearns(), heLearnsFastest()],
});

/** What ten classes cost by guessing, ln 10. */
const CHANCE = Math.LN10;

/** The mean loss over the whole run, and over its last twentieth. */
function lossesOf(record: RunRecord, arm: string): { meanLoss: number; lastLoss: number } {
  const losses = valuesOf(record, arm, 'trainLoss');
  return { meanLoss: mean(losses), lastLoss: mean(losses.slice(-Math.ceil(losses.length / 20))) };
}

function smallHardlyLearns(): Claim {
  return {
    id: 'small-weights-hardly-learn',
    text: {
      en: 'With such small weights the network hardly learns: its loss stays within a tenth of guessing.',
      ko: '이렇게 작은 가중치로는 거의 학습하지 못한다. 손실이 무작위로 찍을 때의 10분의 9 아래로 내려가지 않는다.',
      ja: 'これほど小さい重みではほとんど学習しない。損失は当てずっぽうの 9 割を下回らない。',
    },
    otherwise: {
      en: 'This run does not show that the network hardly learns with the small weights.',
      ko: '이번 실행만으로는 작은 가중치로 거의 학습하지 못한다고 말할 수 없다.',
      ja: 'この実行からは、小さい重みではほとんど学習しないとは言えない。',
    },
    test(record) {
      const { lastLoss } = lossesOf(record, `σ=${record.options.initStd}`);
      return { effects: { aboveNineTenths: lastLoss - 0.9 * CHANCE }, evidence: { lastLoss, guessing: CHANCE } };
    },
  };
}

function heLearnsFastest(): Claim {
  return {
    id: 'he-learns-fastest',
    text: {
      en: 'He learns fastest.',
      ko: 'He 초깃값에서 가장 빨리 학습한다.',
      ja: 'He の初期値で最も速く学習する。',
    },
    otherwise: {
      en: 'This run does not show that He learns fastest.',
      ko: '이번 실행만으로는 He 초깃값에서 가장 빨리 학습한다고 말할 수 없다.',
      ja: 'この実行からは、He の初期値で最も速く学習するとは言えない。',
    },
    test(record) {
      const [he, xavier] = [lossesOf(record, 'He'), lossesOf(record, 'Xavier')];
      const small = lossesOf(record, `σ=${record.options.initStd}`);
      return {
        effects: {
          lowersMeanLossBy: Math.min(xavier.meanLoss, small.meanLoss) - he.meanLoss,
          lowersLastLossBy: Math.min(xavier.lastLoss, small.lastLoss) - he.lastLoss,
        },
        evidence: { heMeanLoss: he.meanLoss, xavierMeanLoss: xavier.meanLoss, smallMeanLoss: small.meanLoss },
      };
    },
  };
}
