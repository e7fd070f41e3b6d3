// BatchNorm1d and BatchNorm2d: running statistics, options, a single example, the book's rule, neighboring layers, state dicts.
import { describe, expect, test } from 'vitest';
import { loadModel, readSafetensors, saveModel, writeSafetensors } from '../src/formats/index.ts';
import {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormOptions,
  Conv2d,
  Linear,
  ReLU,
  Sequential,
  Sigmoid,
  summary,
  Tensor,
} from '../src/index.ts';
import { device, devices } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { normals, place } from './gradcheck.ts';

const book = { eps: 1e-6, runningVariance: 'biased', initialVariance: 0 } as const;
const columns = [
  [1, -2],
  [3, 4],
  [5, 0],
  [7, 2],
];

const dataOf = (statistic: { value: Tensor } | null): Float32Array => (statistic as { value: Tensor }).value.data;

interface Run {
  name: string;
  layer: keyof typeof layers;
  arguments: [number, BatchNormOptions];
  steps: { x: GoldenArray; y: GoldenArray; running: GoldenArray[] }[];
  evaluation: { x: GoldenArray; y: GoldenArray };
}

const layers = { BatchNorm1d, BatchNorm2d };
const runs = golden<Run[]>('batch-norm-runs');

describe.each(devices)('$variant follows PyTorch over five batches', (on) => {
  test.each(runs)('$name', ({ layer: name, arguments: [features, options], steps, evaluation }) => {
    const layer = place(new layers[name](features, options), on, evaluation.x.shape.slice(1), 5);
    // PyTorch counts batches always; here only a cumulative average does.
    const kept = layer.buffers().length;
    expect(kept).toBe(options.trackRunningStats === false ? 0 : options.momentum === null ? 3 : 2);
    for (const { x, y, running } of steps) {
      expectClose(layer.forward(Tensor.from(on, x.data, x.shape)).data, y.data, 2e-6, 'y');
      for (const [index, { value }] of layer.buffers().entries())
        expectClose(value.data, running[index]?.data ?? [], 4e-7, `statistic ${index}`);
    }
    layer.training = false;
    const { x, y } = evaluation;
    const before = layer.buffers().map(({ value }) => value.data.slice());
    expectClose(layer.forward(Tensor.from(on, x.data, x.shape)).data, y.data, 2e-6, 'evaluation');
    expect(layer.buffers().map(({ value }) => value.data)).toEqual(before);
  });
});

describe.each(devices)('$variant', (on) => {
  test('normalizes each column of a batch', () => {
    const layer = place(new BatchNorm1d(2, { eps: 0 }), on, [2], 4);
    const y = layer.forward(Tensor.from(on, columns.flat(), [4, 2]));
    const r = Math.sqrt(5);
    expectClose(y.data, [-3 / r, -3 / r, -1 / r, 3 / r, 1 / r, -1 / r, 3 / r, 1 / r], 1e-7);
  });

  test('the running variance is unbiased and starts at 1, or by the book is biased and starts at 0', () => {
    const x = Tensor.from(on, columns.flat(), [4, 2]);
    const ours = place(new BatchNorm1d(2), on, [2], 4);
    ours.forward(x);
    expectClose(dataOf(ours.runningMean), [0.4, 0.1], 1e-7);
    expectClose(dataOf(ours.runningVariance), [0.9 + 0.1 * (20 / 3), 0.9 + 0.1 * (20 / 3)], 1e-7);
    const theirs = place(new BatchNorm1d(2, book), on, [2], 4);
    theirs.forward(x);
    expectClose(dataOf(theirs.runningMean), [0.4, 0.1], 1e-7);
    expectClose(dataOf(theirs.runningVariance), [0.5, 0.5], 1e-7);
  });

  test('one example: variance 0, output β, input gradient 0, nothing that is not finite', () => {
    for (const layer of [new BatchNorm1d(3), new BatchNorm1d(3, book)]) {
      place(layer, on, [3], 4);
      layer.bias?.value.data.set([0.5, -1, 2]);
      const y = layer.forward(Tensor.from(on, [7, -1e5, 0.1], [1, 3]));
      expect([...y.data]).toEqual([0.5, -1, 2]);
      expect(layer.backward(Tensor.from(on, [1, 2, 3], [1, 3]))?.data.map(Math.abs)).toEqual(new Float32Array(3));
      expect([...(layer.bias?.grad.data ?? [])]).toEqual([1, 2, 3]);
      expect([...(layer.weight?.grad.data ?? [])].map(Math.abs)).toEqual([0, 0, 0]);
      expect(layer.buffers().every(({ value }) => value.data.every(Number.isFinite))).toBe(true);
    }
  });

  test('evaluation takes the running statistics and leaves them', () => {
    const layer = place(new BatchNorm1d(2, { eps: 0 }), on, [2], 4);
    dataOf(layer.runningMean).set([1, 2]);
    dataOf(layer.runningVariance).set([4, 9]);
    layer.training = false;
    expectClose(layer.forward(Tensor.from(on, [3, 5], [1, 2])).data, [1, 1], 0);
    expect([...dataOf(layer.runningMean), ...dataOf(layer.runningVariance)]).toEqual([1, 2, 4, 9]);
  });
});

