// Does weight decay keep a network from learning its examples by heart? The book's section 6.4.2.

import { defineExperiment } from '../experiment.ts';
import { weightDecayLesson } from '../lessons/generalisation.ts';
import { choice, withDefault } from '../options.ts';
import { optimizerSpec } from '../settings/optimizer.ts';
import { epochTask } from '../settings/training.ts';
import type { Text } from '../text.ts';
import { movesTestAccuracy, narrowsGap, overfittingFigure, overfittingOptions } from './shared/overfitting.ts';

const title: Text = {
  en: 'Overfitting and weight decay',
  ko: '오버피팅과 가중치 감소',
  ja: '過学習と荷重減衰',
};

export const overfitWeightDecay = defineExperiment({
  name: 'overfit_weight_decay',
  title,
  question: {
    en: 'Seven layers learn 300 images by heart. What does weight decay do to the accuracy on images they have not seen?',
    ko: '일곱 층 신경망이 이미지 300장에 오버피팅될 때, 가중치 감소는 처음 보는 이미지의 정확도를 어떻게 바꾸는가?',
    ja: '7 層のネットワークが 300 枚の画像に過学習するとき、荷重減衰は未知の画像の正解率をどう変えるだろうか。',
  },
  lesson: weightDecayLesson,
  data: 'mnist',
  options: {
    preset: choice({
      default: 'book',
      choices: ['book', 'helpful'],
      label: { en: 'Preset', ko: '프리셋', ja: 'プリセット' },
      help: {
        en: "Where the defaults come from: the book's settings, or ones at which weight decay raises test accuracy.",
        ko: '기본값을 정한다. book은 책의 설정, helpful은 가중치 감소가 시험 정확도를 높이는 설정.',
        ja: '既定値を決める。book は本の設定、helpful は荷重減衰がテスト正解率を上げる設定。',
      },
    }),
    ...overfittingOptions,
    epochs: withDefault(overfittingOptions.epochs, 201, { helpful: 300 }),
    evaluateEvery: withDefault(overfittingOptions.evaluateEvery, 1, { helpful: 5 }),
    lr: withDefault(overfittingOptions.lr, 0.01, { helpful: 0.03 }),
    weightDecay: withDefault(overfittingOptions.weightDecay, 0.1, { helpful: 0.01 }),
  },
  arms(options, seed) {
    return [...new Set([0, options.weightDecay])].map((weightDecay) => ({
      name: `λ=${weightDecay}`,
      seed,
      task: epochTask(options, {
        optimizer: optimizerSpec({ ...options, weightDecay }),
        measures: ['train', 'test'],
        bookEnds: 'with-measurement',
      }),
    }));
  },
  figures: (record) => [overfittingFigure(record, title)],
  claims: [
    narrowsGap({
      id: 'weight-decay-narrows-gap',
      text: {
        en: 'Weight decay narrows the gap between training and test accuracy.',
        ko: '가중치 감소는 훈련 정확도와 시험 정확도의 차이를 줄인다.',
        ja: '荷重減衰は訓練正解率とテスト正解率の差を縮める。',
      },
      otherwise: {
        en: 'This run does not show that weight decay narrows the gap between training and test accuracy.',
        ko: '이번 실행만으로는 가중치 감소가 훈련 정확도와 시험 정확도의 차이를 줄인다고 말할 수 없다.',
        ja: 'この実行からは、荷重減衰が訓練正解率とテスト正解率の差を縮めるとは言えない。',
      },
    }),
    movesTestAccuracy('falls', {
      id: 'weight-decay-lowers-test-accuracy',
      text: {
        en: 'But test accuracy itself falls: so strong a decay stops the network short of fitting its images.',
        ko: '그러나 시험 정확도 자체는 떨어진다. 가중치 감소가 너무 강해 신경망이 훈련 데이터를 다 익히지 못한다.',
        ja: 'しかしテスト正解率そのものは下がる。荷重減衰が強すぎて、訓練データを学びきれない。',
      },
      otherwise: {
        en: 'This run does not show that test accuracy itself falls under weight decay.',
        ko: '이번 실행만으로는 가중치 감소로 시험 정확도 자체가 떨어진다고 말할 수 없다.',
        ja: 'この実行からは、荷重減衰でテスト正解率そのものが下がるとは言えない。',
      },
    }),
    movesTestAccuracy('rises', {
      id: 'weight-decay-raises-test-accuracy',
      text: {
        en: 'Weight decay raises test accuracy.',
        ko: '가중치 감소는 시험 정확도를 높인다.',
        ja: '荷重減衰はテスト正解率を上げる。',
      },
      otherwise: {
        en: 'This run does not show that weight decay raises test accuracy.',
        ko: '이번 실행만으로는 가중치 감소가 시험 정확도를 높인다고 말할 수 없다.',
        ja: 'この実行からは、荷重減衰がテスト正解率を上げるとは言えない。',
      },
    }),
  ],
});
