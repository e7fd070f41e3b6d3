// Networks with Conv2d, MaxPool2d and Flatten.
import { expect, test } from 'vitest';
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from '../src/index.ts';
import { device } from './devices.ts';
import { randomNormals } from './gradcheck.ts';

const placement = { inputShape: [1, 8, 8], batchSize: 6, seed: 1 };
const build = () => new Sequential(new Conv2d(1, 4, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(36, 2));

test('a short batch of flat rows has the outputs of the long one', () => {
  const model = build().to(device, placement);
  const long = model.forward(randomNormals(device, [6, 1, 8, 8], 3)).data.slice();
  const y = model.forward(randomNormals(device, [6, 64], 3).rows(0, 2));
  expect(y.shape).toEqual([2, 2]);
  expect(y.data).toEqual(long.subarray(0, 4));
  expect(model.backward(randomNormals(device, [2, 2], 4))).toBeNull();
});

test('a short batch does not change the memory behind its rows', () => {
  const model = new Sequential([new Conv2d(1, 2, 3)]).to(device, { inputShape: [1, 5, 5], batchSize: 3, seed: 1 });
  const y = model.forward(randomNormals(device, [3, 1, 5, 5], 3));
  const behind = y.data.slice(18);
  model.forward(randomNormals(device, [3, 1, 5, 5], 5).rows(0, 1));
  expect(device.arena.f32(y.pointer + 4 * 18, 2 * 18)).toEqual(behind);
});

test('Flatten returns the memory of its input', () => {
  const layer = new Flatten();
  expect(layer.allocate(device, [2, 3], 4, true)).toEqual([6]);
  const [a, b] = [randomNormals(device, [4, 2, 3], 1), randomNormals(device, [2, 2, 3], 2)];
  expect(layer.forward(a)).toMatchObject({ pointer: a.pointer, shape: [4, 6] });
  expect(layer.forward(a)).toBe(layer.forward(a));
  expect(layer.forward(b)).toMatchObject({ pointer: b.pointer, shape: [2, 6] });
  expect(layer.backward(b)?.shape).toEqual([2, 2, 3]);
});

test('Conv2d accepts an image that is smaller than its window without padding', () => {
  const model = new Sequential([new Conv2d(2, 1, 5, { padding: 2 })]);
  model.to(device, { inputShape: [2, 1, 1], batchSize: 1, seed: 1 });
  expect(model.outputShape).toEqual([1, 1, 1]);
});