const seeded = { inputShape: [4], batchSize: 6, seed: 1 };

test('a ReLU that follows is taken over, with the same bits', () => {
  const fused = new Sequential([new Linear(4, 5), new BatchNorm1d(5), new ReLU(), new Linear(5, 2)]);
  const apart = [new Linear(4, 5), new BatchNorm1d(5), new ReLU(), new Linear(5, 2)].map(
    (layer) => new Sequential([layer]),
  );
  const split = new Sequential(apart).to(device, seeded);
  fused.to(device, seeded);
  const x = normals(device, [6, 4], 3);
  const dy = normals(device, [6, 2], 4);
  expect(fused.forward(x).data).toEqual(split.forward(x).data);
  fused.backward(dy);
  split.backward(dy);
  expect(fused.grads.data).toEqual(split.grads.data);
  expect(fused.running.data).toEqual(split.running.data);
});

test('it leaves the weights of the layers around it as they were', () => {
  const plain = new Sequential([new Linear(4, 5), new Linear(5, 2)]).to(device, seeded);
  const normed = new Sequential([new Linear(4, 5), new BatchNorm1d(5), new Linear(5, 2)]).to(device, seeded);
  const weights = (model: Sequential) => model.parameters().filter(({ decay }) => decay);
  expect(weights(normed).map(({ value }) => value.data)).toEqual(weights(plain).map(({ value }) => value.data));
});

test('running statistics lie in one block and travel in the state dict', () => {
  const build = () =>
    new Sequential([new Linear(4, 5), new BatchNorm1d(5), new Sequential([new BatchNorm1d(5), new Sigmoid()])]);
  const model = build().to(device, seeded);
  model.forward(normals(device, [6, 4], 3));
  const state = model.stateDict();
  expect(Object.keys(state)).toEqual([
    '0.weight',
    '0.bias',
    ...['weight', 'bias', 'running_mean', 'running_var'].map((name) => `1.${name}`),
    ...['weight', 'bias', 'running_mean', 'running_var'].map((name) => `2.0.${name}`),
  ]);
  expect(model.running.size).toBe(20);
  const names = ['1.running_mean', '1.running_var', '2.0.running_mean', '2.0.running_var'];
  expect([...model.running.data]).toEqual(names.flatMap((name) => [...(state[name]?.data ?? [])]));
  const other = build().to(device, { ...seeded, seed: 2 });
  other.loadStateDict(state);
  expect(other.running.data).toEqual(model.running.data);
  const x = normals(device, [2, 4], 9);
  expect(other.eval().forward(x).data).toEqual(model.eval().forward(x).data);
});

const images = { inputShape: [2, 6, 6], batchSize: 4, seed: 1 };
const convnet = (options: BatchNormOptions = {}) =>
  new Sequential([new Conv2d(2, 3, 3, { bias: false }), new BatchNorm2d(3, options), new ReLU()]);

