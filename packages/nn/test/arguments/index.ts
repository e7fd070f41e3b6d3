// A valid call of every export of kernels and nn, with every parameter and option, for arguments.test.ts. Add a row here for each new
// export, method or option.
import * as nn from '../../src/index.ts';
import { built, type Call, dataset, type Loose, model, sgd } from './fixtures.ts';
import { formatCalls, kernelCalls } from './formats.ts';
import { callsOfLayer, callsOfOptimizer, callsOfSchedule, layers, optimizers, schedules } from './layers.ts';
import { arrays, training } from './training.ts';

/** Exports without arguments: errors, tables, rules, and base classes whose subclasses have rows. */
export const constants: ReadonlySet<string> = new Set([
  ...['MemoryError', 'WrongKernelError', 'variants', 'streams', 'dtypeBytes'],
  ...['imageFiles', 'mnistSha256', 'Optimizer', 'optimizers', 'Activation', 'activations'],
]);

/** Methods that are protected or internal. */
export const internal: ReadonlySet<string> = new Set([
  ...[
    'allocateBuffers',
    'allocateWorkspace',
    'allocateAffine',
    'allocateState',
    'initializeParameters',
    'countPositions',
  ],
  ...['computeOutput', 'computeGradients', 'computeForward', 'computeBackward', 'computeValues', 'computeDerivatives'],
  ...['fusedActivation', 'forgetForward', 'isSaturated', 'buffers', 'checkGradient', 'retire', 'gather'],
  ...['prepareStep', 'update', 'first', 'next', 'permute', 'throwNotAllocated'],
]);

/** Rows by `Class`, `function`, `Class.static`, `Class#method`. */
export const calls: Record<string, () => Call> = {
  ...kernelCalls,
  ...arrays,
  ...training,
  ...formatCalls,
  ...Object.fromEntries(Object.keys(layers).flatMap((name) => [...callsOfLayer(name)])),
  ...Object.fromEntries(Object.keys(optimizers).flatMap((name) => [...callsOfOptimizer(name)])),
  ...Object.fromEntries(Object.keys(schedules).flatMap((name) => [...callsOfSchedule(name)])),
};

/** Objects by `Class#property`, a property that can be set. */
export const properties: Record<string, () => object> = {
  ...Object.fromEntries(
    Object.entries(layers).map(([name, [args]]) => [
      `${name}#training`,
      () => new (nn as Loose)[name](...Object.values(args)),
    ]),
  ),
  'DataLoader#nextEpoch': () => new nn.DataLoader(dataset, { batchSize: 1 }),
  'Dropout#p': () => new nn.Dropout(),
  'Dropout#step': () => new nn.Dropout(),
  'Sequential#step': built,
  'Sequential#training': built,
  ...Object.fromEntries(
    Object.keys(optimizers).map((name) => [
      `${name}#lr`,
      () => new (nn as Loose)[name](model.parameters(), { lr: 0.1 }),
    ]),
  ),
  'Parameter#requiresGrad': () => new nn.Parameter('w', [2]),
  'ParamGroup#lr': () => sgd().paramGroups[0] as object,
};
