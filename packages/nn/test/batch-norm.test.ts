// BatchNorm1d: running statistics, a single example, the book's rule, what it shares with its neighbours.
import { describe, expect, test } from 'vitest';
import { BatchNorm1d, Linear, ReLU, Sequential, Sigmoid, Tensor } from '../src/index.ts';
import { device, devices } from './devices.ts';
import { expectClose } from './golden.ts';
import { normals, place } from './gradcheck.ts';

const book = { eps: 1e-6, runningVariance: 'biased', initialVariance: 0 } as const;
const columns = [
  [1, -2],
  [3, 4],
  [5, 0],
  [7, 2],
];

describe.each(devices)('$variant', (on) => {
  test('normalises each column of a batch', () => {
    const layer = place(new BatchNorm1d(2, { eps: 0 }), on, [2], 4);
    const y = layer.forward(Tensor.from(on, columns.flat(), [4, 2]));
    const r = Math.sqrt(5);
    expectClose(y.data, [-3 / r, -3 / r, -1 / r, 3 / r, 1 / r, -1 / r, 3 / r, 1 / r], 1e-7);
  });

  test('the running variance is unbiased and starts at 1, or by the book is biased and starts at 0', () => {
    const x = Tensor.from(on, columns.flat(), [4, 2]);
    const ours = place(new BatchNorm1d(2), on, [2], 4);
    ours.forward(x);
    expectClose(ours.runningMean.value.data, [0.4, 0.1], 1e-7);
    expectClose(ours.runningVariance.value.data, [0.9 + 0.1 * (20 / 3), 0.9 + 0.1 * (20 / 3)], 1e-7);
    const theirs = place(new BatchNorm1d(2, book), on, [2], 4);
    theirs.forward(x);
    expectClose(theirs.runningMean.value.data, [0.4, 0.1], 1e-7);
    expectClose(theirs.runningVariance.value.data, [0.5, 0.5], 1e-7);
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
      expect(layer.statistics().every(({ value }) => value.data.every(Number.isFinite))).toBe(true);
    }
  });

  test('evaluation takes the running statistics and leaves them', () => {
    const layer = place(new BatchNorm1d(2, { eps: 0 }), on, [2], 4);
    layer.runningMean.value.data.set([1, 2]);
    layer.runningVariance.value.data.set([4, 9]);
    layer.training = false;
    expectClose(layer.forward(Tensor.from(on, [3, 5], [1, 2])).data, [1, 1], 0);
    expect([...layer.runningMean.value.data, ...layer.runningVariance.value.data]).toEqual([1, 2, 4, 9]);
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
  expect(other.eval().forward(normals(device, [2, 4], 9)).data).toEqual(
    model.eval().forward(normals(device, [2, 4], 9)).data,
  );
});

test.each<[string, () => unknown, string]>([
  ['no features', () => new BatchNorm1d(0), '[BatchNorm1d] expected features'],
  ['negative eps', () => new BatchNorm1d(2, { eps: -1 }), 'expected eps'],
  ['momentum of 1', () => new BatchNorm1d(2, { momentum: 1.5 }), 'expected momentum'],
  ['other rows', () => place(new BatchNorm1d(2), device, [3], 2), 'expected rows of [2] but got the shape [3]'],
  ['no memory', () => new BatchNorm1d(2).runningMean.value, 'expected running_mean to be on a device'],
])('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
