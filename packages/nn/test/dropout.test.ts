// Dropout: its masks, their address, both places of the scale.
import { describe, expect, test } from 'vitest';
import { Dropout, Linear, ReLU, Sequential, Tensor } from '../src/index.ts';
import { device, devices } from './devices.ts';
import { normals, place } from './gradcheck.ts';

const ones = (length: number): Tensor => Tensor.from(device, new Float32Array(length).fill(1), [1, length]);
const zerosIn = (y: Tensor): number => y.data.filter((value) => value === 0).length;

test('drops a share p and scales what is kept by 1/(1 − p)', () => {
  const layer = place(new Dropout(0.2), device, [20_000], 1);
  const y = layer.forward(ones(20_000));
  expect(new Set(y.data)).toEqual(new Set([0, 1.25]));
  expect(Math.abs(zerosIn(y) / 20_000 - 0.2)).toBeLessThan(0.01);
  const dx = layer.backward(ones(20_000));
  expect(dx?.data).toEqual(y.data);
  layer.training = false;
  expect(new Set(layer.forward(ones(20_000)).data)).toEqual(new Set([1]));
});

test('the book scales in evaluation', () => {
  const layer = place(new Dropout(0.25, { scaleIn: 'evaluation' }), device, [1000], 1);
  expect(new Set(layer.forward(ones(1000)).data)).toEqual(new Set([0, 1]));
  layer.training = false;
  expect(new Set(layer.forward(ones(1000)).data)).toEqual(new Set([0.75]));
});

test('0 keeps all, 1 drops all', () => {
  expect(zerosIn(place(new Dropout(0), device, [500], 1).forward(ones(500)))).toBe(0);
  expect(zerosIn(place(new Dropout(1), device, [500], 1).forward(ones(500)))).toBe(500);
});

const seeded = { inputShape: [4], batchSize: 6, seed: 1 };
const build = () =>
  new Sequential([new Linear(4, 40), new ReLU(), new Dropout(), new Linear(40, 40), new Dropout(), new Dropout(0.1)]);

test('every step, every layer and every seed has a mask of its own', () => {
  const draw = (layer: Dropout, step: number) => {
    layer.step = step;
    return layer.forward(ones(400)).data.slice();
  };
  const [a, b] = [new Dropout(), new Dropout()];
  new Sequential([a, b]).to(device, { inputShape: [400], batchSize: 1, seed: 1 });
  const c = new Dropout();
  new Sequential([c]).to(device, { inputShape: [400], batchSize: 1, seed: 2 });
  const masks = [draw(a, 0), draw(a, 1), draw(b, 0), draw(b, 1), draw(c, 0)].map(String);
  expect(new Set(masks).size).toBe(masks.length);
  expect(String(draw(a, 0))).toBe(masks[0]);
});

test('a model goes on from its step as if it had never stopped', () => {
  const x = normals(device, [6, 4], 3);
  const straight = build().to(device, seeded);
  const outputs = Array.from({ length: 5 }, () => straight.forward(x).data.slice());
  expect(new Set(outputs.map(String)).size).toBe(5);
  expect(straight.step).toBe(5);
  const resumed = build().to(device, seeded);
  resumed.step = 3;
  expect(resumed.forward(x).data).toEqual(outputs[3]);
  resumed.eval().forward(x);
  expect(resumed.train().forward(x).data).toEqual(outputs[4]);
  resumed.step = 1;
  expect(resumed.forward(x).data).toEqual(outputs[1]);
});

test('the step reaches a Sequential in a Sequential', () => {
  const inner = new Dropout();
  const model = new Sequential([new Sequential([inner]), new ReLU()]).to(device, seeded);
  model.step = 9;
  expect(inner.step).toBe(9);
  model.forward(normals(device, [6, 4], 3));
  expect([inner.step, model.step]).toEqual([10, 10]);
});

test('it leaves the weights of the layers around it as they were', () => {
  const plain = new Sequential([new Linear(4, 40), new ReLU(), new Linear(40, 40)]).to(device, seeded);
  expect(build().to(device, seeded).values.data).toEqual(plain.values.data);
});

describe.each(devices)('$variant', (on) => {
  test('draws the mask of the reference', () => {
    const mask = (which: typeof on) => {
      const layer = place(new Dropout(0.3), which, [77], 3);
      return layer.forward(Tensor.from(which, new Float32Array(231).fill(1), [3, 77])).data.slice();
    };
    expect(mask(on)).toEqual(mask(device));
  });
});

test.each<[string, () => unknown, string]>([
  ['more than all', () => new Dropout(1.1), '[Dropout] expected p to be from 0 to 1 but got 1.1'],
  ['less than none', () => new Dropout(-0.1), '[Dropout] expected p'],
  ['forward too soon', () => new Dropout().forward(ones(3)), '[Dropout] expected model.to(device, …) to come first'],
])('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
