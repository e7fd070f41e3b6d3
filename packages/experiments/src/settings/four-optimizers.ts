// The four update rules that the book compares, with the options that both comparisons share.
import type { Dialect, OptimizerSpec } from '../arm.ts';
import { float } from '../options.ts';
import type { Text } from '../text.ts';

/** The arms' names, in the book's order. */
export const optimizerNames = ['SGD', 'Momentum', 'AdaGrad', 'Adam'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** Learning rates by optimizer. */
export type Rates = Readonly<Record<OptimizerName, number>>;

/** Options for the four, with an experiment's own learning rates as defaults. */
export function optimizerOptions(rates: Rates) {
  return {
    sgdLr: learningRate('SGD', rates.SGD),
    momentumLr: learningRate('Momentum', rates.Momentum),
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
    adagradLr: learningRate('AdaGrad', rates.AdaGrad),
    adagradEps: epsilon('AdaGrad', 1e-10),
    adamLr: learningRate('Adam', rates.Adam),
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
}

interface OptimizerSettings {
  readonly dialect: Dialect;
  readonly sgdLr: number;
  readonly momentumLr: number;
  readonly momentum: number;
  readonly adagradLr: number;
  readonly adagradEps: number;
  readonly adamLr: number;
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly adamEps: number;
}

/**
 * The four optimizers as their options say. The book's Momentum, v ← μv − ηg and w ← w + v, is the same path as
 * v ← μv + g and w ← w − ηv, since η is constant: one rule serves both dialects.
 */
export function fourOptimizers(settings: OptimizerSettings): Readonly<Record<OptimizerName, OptimizerSpec>> {
  const { adamLr: lr, adamBeta1: beta1, adamBeta2: beta2, adamEps: eps } = settings;
  return {
    SGD: { kind: 'sgd', lr: settings.sgdLr, momentum: 0 },
    Momentum: { kind: 'sgd', lr: settings.momentumLr, momentum: settings.momentum },
    AdaGrad: { kind: 'adagrad', lr: settings.adagradLr, eps: settings.adagradEps },
    Adam: { kind: 'adam', lr, beta1, beta2, eps, epsilonHat: settings.dialect === 'book' },
  };
}

function learningRate(name: OptimizerName, value: number) {
  return float({
    default: value,
    min: 0,
    max: 1_000,
    label: { en: `Learning rate, ${name}`, ko: `${name} 학습률`, ja: `${name} の学習率` },
    help: {
      en: `How far ${name} moves in a step.`,
      ko: `${name}의 매개변수 갱신 폭을 정하는 학습률.`,
      ja: `${name} のパラメータ更新の幅を決める学習率。`,
    },
  });
}

function epsilon(name: OptimizerName, value: number) {
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
