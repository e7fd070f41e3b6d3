// Arms that come from elsewhere, checked before anything is built from them: every key known, every number within what
// the options of experiments allow. A test holds it against the arms of every experiment, the compiler against `ArmSpec`.
import { activationNames, type OptimizerName } from '@descent/nn';
import { MAX_CLASSES } from '@descent/nn/data';
import * as v from 'valibot';
import type { ArmSpec } from '../training/arm.ts';
import { type SurfaceName, surfaces } from '../training/surface.ts';

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const number = (min: number, max: number) => v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max));
const many = <T extends v.GenericSchema>(item: T, most: number) =>
  v.pipe(v.array(item), v.maxLength(most), v.readonly());
const pair = <T extends v.GenericSchema>(item: T) => v.pipe(v.strictTuple([item, item]), v.readonly());

/** As many steps as a million epochs of a million single images. */
const MAX_STEPS = 1e12;
const MAX_UNITS = 4_096;
const MAX_EXAMPLES = 1_000_000;

const Steps = whole(1, MAX_STEPS);
const Units = whole(1, MAX_UNITS);
const HiddenSizes = many(Units, 32);
const Share = number(0, 1);
const Activation = v.picklist(activationNames);
const Norm = v.picklist(['none', 'batch', 'layer']);
const Init = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['he', 'xavier', 'glorot']) }),
  v.strictObject({ kind: v.literal('normal'), std: number(0, 100) }),
]);

const rate = { lr: number(0, 1e6), weightDecay: v.exactOptional(number(0, 1e6)) };
const adam = { ...rate, beta1: Share, beta2: Share, eps: Share, epsilonHat: v.boolean() };
const optimizers = {
  sgd: v.strictObject({ ...rate, kind: v.literal('sgd'), momentum: Share, nesterov: v.exactOptional(v.boolean()) }),
  adagrad: v.strictObject({ ...rate, kind: v.literal('adagrad'), eps: Share }),
  rmsprop: v.strictObject({ ...rate, kind: v.literal('rmsprop'), alpha: Share, eps: Share }),
  adam: v.strictObject({ ...adam, kind: v.literal('adam') }),
  adamw: v.strictObject({ ...adam, kind: v.literal('adamw') }),
} satisfies Record<OptimizerName, unknown>;
const Optimizer = v.variant('kind', Object.values(optimizers));

const classes = v.exactOptional(whole(2, MAX_CLASSES));
const perceptron = {
  classes,
  hiddenSizes: HiddenSizes,
  activation: Activation,
  init: Init,
  norm: Norm,
  dropout: number(0, 0.99),
};
const Network = v.variant('kind', [
  v.strictObject({ kind: v.literal('perceptron'), ...perceptron }),
  v.strictObject({
    kind: v.literal('convnet'),
    ...perceptron,
    channels: many(whole(1, 256), 3),
    kernelSize: whole(1, 100),
  }),
  v.strictObject({
    kind: v.literal('recurrent'),
    classes,
    sequenceSteps: whole(1, MAX_EXAMPLES),
    hiddenSize: Units,
    norm: Norm,
    initialGamma: number(0, 100),
  }),
]);

/** What a trial tries, by name. */
const Trial = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(64)), number(-1e6, 1e6)),
  v.check((trial) => Object.keys(trial).length <= 32, 'at most 32 numbers'),
);

const Classifier = v.strictObject({
  kind: v.literal('classifier'),
  network: Network,
  optimizer: Optimizer,
  trial: v.exactOptional(Trial),
  batchSize: whole(1, MAX_UNITS),
  steps: Steps,
  trainSamples: whole(1, MAX_EXAMPLES),
  validationShare: number(0, 0.9),
  testSamples: whole(1, MAX_EXAMPLES),
  measures: many(v.picklist(['train', 'validation', 'test', 'batch']), 8),
  evaluateEvery: whole(0, MAX_STEPS),
  probeEvery: v.exactOptional(whole(1, MAX_STEPS)),
  dialect: v.picklist(['modern', 'book']),
});

const Surface = v.strictObject({
  kind: v.literal('surface'),
  surface: v.picklist(Object.keys(surfaces) as SurfaceName[]),
  start: pair(number(-1e6, 1e6)),
  optimizer: Optimizer,
  steps: Steps,
});

const Activations = v.strictObject({
  kind: v.literal('activations'),
  steps: v.literal(1),
  inputs: Units,
  samples: whole(1, 100_000),
  hiddenSizes: v.pipe(HiddenSizes, v.minLength(1)),
  activation: Activation,
  init: Init,
  bins: whole(2, 1_000),
  range: pair(number(-1e6, 1e6)),
});

/** A name that can be printed as it is: no control character of a terminal is among its letters. */
export const PlainText = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'text without control characters'),
);

export const ArmSpecSchema = v.strictObject({
  name: PlainText,
  seed: whole(0, 2 ** 32 - 1),
  task: v.variant('kind', [Classifier, Surface, Activations]),
}) satisfies v.GenericSchema<unknown, ArmSpec>;
