// Update rules: the settings that each has of its own, and the choice of one rule.

import { choice, float } from '../options.ts';
import type { Text } from '../text.ts';
import type { Dialect, OptimizerSpec } from '../training/arm.ts';

/** What the rules ask for beside a learning rate. */
export const ruleOptions = {
  momentum: float({
    default: 0.9,
    min: 0,
    max: 1,
    label: { en: 'Momentum μ', ko: '모멘텀 계수 μ', ja: 'モメンタム係数 μ' },
    help: {
      en: 'Share of the velocity that Momentum keeps from step to step.',
      ko: 'Momentum이 한 스텝마다 유지하는 속도의 비율.',
      ja: 'Momentum が 1 ステップごとに保つ速度の割合。',
    },
  }),
  adagradEps: epsilon('AdaGrad', 1e-10),
  adamBeta1: decayRate('β₁', 0.9, {
    en: 'Share of the mean gradient that Adam keeps from step to step.',
    ko: 'Adam이 한 스텝마다 유지하는 기울기 평균(1차 모멘트)의 비율.',
    ja: 'Adam が 1 ステップごとに保つ勾配の平均（1 次モーメント）の割合。',
  }),
  adamBeta2: decayRate('β₂', 0.999, {
    en: 'Share of the mean squared gradient that Adam keeps from step to step.',
    ko: 'Adam이 한 스텝마다 유지하는 기울기 제곱 평균(2차 모멘트)의 비율.',
    ja: 'Adam が 1 ステップごとに保つ勾配の二乗平均（2 次モーメント）の割合。',
  }),
  adamEps: epsilon('Adam', 1e-8),
};

export const weightDecay = float({
  default: 0,
  min: 0,
  max: 1_000,
  label: { en: 'Weight decay λ', ko: '가중치 감소 λ', ja: '荷重減衰 λ' },
  help: {
    en: 'λ of weight decay: every step adds λ times the weights, not the biases, to the gradient (AdamW takes it from the weights themselves).',
    ko: '가중치 감소의 λ. 매 스텝 기울기에 가중치의 λ배를 더한다(편향은 제외, AdamW는 가중치에서 직접 뺀다).',
    ja: '荷重減衰の λ。毎ステップ、勾配に重みの λ 倍を加える（バイアスは除く。AdamW は重みから直接引く）。',
  },
});

/** One update rule of the experimenter's choice; the book's experiments but the two comparisons use SGD. */
export const optimizerOptions = {
  optimizer: choice({
    default: 'sgd',
    choices: ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'],
    label: { en: 'Optimizer', ko: '옵티마이저', ja: '最適化手法' },
    help: {
      en: 'The rule by which parameters are updated.',
      ko: '매개변수를 갱신하는 방법.',
      ja: 'パラメータを更新する手法。',
    },
  }),
  lr: float({
    default: 0.01,
    min: 0,
    max: 1_000,
    label: { en: 'Learning rate', ko: '학습률', ja: '学習率' },
    help: {
      en: 'How far a step moves the parameters.',
      ko: '한 스텝에 매개변수를 갱신하는 폭.',
      ja: '1 ステップでパラメータを更新する幅。',
    },
  }),
  weightDecay,
  ...ruleOptions,
};

export interface OptimizerSettings {
  readonly dialect: Dialect;
  readonly optimizer: (typeof optimizerOptions.optimizer.choices)[number];
  readonly lr: number;
  readonly weightDecay: number;
  readonly momentum: number;
  readonly adagradEps: number;
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly adamEps: number;
}

/** The rule that the options describe. RMSprop keeps 0.99 of its mean square, with Adam's ε. */
export function optimizerSpec(settings: OptimizerSettings): OptimizerSpec {
  const { optimizer, lr, weightDecay, momentum, adagradEps, adamBeta1, adamBeta2, adamEps: eps, dialect } = settings;
  const rate = { lr, weightDecay };
  switch (optimizer) {
    case 'sgd':
      return { ...rate, kind: 'sgd', momentum: 0 };
    case 'momentum':
      return { ...rate, kind: 'sgd', momentum };
    case 'nesterov':
      return { ...rate, kind: 'sgd', momentum, nesterov: true };
    case 'adagrad':
      return { ...rate, kind: 'adagrad', eps: adagradEps };
    case 'rmsprop':
      return { ...rate, kind: 'rmsprop', alpha: 0.99, eps };
    default:
      return { ...rate, kind: optimizer, beta1: adamBeta1, beta2: adamBeta2, eps, epsilonHat: dialect === 'book' };
  }
}

function epsilon(name: string, value: number) {
  return float({
    default: value,
    book: 1e-7,
    min: 0,
    max: 1,
    label: { en: `ε, ${name}`, ko: `${name}의 ε`, ja: `${name} の ε` },
    help: {
      en: `What ${name} adds to its denominator so as never to divide by zero; 1e-7 in the book.`,
      ko: `0으로 나누지 않도록 ${name}의 분모에 더하는 작은 값. 책에서는 1e-7.`,
      ja: `0 で割らないように ${name} の分母に加える小さな値。本では 1e-7。`,
    },
  });
}

function decayRate(symbol: string, value: number, help: Text) {
  const label = { en: `Adam ${symbol}`, ko: `Adam의 ${symbol}`, ja: `Adam の ${symbol}` };
  return float({ default: value, min: 0, max: 0.999999, label, help });
}
