// Batch norm: running statistics, evaluation mode, state dicts and files.
import { describe, expect, test } from 'vitest';
import { loadModel, readSafetensors, saveModel, writeSafetensors } from '../src/formats/index.ts';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { allocateLayer, randomNormals } from './gradcheck.ts';

const book = { eps: 1e-6, runningVariance: 'biased', initialVariance: 0 } as const;
const columns = [1, -2, 3, 4, 5, 0, 7, 2];
const bufferData = (buffer: { value: nn.Tensor } | null): Float32Array => (buffer as { value: nn.Tensor }).value.data;

interface Run {
  name: string;
  layer: keyof typeof layers;
  arguments: [number, nn.BatchNormOptions];
  steps: { x: GoldenArray; y: GoldenArray; running: GoldenArray[] }[];
  evaluation: { x: GoldenArray; y: GoldenArray };
}

const layers = { BatchNorm1d: nn.BatchNorm1d, BatchNorm2d: nn.BatchNorm2d };

describe('agrees with PyTorch over five batches', () => {
  test.each(golden<Run[]>('batch-norm-runs'))('$name', (row) => {
    const [features, options] = row.arguments;
    const layer = allocateLayer(new layers[row.layer](features, options), device, row.evaluation.x.shape.slice(1), 5);
    const forward = ({ data, shape }: GoldenArray) => layer.forward(nn.Tensor.from(device, data, shape)).data;
    // PyTorch always counts batches; here only a cumulative average does.
    const count = options.trackRunningStats === false ? 0 : options.momentum === null ? 3 : 2;
    expect(layer.buffers().length).toBe(count);
    for (const { x, y, running } of row.steps) {
      expectClose(forward(x), y.data, 2e-6, 'y');
      for (const [index, { value }] of layer.buffers().entries())
        expectClose(value.data, running[index]?.data ?? [], 4e-7, `buffer ${index}`);
    }
    layer.training = false;
    const before = layer.buffers().map(({ value }) => value.data.slice());
    expectClose(forward(row.evaluation.x), row.evaluation.y.data, 2e-6, 'evaluation');
    expect(layer.buffers().map(({ value }) => value.data)).toEqual(before);
  });
});

test.each<[string, nn.BatchNormOptions, number]>([
  ['is unbiased and starts at 1 by default', {}, 0.9 + 0.1 * (20 / 3)],
  ['is biased and starts at 0 with the options of the book', book, 0.5],
])('the running variance %s', (_, options, variance) => {
  const layer = allocateLayer(new nn.BatchNorm1d(2, options), device, [2], 4);
  layer.forward(nn.Tensor.from(device, columns, [4, 2]));
  expectClose(bufferData(layer.runningMean), [0.4, 0.1], 1e-7);
  expectClose(bufferData(layer.runningVariance), [variance, variance], 1e-7);
});

test.each([{}, book])('a batch of one example has output β and input gradient 0 with %j', (options) => {
  const layer = allocateLayer(new nn.BatchNorm1d(3, options), device, [3], 4);
  layer.bias?.value.data.set([0.5, -1, 2]);
  const y = layer.forward(nn.Tensor.from(device, [7, -1e5, 0.1], [1, 3]));
  expect([...y.data]).toEqual([0.5, -1, 2]);
  expect(layer.backward(nn.Tensor.from(device, [1, 2, 3], [1, 3]))?.data.map(Math.abs)).toEqual(new Float32Array(3));
  expect([...(layer.bias?.grad.data ?? [])]).toEqual([1, 2, 3]);
  expect([...(layer.weight?.grad.data ?? [])].map(Math.abs)).toEqual([0, 0, 0]);
  expect(layer.buffers().every(({ value }) => value.data.every(Number.isFinite))).toBe(true);
});

test('evaluation mode uses the running statistics and does not change them', () => {
  const layer = allocateLayer(new nn.BatchNorm1d(2, { eps: 0 }), device, [2], 4);
  bufferData(layer.runningMean).set([1, 2]);
  bufferData(layer.runningVariance).set([4, 9]);
  layer.training = false;
  expectClose(layer.forward(nn.Tensor.from(device, [3, 5], [1, 2])).data, [1, 1], 0);
  expect([...bufferData(layer.runningMean), ...bufferData(layer.runningVariance)]).toEqual([1, 2, 4, 9]);
});

const seeded = { inputShape: [4], batchSize: 6, seed: 1 };
const names = ['weight', 'bias', 'running_mean', 'running_var'];

test('running statistics are one block, in the state dict under PyTorch’s names', () => {
  const nested = () => new nn.Sequential([new nn.BatchNorm1d(5), new nn.Sigmoid()]);
  const build = () => new nn.Sequential([new nn.Linear(4, 5), new nn.BatchNorm1d(5), nested()]);
  const model = build().to(device, seeded);
  model.forward(randomNormals(device, [6, 4], 3));
  const state = model.stateDict();
  const expected = ['1', '2.0'].flatMap((layer) => names.map((name) => `${layer}.${name}`));
  expect(Object.keys(state)).toEqual(['0.weight', '0.bias', ...expected]);
  const running = expected.filter((name) => name.includes('running'));
  expect([...model.running.data]).toEqual(running.flatMap((name) => [...(state[name]?.data ?? [])]));
  const other = build().to(device, { ...seeded, seed: 2 });
  other.loadStateDict(state);
  expect(other.running.data).toEqual(model.running.data);
  const x = randomNormals(device, [2, 4], 9);
  expect(other.eval().forward(x).data).toEqual(model.eval().forward(x).data);
});

const images = { inputShape: [2, 6, 6], batchSize: 4, seed: 1 };
const convnet = (options: nn.BatchNormOptions = {}) =>
  new nn.Sequential([new nn.Conv2d(2, 3, 3, { bias: false }), new nn.BatchNorm2d(3, options), new nn.ReLU()]);

test('without running statistics the state dict has only parameters', () => {
  const model = convnet({ trackRunningStats: false }).to(device, images);
  expect(Object.keys(model.stateDict())).toEqual(['0.weight', '1.weight', '1.bias']);
});

test.each<nn.BatchNormOptions>([{}, { momentum: null }, { trackRunningStats: false }])(
  'training continues from a safetensors file to the same bits with %j',
  (options) => {
    const train = (model: nn.Sequential, from: number, to: number) => {
      for (let step = from; step < to; step++) model.forward(randomNormals(device, [4, 2, 6, 6], step));
      return model;
    };
    const model = train(convnet(options).to(device, images), 0, 3);
    const other = convnet(options).to(device, { ...images, seed: 2 });
    loadModel(other, saveModel(model));
    for (const each of [other, model]) train(each, 3, 5);
    expect(other.running.data).toEqual(model.running.data);
    expect(other.values.data).toEqual(model.values.data);
  },
);

test('a cumulative average loads PyTorch’s int64 count of batches', () => {
  const model = convnet({ momentum: null }).to(device, images);
  const { tensors, metadata } = readSafetensors(saveModel(model));
  const count = { dtype: 'I64', shape: [], bytes: new Uint8Array(BigInt64Array.of(7n).buffer) } as const;
  const pytorch = new Map([...tensors].map(([name, tensor]) => [name, name.endsWith('tracked') ? count : tensor]));
  const { format: _, sha256: __, step: ___, ...rest } = metadata;
  loadModel(model, writeSafetensors({ tensors: pytorch, metadata: rest }));
  expect(model.stateDict()['1.num_batches_tracked']).toEqual({ shape: [], data: Float32Array.of(7) });
});
