// Does dropout keep a network from learning its examples by heart? The book's section 6.4.3.

import { defineExperiment } from '../experiment.ts';
import { dropoutLesson } from '../lessons/generalisation.ts';
import { choice, withDefault } from '../options.ts';
import { optimizerSpec } from '../settings/optimizer.ts';
import { epochTask } from '../settings/training.ts';
import type { Text } from '../text.ts';
import { movesTestAccuracy, narrowsGap, overfittingFigure, overfittingOptions } from './shared/overfitting.ts';

const title: Text = { en: 'Overfitting and dropout', ko: '오버피팅과 드롭아웃', ja: '過学習とドロップアウト' };

export const overfitDropout = defineExperiment({
  name: 'overfit_dropout',
  title,
  question: {
    en: 'Seven layers learn 300 images by heart. What does dropout do to the accuracy on images they have not seen?',
    ko: '일곱 층 신경망이 이미지 300장에 오버피팅될 때, 드롭아웃은 처음 보는 이미지의 정확도를 어떻게 바꾸는가?',
    ja: '7 層のネットワークが 300 枚の画像に過学習するとき、ドロップアウトは未知の画像の正解率をどう変えるだろうか。',
  },
  lesson: dropoutLesson,
  data: 'mnist',
  options: {
    preset: choice({
      default: 'book',
      choices: ['book', 'helpful'],
      label: { en: 'Preset', ko: '프리셋', ja: 'プリセット' },
      help: {
        en: "Where the defaults come from: the book's settings, or ones at which dropout raises test accuracy.",
        ko: '기본값을 정한다. book은 책의 설정, helpful은 드롭아웃이 시험 정확도를 높이는 설정.',
        ja: '既定値を決める。book は本の設定、helpful はドロップアウトがテスト正解率を上げる設定。',
      },
    }),
    ...overfittingOptions,
    hiddenSizes: withDefault(overfittingOptions.hiddenSizes, [100, 100, 100, 100, 100, 100], { helpful: [100, 100] }),
    epochs: withDefault(overfittingOptions.epochs, 301, { helpful: 200 }),
    evaluateEvery: withDefault(overfittingOptions.evaluateEvery, 1, { helpful: 5 }),
    lr: withDefault(overfittingOptions.lr, 0.01, { helpful: 0.1 }),
    dropout: withDefault(overfittingOptions.dropout, 0.2, { helpful: 0.3 }),
  },
  arms(options, seed) {
    return [...new Set([0, options.dropout])].map((dropout) => ({
      name: dropout === 0 ? 'no dropout' : `dropout ${dropout}`,
      seed,
      task: epochTask(
        { ...options, dropout },
        { optimizer: optimizerSpec(options), measures: ['train', 'test'], bookEnds: 'with-epoch' },
      ),
    }));
  },
  figures: (record) => [overfittingFigure(record, title)],
  claims: [
    narrowsGap({
      id: 'dropout-narrows-gap',
      text: {
        en: 'Dropout narrows the gap between training and test accuracy.',
        ko: '드롭아웃은 훈련 정확도와 시험 정확도의 차이를 줄인다.',
        ja: 'ドロップアウトは訓練正解率とテスト正解率の差を縮める。',
      },
      otherwise: {
        en: 'This run does not show that dropout narrows the gap between training and test accuracy.',
        ko: '이번 실행만으로는 드롭아웃이 훈련 정확도와 시험 정확도의 차이를 줄인다고 말할 수 없다.',
        ja: 'この実行からは、ドロップアウトが訓練正解率とテスト正解率の差を縮めるとは言えない。',
      },
    }),
    movesTestAccuracy('falls', {
      id: 'dropout-lowers-test-accuracy',
      text: {
        en: 'But test accuracy itself falls: training ends before the network has fitted its images.',
        ko: '그러나 시험 정확도 자체는 떨어진다. 신경망이 훈련 데이터를 다 익히기 전에 학습이 끝난다.',
        ja: 'しかしテスト正解率そのものは下がる。訓練データを学びきる前に学習が終わってしまう。',
      },
      otherwise: {
        en: 'This run does not show that test accuracy itself falls under dropout.',
        ko: '이번 실행만으로는 드롭아웃으로 시험 정확도 자체가 떨어진다고 말할 수 없다.',
        ja: 'この実行からは、ドロップアウトでテスト正解率そのものが下がるとは言えない。',
      },
    }),
    movesTestAccuracy('rises', {
      id: 'dropout-raises-test-accuracy',
      text: {
        en: 'Dropout raises test accuracy.',
        ko: '드롭아웃은 시험 정확도를 높인다.',
        ja: 'ドロップアウトはテスト正解率を上げる。',
      },
      otherwise: {
        en: 'This run does not show that dropout raises test accuracy.',
        ko: '이번 실행만으로는 드롭아웃이 시험 정확도를 높인다고 말할 수 없다.',
        ja: 'この実行からは、ドロップアウトがテスト正解率を上げるとは言えない。',
      },
    }),
  ],
});
