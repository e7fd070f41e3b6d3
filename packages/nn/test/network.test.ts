// Whole networks: ten steps against PyTorch, the same bits on every variant.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import {
  Adagrad,
  Adam,
  AdamW,
  CrossEntropyLoss,
  type Device,
  Linear,
  MSELoss,
  ReLU,
  RMSprop,
  Sequential,
  SGD,
  Sigmoid,
  Tanh,
  Tensor,
} from '../src/index.ts';
import { devices } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';

interface Row {
  name: string;
  sizes: number[];
  activation: keyof typeof activations;
  loss: 'CrossEntropyLoss' | 'MSELoss';
  optimizer: keyof typeof optimizers;
  options: { lr: number };
  batch: number;
  initial: Record<string, GoldenArray>;
  inputs: number[][];
  targets: number[][];
  losses: number[];
  final: Record<string, GoldenArray>;
}

const activations = { ReLU, Sigmoid, Tanh };
const optimizers = { SGD, Adagrad, RMSprop, Adam, AdamW };
const rows = golden<Row[]>('networks');

function build({ sizes, activation, batch, initial }: Row, device: Device): Sequential {
  const layers = sizes.slice(1).flatMap((size, index) => {
    const linear = new Linear(sizes[index] as number, size);
    return index === sizes.length - 2 ? [linear] : [linear, new activations[activation]()];
  });
  const model = new Sequential(layers).to(device, { inputShape: [sizes[0] as number], batchSize: batch, seed: 1 });
  const entries = Object.entries(initial).map(([name, { shape, data }]) => [
    name,
    { shape, data: Float32Array.from(data) },
  ]);
  model.loadStateDict(Object.fromEntries(entries));
  return model;
}

/** Trains on the row's batches. @returns the loss of every step */
function train(row: Row, model: Sequential): number[] {
  const { device } = model;
  const classes = row.sizes.at(-1) as number;
  const optimizer = new optimizers[row.optimizer](model.parameters(), row.options);
  const crossEntropy = new CrossEntropyLoss().allocate(device, Math.max(2, classes), row.batch);
  const squaredError = new MSELoss().allocate(device, classes, row.batch);
  return row.inputs.map((input, step) => {
    const y = model.forward(Tensor.from(device, input, [row.batch, row.sizes[0] as number]));
    const target = row.targets[step] as number[];
    const byClass = row.loss === 'CrossEntropyLoss';
    const value = byClass
      ? crossEntropy.forward(y, Tensor.from(device, target, [row.batch], 'int32'))
      : squaredError.forward(y, Tensor.from(device, target, y.shape));
    model.backward(byClass ? crossEntropy.backward() : squaredError.backward());
    optimizer.step();
    return value;
  });
}

describe.each(devices)('$variant trains as PyTorch does', (device) => {
  test.each(rows)('$name', (row) => {
    const model = build(row, device);
    expectClose(train(row, model), row.losses, 2e-6, 'losses');
    const state = model.stateDict();
    expect(Object.keys(state)).toEqual(Object.keys(row.final));
    for (const [name, { shape, data }] of Object.entries(row.final)) {
      expect(state[name]?.shape).toEqual(shape);
      expectClose(state[name]?.data ?? [], data, 3e-6, name);
    }
  });
});

test.each(rows)('$name: the same bits on every variant', (row) => {
  const digests = devices.map((device) => {
    const model = build(row, device);
    const losses = Float32Array.from(train(row, model));
    const { data } = model.values;
    return bytesToHex(sha256(new Uint8Array(Float32Array.of(...losses, ...data).buffer)));
  });
  expect(new Set(digests).size).toBe(1);
});
