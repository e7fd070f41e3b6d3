// The options of the network, which all experiments with a perceptron share.
import { activationNames } from '@descent/nn';
import { message } from '../i18n/index.ts';
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
    label: message('options.network.hidden-sizes.label'),
    help: message('options.network.hidden-sizes.help'),
  }),
  activation: choice({
    default: 'relu',
    choices: activationNames,
    label: message('options.network.activation.label'),
    help: message('options.network.activation.help'),
  }),
  init: choice({
    default: 'he',
    choices: ['he', 'xavier', 'glorot', 'normal'],
    label: message('options.network.init.label'),
    help: message('options.network.init.help'),
  }),
  initStd: float({
    default: 0.01,
    min: 0,
    max: 100,
    label: message('options.network.init-std.label'),
    help: message('options.network.init-std.help'),
  }),
  norm: choice({
    default: 'none',
    choices: ['none', 'batch', 'layer'],
    label: message('options.network.norm.label'),
    help: message('options.network.norm.help'),
  }),
  dropout: float({
    default: 0,
    min: 0,
    max: 0.99,
    label: message('options.network.dropout.label'),
    help: message('options.network.dropout.help'),
  }),
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
