// Whole networks: ten training steps compared with PyTorch, and equal bits on all variants.
import { expect, test } from 'vitest';
import * as nn from '../src/index.ts';
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

const devices = await Promise.all(nn.availableVariants().map((variant) => nn.loadDevice({ variant, bytes: 2 ** 22 })));
const activations = { ReLU: nn.ReLU, Sigmoid: nn.Sigmoid, Tanh: nn.Tanh };
const optimizers = { SGD: nn.SGD, Adagrad: nn.Adagrad, RMSprop: nn.RMSprop, Adam: nn.Adam, AdamW: nn.AdamW };

function build({ sizes, activation, batch, initial }: Row, device: nn.Device): nn.Sequential {
  const layers = sizes.slice(1).flatMap((size, index) => {
    const linear = new nn.Linear(sizes[index] as number, size);
    return index === sizes.length - 2 ? [linear] : [linear, new activations[activation]()];
  });
  const model = new nn.Sequential(layers).to(device, { inputShape: [sizes[0] as number], batchSize: batch, seed: 1 });
  const entries = Object.entries(initial).map(([name, { shape, data }]) => [
    name,
    { shape, data: Float32Array.from(data) },
  ]);
  model.loadStateDict(Object.fromEntries(entries));
  return model;
}

/** Trains a model and returns the loss of each step. */
function train(row: Row, model: nn.Sequential): number[] {
  const { device } = model;
  const classes = row.sizes.at(-1) as number;
  const optimizer: nn.Optimizer = new optimizers[row.optimizer](model.parameters(), row.options);
  const crossEntropy = new nn.CrossEntropyLoss().allocate(device, Math.max(2, classes), row.batch);
  const squaredError = new nn.MSELoss().allocate(device, classes, row.batch);
  return row.inputs.map((input, step) => {
    const y = model.forward(nn.Tensor.from(device, input, [row.batch, row.sizes[0] as number]));
    const target = row.targets[step] as number[];
    const isCrossEntropy = row.loss === 'CrossEntropyLoss';
    const value = isCrossEntropy
      ? crossEntropy.forward(y, nn.Tensor.from(device, target, [row.batch], 'int32'))
      : squaredError.forward(y, nn.Tensor.from(device, target, y.shape));
    model.backward(isCrossEntropy ? crossEntropy.backward() : squaredError.backward());
    optimizer.step();
    return value;
  });
}

test.each(golden<Row[]>('networks'))('$name trains like PyTorch, with the same bits on all variants', (row) => {
  const [first, ...others] = devices.map((device) => {
    const model = build(row, device);
    return { losses: train(row, model), state: model.stateDict() };
  }) as [{ losses: number[]; state: nn.StateDict }];
  expectClose(first.losses, row.losses, 2e-6, 'losses');
  expect(Object.keys(first.state)).toEqual(Object.keys(row.final));
  for (const [name, { shape, data }] of Object.entries(row.final)) {
    expect(first.state[name]?.shape).toEqual(shape);
    expectClose(first.state[name]?.data ?? [], data, 3e-6, name);
  }
  for (const other of others) expect(other).toEqual(first);
});
