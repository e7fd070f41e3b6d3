// The four optimizers that the book compares, and the options of both comparisons.

import { optionTexts } from '../i18n/index.ts';
import type { Dialect, OptimizerSpec } from '../training/arm.ts';
import { rateSlider, ruleOptions } from './optimizer.ts';
import { float, inGroup } from './options.ts';

/** The names of the arms in the book's order. */
export const optimizerNames = ['SGD', 'Momentum', 'AdaGrad', 'Adam'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** Learning rates by optimizer. */
export type Rates = Readonly<Record<OptimizerName, number>>;

/** Returns the options of the four optimizers, with default learning rates of an experiment. */
export function fourOptimizerOptions(rates: Rates) {
  return inGroup('optimizer', {
    sgdLr: learningRate('SGD', rates.SGD),
    momentumLr: learningRate('Momentum', rates.Momentum),
    adagradLr: learningRate('AdaGrad', rates.AdaGrad),
    adamLr: learningRate('Adam', rates.Adam),
    ...ruleOptions(({ optimizers }, rules) => rules.some((rule) => includesRule(optimizers, rule))),
  });
}

/** Returns whether a comparison has an optimizer. Without the option `optimizers` it has all four. */
export function includesRule(optimizers: unknown, rule: string): boolean {
  const compared = Array.isArray(optimizers) ? optimizers : optimizerNames;
  return compared.some((name) => String(name).toLowerCase() === rule.toLowerCase());
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
  readonly weightDecay?: number;
}

/**
 * Returns the four optimizers that the options describe. The book's Momentum, v ← μv − ηg and w ← w + v, has the same
 * result as v ← μv + g and w ← w − ηv because η is constant. So both dialects use the same rule.
 */
export function fourOptimizers(settings: OptimizerSettings): Readonly<Record<OptimizerName, OptimizerSpec>> {
  const { adamLr: lr, adamBeta1: beta1, adamBeta2: beta2, adamEps: eps } = settings;
  const decay = { weightDecay: settings.weightDecay ?? 0 };
  return {
    SGD: { ...decay, kind: 'sgd', lr: settings.sgdLr, momentum: 0 },
    Momentum: { ...decay, kind: 'sgd', lr: settings.momentumLr, momentum: settings.momentum },
    AdaGrad: { ...decay, kind: 'adagrad', lr: settings.adagradLr, eps: settings.adagradEps },
    Adam: { ...decay, kind: 'adam', lr, beta1, beta2, eps, epsilonHat: settings.dialect === 'book' },
  };
}

function learningRate(name: OptimizerName, value: number) {
  return float({
    default: value,
    min: 0,
    max: 1_000,
    ...rateSlider,
    when: ({ optimizers }) => includesRule(optimizers, name),
    ...optionTexts('options.four-optimizers.learning-rate', { name }),
  });
}
