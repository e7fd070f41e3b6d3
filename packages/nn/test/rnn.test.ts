// RNN: short batches, what it draws, what it keeps, sequences learnt from flat rows.
import { expect, test } from 'vitest';
import { CrossEntropyLoss, Linear, RNN, Sequential, SGD, Tensor } from '../src/index.ts';
import { device } from './devices.ts';
import { normals } from './gradcheck.ts';

const seeded = { inputShape: [4, 3], batchSize: 6, seed: 1 };

test('a short batch gives the rows of the long one', () => {
  const model = new Sequential([new RNN(3, 5)]).to(device, seeded);
  const x = normals(device, [6, 4, 3], 3);
  const long = model.forward(x).data.slice();
  expect(model.forward(x.rows(0, 2)).data).toEqual(long.subarray(0, 10));
  expect(model.backward(normals(device, [2, 5], 4))).toBeNull();
});

test('its weights do not depend on its norm, nor do those that follow', () => {
  const build = (norm: 'none' | 'batch' | 'layer') =>
    new Sequential([new RNN(3, 5, { norm, steps: 4 }), new Linear(5, 2)]).to(device, seeded);
  const weights = (model: Sequential) =>
    model.parameters().flatMap(({ decay, value }) => (decay ? [...value.data] : []));
  const [none, batch, layer] = [build('none'), build('batch'), build('layer')].map(weights);
  expect(batch).toEqual(none);
  expect(layer).toEqual(none);
});

test('each step keeps running statistics of its own, and one example does no harm', () => {
  const model = new Sequential([new RNN(3, 5, { norm: 'batch', steps: 4 })]).to(device, seeded);
  model.forward(normals(device, [6, 4, 3], 3));
  const state = model.stateDict();
  expect(Object.keys(state)).toEqual([
    '0.weight_ih_l0',
    '0.weight_hh_l0',
    ...['weight', 'bias', 'running_mean', 'running_var'].map((name) => `0.norm.${name}`),
  ]);
  expect(state['0.norm.running_mean']?.shape).toEqual([4, 5]);
  const means = Array.from({ length: 4 }, (_, step) =>
    String(state['0.norm.running_mean']?.data.slice(5 * step, 5 * step + 5)),
  );
  expect(new Set(means).size).toBe(4);
  const y = model.forward(normals(device, [1, 4, 3], 5));
  expect([...y.data]).toEqual([0, 0, 0, 0, 0]);
  model.backward(normals(device, [1, 5], 6));
  expect([...model.running.data, ...model.grads.data].every(Number.isFinite)).toBe(true);
});

test.each(['none', 'batch', 'layer'] as const)('norm %s: learns which step was marked, from flat rows', (norm) => {
  const model = new Sequential([new RNN(1, 16, { norm, steps: 6 }), new Linear(16, 3)]);
  model.to(device, { inputShape: [6, 1], batchSize: 3, seed: 2 });
  const loss = new CrossEntropyLoss().allocate(device, 3, 3);
  const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const x = Tensor.zeros(device, [3, 6]);
  x.data[1] = x.data[6 + 3] = x.data[12 + 5] = 1;
  const labels = Tensor.from(device, [0, 1, 2], [3], 'int32');
  let value = 0;
  for (let step = 0; step < 200; step++) {
    value = loss.forward(model.forward(x), labels);
    model.backward(loss.backward());
    optimizer.step();
  }
  expect(value).toBeLessThan(0.02);
});
