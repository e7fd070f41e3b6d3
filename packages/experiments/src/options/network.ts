// The options of the network, which all experiments with a perceptron share.
import { activationNames } from '@descent/nn';
import { optionTexts } from '../i18n/index.ts';
import type { Activation, InitSpec, Norm, PerceptronSpec } from '../training/arm.ts';
import { dialect } from './dialect.ts';
import { choice, float, ints } from './options.ts';

/** The options with the book's defaults. An experiment overrides those that differ. */
export const networkOptions = {
  dialect,
  hiddenSizes: ints({
    default: [100, 100, 100, 100],
    min: 1,
    max: 4_096,
    minLength: 0,
    maxLength: 32,
    ...optionTexts('options.network.hidden-sizes'),
  }),
  activation: choice({ default: 'relu', choices: activationNames, ...optionTexts('options.network.activation') }),
  init: choice({
    default: 'he',
    choices: ['he', 'xavier', 'glorot', 'normal'],
    ...optionTexts('options.network.init'),
  }),
  initStd: float({ default: 0.01, min: 0, max: 100, ...optionTexts('options.network.init-std') }),
  norm: choice({ default: 'none', choices: ['none', 'batch', 'layer'], ...optionTexts('options.network.norm') }),
  dropout: float({ default: 0, min: 0, max: 0.99, ...optionTexts('options.network.dropout') }),
};

export interface NetworkSettings {
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly init: InitSpec['kind'];
  readonly initStd: number;
  readonly norm: Norm;
  readonly dropout: number;
  readonly classes?: number;
}

/** Returns the number of classes; 10 for old records without this option. */
export const classCount = ({ classes = 10 }: { readonly classes?: unknown }) => classes as number;

/** Returns the field `classes` of a network. It is omitted for 10 classes, as in old records. */
export const classesField = (settings: { readonly classes?: number }) =>
  classCount(settings) === 10 ? {} : { classes: classCount(settings) };

/** Returns the network that the options describe. */
export function perceptron({ init, initStd, ...rest }: NetworkSettings): PerceptronSpec {
  const { hiddenSizes, activation, norm, dropout } = rest;
  const spec: InitSpec = init === 'normal' ? { kind: init, std: initStd } : { kind: init };
  return { kind: 'perceptron', hiddenSizes, activation, init: spec, norm, dropout, ...classesField(rest) };
}
