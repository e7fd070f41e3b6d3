// The options of the network, which all experiments with a perceptron share.
import { activationNames } from '@descent/nn';
import { optionTexts } from '../i18n/index.ts';
import type { Activation, InitSpec, Norm, PerceptronSpec } from '../training/arm.ts';
import { dialect } from './dialect.ts';
import { choice, float, inGroup, ints } from './options.ts';

const hasHiddenLayers = ({ hiddenSizes }: { readonly hiddenSizes?: unknown }) =>
  Array.isArray(hiddenSizes) && hiddenSizes.length > 0;

const network = inGroup('network', {
  hiddenSizes: ints({
    default: [100, 100, 100, 100],
    min: 1,
    max: 4_096,
    minLength: 0,
    maxLength: 32,
    ...optionTexts('options.network.hidden-sizes'),
  }),
  activation: choice({
    default: 'relu',
    choices: activationNames,
    when: hasHiddenLayers,
    ...optionTexts('options.network.activation'),
  }),
  init: choice({
    default: 'he',
    choices: ['he', 'xavier', 'glorot', 'normal'],
    ...optionTexts('options.network.init'),
  }),
  initStd: float({
    default: 0.01,
    min: 0,
    max: 100,
    slider: [1e-4, 10],
    scale: 'log',
    when: ({ init }) => init === 'normal',
    ...optionTexts('options.network.init-std'),
  }),
  norm: choice({
    default: 'none',
    choices: ['none', 'batch', 'layer'],
    when: hasHiddenLayers,
    ...optionTexts('options.network.norm'),
  }),
  dropout: float({
    default: 0,
    min: 0,
    max: 0.99,
    slider: [0, 0.9],
    when: hasHiddenLayers,
    ...optionTexts('options.network.dropout'),
  }),
});

/** The options with the book's defaults. An experiment overrides those that differ. */
export const networkOptions = { dialect, ...network };

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
