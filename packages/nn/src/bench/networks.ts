// The networks and optimizers whose step is timed: those of the experiments.
import type { Device } from '@descent/kernels';
import type { Parameter } from '../core/parameter.ts';
import { ReLU } from '../layers/activation.ts';
import { BatchNorm1d } from '../layers/batch-norm.ts';
import { Linear } from '../layers/linear.ts';
import { Sequential } from '../layers/sequential.ts';
import { Adagrad } from '../optim/adagrad.ts';
import { Adam } from '../optim/adam.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { SGD } from '../optim/sgd.ts';

export const BATCH = 128;
const INPUTS = 784;
const HIDDEN = 100;
export const CLASSES = 10;

const stack = (depth: number, hasNorm: boolean) => {
  const hidden = Array.from({ length: depth }, (_, index) => [
    new Linear(index === 0 ? INPUTS : HIDDEN, HIDDEN),
    ...(hasNorm ? [new BatchNorm1d(HIDDEN)] : []),
    new ReLU(),
  ]);
  return new Sequential([...hidden.flat(), new Linear(HIDDEN, CLASSES)]);
};

export const networks = {
  '784-100x4-10': () => stack(4, false),
  '784-100x5-10+batchnorm': () => stack(5, true),
} as const;

export type NetworkName = keyof typeof networks;

export const optimizers = {
  SGD: (parameters) => new SGD(parameters, { lr: 0.01 }),
  Momentum: (parameters) => new SGD(parameters, { lr: 0.01, momentum: 0.9 }),
  AdaGrad: (parameters) => new Adagrad(parameters, { lr: 0.01 }),
  Adam: (parameters) => new Adam(parameters, { lr: 0.001 }),
} as const satisfies Record<string, (parameters: readonly Parameter[]) => Optimizer>;

export type OptimizerName = keyof typeof optimizers;

/** The model with its parameters in place, the same on every device. */
export function place(network: NetworkName, device: Device): Sequential {
  return networks[network]().to(device, { inputShape: [INPUTS], batchSize: BATCH, seed: 1 });
}
