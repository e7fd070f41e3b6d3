// The options of the optimizers.
import { optimizerNames } from '@descent/nn';
import { message, optionTexts } from '../i18n/index.ts';
import type { Text } from '../text.ts';
import type { Dialect, OptimizerSpec } from '../training/arm.ts';
import { choice, float, inGroup, type Option } from './options.ts';

/** The slider of a learning rate. */
export const rateSlider = { slider: [1e-5, 10], scale: 'log' } as const;

type Condition = NonNullable<Option['when']>;

/**
 * Returns the options of the update rules except the learning rate.
 * @param isUsed whether a run with these options uses one of some rules
 */
export function ruleOptions(isUsed: (options: Parameters<Condition>[0], rules: readonly string[]) => boolean) {
  const rules =
    (...names: string[]): Condition =>
    (options) =>
      isUsed(options, names);
  const adam = rules('adam', 'adamw');
  return {
    momentum: float({
      default: 0.9,
      min: 0,
      max: 1,
      slider: [0, 1],
      when: rules('momentum', 'nesterov'),
      ...optionTexts('options.optimizer.momentum'),
    }),
    adagradEps: epsilon('AdaGrad', 1e-10, rules('adagrad')),
    adamBeta1: decayRate('β₁', 0.9, adam, message('options.optimizer.adam-beta1.help')),
    adamBeta2: decayRate('β₂', 0.999, adam, message('options.optimizer.adam-beta2.help')),
    adamEps: epsilon('Adam', 1e-8, rules('adam', 'adamw', 'rmsprop')),
  };
}

export const weightDecay = float({
  default: 0,
  min: 0,
  max: 1_000,
  slider: [1e-6, 1],
  scale: 'log',
  group: 'optimizer',
  ...optionTexts('options.optimizer.weight-decay'),
});

const [, ...otherOptimizers] = optimizerNames;

/** The choice of one optimizer. The book uses SGD except in the two comparisons. */
export const optimizerOptions = inGroup('optimizer', {
  optimizer: choice({
    default: 'sgd',
    choices: ['sgd', 'momentum', 'nesterov', ...otherOptimizers],
    ...optionTexts('options.optimizer.rule'),
  }),
  lr: float({ default: 0.01, min: 0, max: 1_000, ...rateSlider, ...optionTexts('options.optimizer.lr') }),
  weightDecay,
  ...ruleOptions(({ optimizer }, rules) => rules.includes(String(optimizer))),
});

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

/** Returns the optimizer that the options describe. RMSprop uses α = 0.99 and Adam's ε. */
export function optimizerSpec(settings: OptimizerSettings): OptimizerSpec {
  const { optimizer, lr, weightDecay, momentum, adagradEps, adamBeta1, adamBeta2, adamEps: eps, dialect } = settings;
  const rate = { lr, weightDecay };
  switch (optimizer) {
    case 'sgd':
      return { ...rate, kind: 'sgd', momentum: 0 };
    case 'momentum':
      return { ...rate, kind: 'sgd', momentum };
    case 'nesterov':
      // Without momentum both rules are plain SGD, and `SGD` refuses the combination.
      return { ...rate, kind: 'sgd', momentum, ...(momentum > 0 && { nesterov: true }) };
    case 'adagrad':
      return { ...rate, kind: 'adagrad', eps: adagradEps };
    case 'rmsprop':
      return { ...rate, kind: 'rmsprop', alpha: 0.99, eps };
    default:
      return { ...rate, kind: optimizer, beta1: adamBeta1, beta2: adamBeta2, eps, epsilonHat: dialect === 'book' };
  }
}

function epsilon(name: string, value: number, when: Condition) {
  return float({
    default: value,
    book: 1e-7,
    min: 0,
    max: 1,
    slider: [1e-12, 1],
    scale: 'log',
    when,
    ...optionTexts('options.optimizer.epsilon', { name }),
  });
}

function decayRate(symbol: string, value: number, when: Condition, help: Text) {
  const label = message('options.optimizer.decay-rate.label', { symbol });
  return float({ default: value, min: 0, max: 0.999999, slider: [0, 0.999], when, label, help });
}
