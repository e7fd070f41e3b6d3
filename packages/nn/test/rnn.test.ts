// RNN: short batches, initial weights, running statistics, learning.
import { expect, test } from 'vitest';
import { Linear, RNN, Sequential } from '../src/index.ts';
import { device } from './devices.ts';
import { randomNormals } from './gradcheck.ts';

const seeded = { inputShape: [4, 3], batchSize: 6, seed: 1 };

test('a short batch has the outputs of the long one', () => {
  const model = new Sequential([new RNN(3, 5)]).to(device, seeded);
  const x = randomNormals(device, [6, 4, 3], 3);
  const long = model.forward(x).data.slice();
  expect(model.forward(x.rows(0, 2)).data).toEqual(long.subarray(0, 10));
  expect(model.backward(randomNormals(device, [2, 5], 4))).toBeNull();
});

test('`steps` has no effect without a batch norm', () => {
  const model = new Sequential([new RNN(3, 4, { steps: 5 })]);
  expect(model.to(device, { ...seeded, inputShape: [2, 3] }).outputShape).toEqual([4]);
});

test('the initial weights of all layers do not depend on the norm', () => {
  const [none, batch, layer] = (['none', 'batch', 'layer'] as const).map((norm) => {
    const model = new Sequential([new RNN(3, 5, { norm, steps: 4 }), new Linear(5, 2)]).to(device, seeded);
    return model.parameters().flatMap(({ decay, value }) => (decay ? [...value.data] : []));
  });
  expect(batch).toEqual(none);
  expect(layer).toEqual(none);
});

test('each step has its own running statistics, and a batch of one example keeps all numbers finite', () => {
  const model = new Sequential([new RNN(3, 5, { norm: 'batch', steps: 4 })]).to(device, seeded);
  model.forward(randomNormals(device, [6, 4, 3], 3));
  const state = model.stateDict();
  expect(Object.keys(state)).toEqual([
    '0.weight_ih_l0',
    '0.weight_hh_l0',
    ...['weight', 'bias', 'running_mean', 'running_var'].map((name) => `0.norm.${name}`),
  ]);
  const { shape, data } = state['0.norm.running_mean'] as { shape: number[]; data: Float32Array };
  expect(shape).toEqual([4, 5]);
  expect(new Set([0, 5, 10, 15].map((at) => String(data.slice(at, at + 5)))).size).toBe(4);
  const y = model.forward(randomNormals(device, [1, 4, 3], 5));
  expect([...y.data]).toEqual([0, 0, 0, 0, 0]);
  model.backward(randomNormals(device, [1, 5], 6));
  expect([...model.running.data, ...model.grads.data].every(Number.isFinite)).toBe(true);
});
