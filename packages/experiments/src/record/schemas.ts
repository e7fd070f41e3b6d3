// Schemas of the library valibot for arms, their results and checkpoints that other machines send. The page does not
// need them, so they are not in the index of the package. In an arm every key must be known, and every number must be
// in the range of the options of experiments.
import { activationNames, type OptimizerName } from '@descent/nn';
import { MAX_CLASSES } from '@descent/nn/data';
import * as v from 'valibot';
import type { ArmSpec } from '../training/arm.ts';
import { type SurfaceName, surfaces } from '../training/surface.ts';
import type { Checkpoint } from '../training/training.ts';
import { CheckpointSchema as CheckpointParts } from './journal.ts';
import { ArmRecordSchema as ArmRecordParts } from './json.ts';
import type { ArmRecord } from './record.ts';

export { encodeCheckpoint } from './journal.ts';
export { encodeArm } from './json.ts';

/** The result of an arm as `encodeArm` wrote it. */
export const ArmRecordSchema: v.GenericSchema<unknown, ArmRecord> = ArmRecordParts;

/** A checkpoint as `encodeCheckpoint` wrote it. */
export const CheckpointSchema: v.GenericSchema<unknown, Checkpoint> = CheckpointParts;

const integer = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const number = (min: number, max: number) => v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max));
const list = <T extends v.GenericSchema>(item: T, maxLength: number) =>
  v.pipe(v.array(item), v.maxLength(maxLength), v.readonly());
const pair = <T extends v.GenericSchema>(item: T) => v.pipe(v.strictTuple([item, item]), v.readonly());

/** The steps of a million epochs of a million images with batch size 1. */
const MAX_STEPS = 1e12;
const MAX_UNITS = 4_096;
const MAX_EXAMPLES = 1_000_000;

const Steps = integer(1, MAX_STEPS);
const Units = integer(1, MAX_UNITS);
const HiddenSizes = list(Units, 32);
const Share = number(0, 1);
const Activation = v.picklist(activationNames);
const Norm = v.picklist(['none', 'batch', 'layer']);
const Init = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['he', 'xavier', 'glorot']) }),
  v.strictObject({ kind: v.literal('normal'), std: number(0, 100) }),
]);

const commonOptions = { lr: number(0, 1e6), weightDecay: v.exactOptional(number(0, 1e6)) };
const adam = { ...commonOptions, beta1: Share, beta2: Share, eps: Share, epsilonHat: v.boolean() };
const optimizers = {
  sgd: v.strictObject({
    ...commonOptions,
    kind: v.literal('sgd'),
    momentum: Share,
    nesterov: v.exactOptional(v.boolean()),
  }),
  adagrad: v.strictObject({ ...commonOptions, kind: v.literal('adagrad'), eps: Share }),
  rmsprop: v.strictObject({ ...commonOptions, kind: v.literal('rmsprop'), alpha: Share, eps: Share }),
  adam: v.strictObject({ ...adam, kind: v.literal('adam') }),
  adamw: v.strictObject({ ...adam, kind: v.literal('adamw') }),
} satisfies Record<OptimizerName, unknown>;
const Optimizer = v.variant('kind', Object.values(optimizers));

const classes = v.exactOptional(integer(2, MAX_CLASSES));
const perceptron = {
  classes,
  hiddenSizes: HiddenSizes,
  activation: Activation,
  init: Init,
  norm: Norm,
  dropout: number(0, 0.99),
};
/** A network of an arm that comes from a file or a queue. */
export const NetworkSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('perceptron'), ...perceptron }),
  v.strictObject({
    kind: v.literal('convnet'),
    ...perceptron,
    channels: list(integer(1, 256), 3),
    kernelSize: integer(1, 100),
  }),
  v.strictObject({
    kind: v.literal('recurrent'),
    classes,
    sequenceSteps: integer(1, MAX_EXAMPLES),
    hiddenSize: Units,
    norm: Norm,
    initialGamma: number(0, 100),
  }),
]);

/** Hyperparameters of a trial by name. */
const Trial = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(64)), number(-1e6, 1e6)),
  v.check((trial) => Object.keys(trial).length <= 32, 'at most 32 numbers'),
);

const Classifier = v.strictObject({
  kind: v.literal('classifier'),
  network: NetworkSchema,
  optimizer: Optimizer,
  trial: v.exactOptional(Trial),
  batchSize: integer(1, MAX_UNITS),
  steps: Steps,
  trainSamples: integer(1, MAX_EXAMPLES),
  validationShare: number(0, 0.9),
  testSamples: integer(1, MAX_EXAMPLES),
  measures: list(v.picklist(['train', 'validation', 'test', 'batch']), 8),
  evaluateEvery: integer(0, MAX_STEPS),
  probeEvery: v.exactOptional(integer(1, MAX_STEPS)),
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
  samples: integer(1, 100_000),
  hiddenSizes: v.pipe(HiddenSizes, v.minLength(1)),
  activation: Activation,
  init: Init,
  bins: integer(2, 1_000),
  range: pair(number(-1e6, 1e6)),
});

/** A text of at most 200 characters without control characters, which a terminal would execute. */
export const PlainText: v.GenericSchema<unknown, string> = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'text without control characters'),
);

/** An arm to train. */
export const ArmSpecSchema: v.GenericSchema<unknown, ArmSpec> = v.strictObject({
  name: PlainText,
  seed: integer(0, 2 ** 32 - 1),
  task: v.variant('kind', [Classifier, Surface, Activations]),
});
