// Test helpers: devices, a tiny data set that can be learned, runs of experiments.
import { type Device, loadDevice, Tensor, TensorDataset, type Variant } from '@descent/nn';
import type { Experiment } from '../src/experiment.ts';
import { parseOptions } from '../src/options/options.ts';
import { assembleRecord } from '../src/record/assemble.ts';
import { type ArmRecord, noData, type RunRecord } from '../src/record/record.ts';
import type { ArmSpec, ClassifierTask, NetworkSpec, OptimizerSpec, PerceptronSpec } from '../src/training/arm.ts';
import { createExecutor, type ExecuteOptions, type ExecutorContext, type RunEvent } from '../src/training/executor.ts';
import { createSchedule, runSchedule } from '../src/training/schedule.ts';
import type { TrainingContext } from '../src/training/training.ts';

export const device = (variant: Variant = 'simd128'): Promise<Device> => loadDevice({ variant, bytes: 2 ** 22 });

/** Creates square images in which the pixel at the index of the label is bright and the others are noise. */
export function tinyData(target: Device, length = 60, side = 4): TrainingContext['data'] {
  const size = side * side;
  const labels = Uint8Array.from({ length }, (_, i) => i % 10);
  const pixels = Uint8Array.from({ length: size * length }, (_, i) => {
    return i % size === labels[Math.floor(i / size)] ? 255 : (i * 37) % 64;
  });
  const inputs = Tensor.from(target, pixels, [length, size], 'uint8');
  const set = new TensorDataset({ inputs, labels: Tensor.from(target, labels, [length], 'uint8') });
  return { train: set, test: set.slice(0, 10) };
}

export async function tinyContext(variant?: Variant, side?: number): Promise<TrainingContext> {
  const target = await device(variant);
  return { device: target, data: tinyData(target, undefined, side) };
}

export const sgd: OptimizerSpec = { kind: 'sgd', lr: 0.1, momentum: 0 };
export const optimizers: Readonly<Record<string, OptimizerSpec>> = {
  SGD: sgd,
  Momentum: { kind: 'sgd', lr: 0.1, momentum: 0.9 },
  AdaGrad: { kind: 'adagrad', lr: 0.1, eps: 1e-10 },
  Adam: { kind: 'adam', lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8, epsilonHat: false },
};

type Changes = Partial<Omit<ClassifierTask, 'kind'> & Omit<PerceptronSpec, 'kind'>>;

/** Returns an arm with a small classifier. */
export function classifier(changes: Changes = {}, name = 'arm', seed = 1): ArmSpec {
  const {
    hiddenSizes = [7, 5],
    activation = 'relu',
    init = { kind: 'he' },
    norm = 'none',
    dropout = 0,
    ...rest
  } = changes;
  const task: ClassifierTask = {
    kind: 'classifier',
    network: { kind: 'perceptron', hiddenSizes, activation, init, norm, dropout },
    optimizer: sgd,
    batchSize: 8,
    steps: 12,
    trainSamples: 60,
    validationShare: 0,
    testSamples: 10,
    measures: ['test'],
    evaluateEvery: 0,
    dialect: 'modern',
    ...rest,
  };
  return { name, seed, task };
}

/** Returns an arm with Adam and another network than a perceptron. */
function withNetwork(name: string, network: NetworkSpec): ArmSpec {
  const spec = classifier({ evaluateEvery: 4, optimizer: optimizers.Adam }, name);
  return { ...spec, task: { ...spec.task, network } as ClassifierTask };
}

const recurrent = { kind: 'recurrent', sequenceSteps: 4, hiddenSize: 3, initialGamma: 1 } as const;
const convolutional = { kind: 'convnet', channels: [2], kernelSize: 3, hiddenSizes: [3], activation: 'relu' } as const;

/** Arms with the other networks. */
export const otherNetworks = {
  recurrent: withNetwork('recurrent', { ...recurrent, norm: 'none' }),
  batchRecurrent: withNetwork('recurrent, batch norm', { ...recurrent, norm: 'batch' }),
  layerRecurrent: withNetwork('recurrent, layer norm', { ...recurrent, norm: 'layer' }),
  convnet: withNetwork('convnet', { ...convolutional, init: { kind: 'he' }, norm: 'layer', dropout: 0.2 }),
};

const soon = () => Promise.resolve();

/** Returns all events of a run that pauses after every step. */
export async function collectEvents(
  context: ExecutorContext,
  arms: ArmSpec[],
  options?: ExecuteOptions,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of createExecutor(context, soon, 0).run(arms, options)) events.push(event);
  return events;
}

export async function train(context: TrainingContext, arms: ArmSpec[], options?: ExecuteOptions): Promise<ArmRecord[]> {
  const events = await collectEvents(context, arms, options);
  return events.flatMap((event) => (event.kind === 'arm' ? [event.record] : []));
}

/** Values that make a run short. */
const SHORT = {
  steps: 3,
  epochs: 1,
  hiddenSizes: '4',
  batchSize: 5,
  trainSamples: 20,
  trials: 3,
  scales: 2,
  inputs: 6,
  samples: 20,
  batchSizes: '5,2,1',
  sequenceSteps: '14',
  hiddenSize: 4,
  channels: '2',
  kernelSize: '1',
  perceptronSizes: '4',
  evaluateEvery: 2,
};

/** Returns the options of an experiment that make its runs short, with some other values. */
export const shortOptions = ({ options }: Experiment, changes: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.entries({ ...SHORT, ...changes }).filter(([name]) => Object.hasOwn(options, name)));

/** Runs an experiment and returns its record. */
export async function run(
  experiment: Experiment,
  raw: Record<string, unknown> = {},
  seed = 1,
  context?: TrainingContext,
): Promise<RunRecord> {
  const options = parseOptions(experiment.options, raw);
  const used = context ?? { device: await device() };
  const schedule = createSchedule(experiment, options, seed);
  const ended = new Map<string, ArmRecord>();
  for await (const event of runSchedule(schedule, createExecutor(used, soon, 0)))
    if (event.kind === 'arm') ended.set(event.record.name, event.record);
  const arms = schedule.planned.map(({ name }) => ended.get(name) as ArmRecord);
  const { variant } = used.device;
  return assembleRecord(experiment, { options, seed, data: noData, variant, arms, environment: {}, elapsedSeconds: 0 });
}
