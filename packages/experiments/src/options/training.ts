// The options of training, data and evaluation, which experiments on MNIST share.
import { MAX_CLASSES } from '@descent/nn/data';
import { message, optionTexts } from '../i18n/index.ts';
import type { Text } from '../text.ts';
import type { ClassifierTask, Dialect, OptimizerSpec, Part } from '../training/arm.ts';
import { stepsPerEpoch } from '../training/epoch.ts';
import { type NetworkSettings, perceptron } from './network.ts';
import { int } from './options.ts';

export const dataOptions = {
  batchSize: int({
    default: 128,
    min: 1,
    max: 4_096,
    scale: 'log',
    label: message('batch-norm-limits.batch-size-axis.label'),
    help: message('options.training.batch-size.help'),
  }),
  trainSamples: count(60_000, optionTexts('options.training.train-samples')),
  testSamples: count(10_000, optionTexts('options.training.test-samples')),
  classes: int({ default: 10, min: 2, max: MAX_CLASSES, group: 'network', ...optionTexts('options.training.classes') }),
};

export const stepOptions = {
  steps: count(2_000, {
    label: message('optimizer-compare-naive.steps.label'),
    help: message('options.training.steps.help'),
  }),
  evaluateEvery: int({
    default: 0,
    min: 0,
    max: 1_000_000,
    label: message('options.training.evaluate-every.label'),
    help: message('options.training.evaluate-every.help-steps'),
  }),
};

export const epochOptions = {
  epochs: count(20, optionTexts('options.training.epochs')),
  evaluateEvery: int({
    default: 1,
    min: 0,
    max: 1_000_000,
    label: message('options.training.evaluate-every.label'),
    help: message('options.training.evaluate-every.help-epochs'),
  }),
};

function count(value: number, texts: { readonly label: Text; readonly help: Text }) {
  return int({ default: value, min: 1, max: 1_000_000, scale: 'log', ...texts });
}

interface DataSettings extends NetworkSettings {
  readonly dialect: Dialect;
  readonly batchSize: number;
  readonly trainSamples: number;
  readonly testSamples: number;
}

interface StepSettings extends DataSettings {
  readonly steps: number;
  readonly evaluateEvery: number;
}

/** Returns the task that the options describe; its length is given in steps. */
export function steppedTask(settings: StepSettings, optimizer: OptimizerSpec): ClassifierTask {
  const { dialect, batchSize, steps, trainSamples, testSamples, evaluateEvery } = settings;
  return {
    kind: 'classifier',
    network: perceptron(settings),
    optimizer,
    batchSize,
    steps,
    trainSamples,
    validationShare: 0,
    testSamples,
    measures: ['test'],
    evaluateEvery,
    dialect,
  };
}

interface EpochSettings extends DataSettings {
  readonly epochs: number;
  readonly evaluateEvery: number;
}

interface EpochTaskOptions {
  readonly optimizer: OptimizerSpec;
  readonly measures: readonly Part[];
  /**
   * Where the book's program ends: after its last epoch (as its Trainer does), or with the measurement at the start of
   * its last epoch (as its hand-written loops do).
   */
  readonly bookEnds: 'with-epoch' | 'with-measurement';
  /** Default 0. */
  readonly validationShare?: number;
}

/** Returns the task that the options describe; its length is given in epochs. */
export function epochTask(settings: EpochSettings, plan: EpochTaskOptions): ClassifierTask {
  const { dialect, epochs, evaluateEvery } = settings;
  const { optimizer, measures, bookEnds, validationShare = 0 } = plan;
  const epoch = stepsPerEpoch({ ...settings, validationShare });
  const stopsEarly = dialect === 'book' && bookEnds === 'with-measurement';
  return {
    ...steppedTask({ ...settings, steps: epochs * epoch }, optimizer),
    steps: stopsEarly ? (epochs - 1) * epoch + 1 : epochs * epoch,
    validationShare,
    measures,
    evaluateEvery: evaluateEvery * epoch,
  };
}
