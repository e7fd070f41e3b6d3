// The network: options that every experiment with a perceptron shares.

import { choice, float, ints } from '../options.ts';
import type { Activation, InitSpec, Norm, PerceptronSpec } from '../training/arm.ts';
import { dialect } from './dialect.ts';

/** The book's defaults; an experiment spreads them and overrides what differs. */
export const networkOptions = {
  dialect,
  hiddenSizes: ints({
    default: [100, 100, 100, 100],
    min: 1,
    max: 4_096,
    minLength: 0,
    maxLength: 32,
    label: { en: 'Hidden layers', ko: '은닉층', ja: '隠れ層' },
    help: {
      en: 'Units of each hidden layer, as in 100,100,50 or 100x4.',
      ko: '각 은닉층의 뉴런 수. 100,100,50 또는 100x4처럼 쓴다.',
      ja: '各隠れ層のニューロン数。100,100,50 や 100x4 のように書く。',
    },
  }),
  activation: choice({
    default: 'relu',
    choices: ['relu', 'sigmoid', 'tanh'],
    label: { en: 'Activation', ko: '활성화 함수', ja: '活性化関数' },
    help: {
      en: 'Activation function of the hidden layers.',
      ko: '은닉층의 활성화 함수.',
      ja: '隠れ層の活性化関数。',
    },
  }),
  init: choice({
    default: 'he',
    choices: ['he', 'xavier', 'glorot', 'normal'],
    label: { en: 'Initial weights', ko: '가중치 초깃값', ja: '重みの初期値' },
    help: {
      en: 'Spread of the initial weights: he √(2/n), xavier √(1/n), glorot √(2/(n+m)), normal: init-std; n inputs, m outputs.',
      ko: '가중치 초깃값의 표준편차: he √(2/n), xavier √(1/n), glorot √(2/(n+m)), normal은 init-std. n은 입력, m은 출력의 수.',
      ja: '重みの初期値の標準偏差: he √(2/n)、xavier √(1/n)、glorot √(2/(n+m))、normal は init-std。n は入力数、m は出力数。',
    },
  }),
  initStd: float({
    default: 0.01,
    min: 0,
    max: 100,
    label: { en: 'Standard deviation', ko: '표준편차', ja: '標準偏差' },
    help: {
      en: 'Standard deviation of the initial weights where init is normal.',
      ko: 'init이 normal일 때 가중치 초깃값의 표준편차.',
      ja: 'init が normal のときの重みの初期値の標準偏差。',
    },
  }),
  norm: choice({
    default: 'none',
    choices: ['none', 'batch', 'layer'],
    label: { en: 'Normalisation', ko: '정규화', ja: '正規化' },
    help: {
      en: 'What normalises the sums of each hidden layer before its activation: nothing, batch normalisation or layer normalisation.',
      ko: '각 은닉층의 합을 활성화 함수 앞에서 정규화하는 방법. none은 없음, batch는 배치 정규화, layer는 층 정규화.',
      ja: '各隠れ層の和を活性化関数の前で正規化する方法。none はなし、batch はバッチ正規化、layer は層正規化。',
    },
  }),
  dropout: float({
    default: 0,
    min: 0,
    max: 0.99,
    label: { en: 'Dropout', ko: '드롭아웃', ja: 'ドロップアウト' },
    help: {
      en: 'Share of the hidden outputs that each training step drops; 0: none.',
      ko: '훈련 스텝마다 지우는 은닉층 출력의 비율. 0이면 지우지 않는다.',
      ja: '訓練の各ステップで消す隠れ層の出力の割合。0 なら消さない。',
    },
  }),
};

export interface NetworkSettings {
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly init: InitSpec['kind'];
  readonly initStd: number;
  readonly norm: Norm;
  readonly dropout: number;
}

/** The network that the options describe. */
export function perceptron({ init, initStd, ...rest }: NetworkSettings): PerceptronSpec {
  const { hiddenSizes, activation, norm, dropout } = rest;
  const spec: InitSpec = init === 'normal' ? { kind: init, std: initStd } : { kind: init };
  return { kind: 'perceptron', hiddenSizes, activation, init: spec, norm, dropout };
}