test('BatchNorm2d behind Conv2d: a batch of images, all variants the same bits', () => {
  const results = devices.map((on) => {
    const model = convnet().to(on, images);
    const y = model.forward(normals(on, [4, 2, 6, 6], 3)).data.slice();
    model.backward(normals(on, [4, 3, 4, 4], 4));
    const state = [y, model.grads.data, model.running.data];
    return state.map((floats) => new Uint32Array(floats.slice().buffer));
  });
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

test('BatchNorm2d is in the state dict under PyTorch’s names, and in the summary', () => {
  const model = convnet().to(device, images);
  const names = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => `1.${name}`);
  expect(Object.keys(model.stateDict())).toEqual(['0.weight', ...names]);
  const { layers: listed, statistics } = summary(model);
  expect([listed[1]?.layer, listed[1]?.outputShape, listed[1]?.parameters, statistics]).toEqual([
    'BatchNorm2d',
    [3, 4, 4],
    6,
    6,
  ]);
  expect(Object.keys(convnet({ trackRunningStats: false }).to(device, images).stateDict())).toEqual([
    '0.weight',
    '1.weight',
    '1.bias',
  ]);
});

test.each<BatchNormOptions>([{}, { momentum: null }, { trackRunningStats: false }])(
  'training continues from a safetensors file to the same bits with %j',
  (options) => {
    const train = (model: Sequential, from: number, to: number) => {
      for (let step = from; step < to; step++) model.forward(normals(device, [4, 2, 6, 6], step));
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

test('a cumulative average takes PyTorch’s int64 count of batches', () => {
  const model = convnet({ momentum: null }).to(device, images);
  const { tensors, metadata } = readSafetensors(saveModel(model));
  const count = { dtype: 'I64', shape: [], bytes: new Uint8Array(BigInt64Array.of(7n).buffer) } as const;
  const pytorch = new Map([...tensors].map(([name, tensor]) => [name, name.endsWith('tracked') ? count : tensor]));
  const { format: _, sha256: __, step: ___, ...rest } = metadata;
  loadModel(model, writeSafetensors({ tensors: pytorch, metadata: rest }));
  expect(model.stateDict()['1.num_batches_tracked']).toEqual({ shape: [], data: Float32Array.of(7) });
});

test.each<[string, () => unknown, string]>([
  ['momentum above 1', () => new BatchNorm2d(2, { momentum: 1.5 }), '[BatchNorm2d] expected momentum'],
  [
    'rows for a BatchNorm2d',
    () => place(new BatchNorm2d(2), device, [2], 2),
    '[BatchNorm2d] expected images of [2, height, width] but got the shape [2]; use BatchNorm1d for rows',
  ],
  ['other channels', () => place(new BatchNorm2d(2), device, [3, 4, 4], 2), 'images of [2, height, width] but got'],
  ['images without height', () => place(new BatchNorm2d(2), device, [2, 0, 4], 2), 'but got the shape [2, 0, 4]'],
  ['a fourth dimension', () => place(new BatchNorm2d(2), device, [2, 4, 4, 4], 2), 'but got the shape [2, 4, 4, 4]'],
  [
    'images for a BatchNorm1d',
    () => place(new BatchNorm1d(2), device, [2, 4, 4], 2),
    '[BatchNorm1d] expected rows of [2] but got the shape [2, 4, 4]; use BatchNorm2d for images',
  ],
  ['steps for a BatchNorm1d', () => place(new BatchNorm1d(2), device, [4, 2], 2), 'but got the shape [4, 2]'],
  ['no features', () => new BatchNorm1d(0), '[BatchNorm1d] expected features'],
  ['negative eps', () => new BatchNorm1d(2, { eps: -1 }), 'expected eps'],
  ['momentum below 0', () => new BatchNorm1d(2, { momentum: -0.1 }), 'expected momentum'],
  ['other rows', () => place(new BatchNorm1d(2), device, [3], 2), 'expected rows of [2] but got the shape [3]'],
  ['no memory', () => new BatchNorm1d(2).runningMean?.value, 'expected running_mean to be on a device'],
])('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
