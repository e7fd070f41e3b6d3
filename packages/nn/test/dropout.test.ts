// Dropout: masks, their addresses, and both ways of scaling.
import { expect, test } from 'vitest';
import { Dropout, Linear, ReLU, Sequential, Tensor } from '../src/index.ts';
import { device } from './devices.ts';
import { allocateLayer, randomNormals } from './gradcheck.ts';

const ones = (length: number): Tensor => Tensor.from(device, new Float32Array(length).fill(1), [1, length]);
const uniqueValues = (y: Tensor): Set<number> => new Set(y.data);

test('in training mode it drops a share p and scales the rest by 1/(1 − p)', () => {
  const layer = allocateLayer(new Dropout(0.2), device, [20_000], 1);
  const y = layer.forward(ones(20_000));
  expect(uniqueValues(y)).toEqual(new Set([0, 1.25]));
  expect(y.data.filter((value) => value === 0).length / 20_000).toBeCloseTo(0.2, 2);
  expect(layer.backward(ones(20_000))?.data).toEqual(y.data);
  layer.training = false;
  expect(uniqueValues(layer.forward(ones(20_000)))).toEqual(new Set([1]));
});

test('with `scaleIn: evaluation` it scales in evaluation mode, in both passes', () => {
  const layer = allocateLayer(new Dropout(0.25, { scaleIn: 'evaluation' }), device, [1000], 1);
  expect(uniqueValues(layer.forward(ones(1000)))).toEqual(new Set([0, 1]));
  layer.training = false;
  expect(uniqueValues(layer.forward(ones(1000)))).toEqual(new Set([0.75]));
  expect(uniqueValues(layer.backward(ones(1000)) as Tensor)).toEqual(new Set([0.75]));
});

test.each([
  [0, 1],
  [1, 0],
])('with p = %i every output is %i', (p, value) => {
  expect(uniqueValues(allocateLayer(new Dropout(p), device, [500], 1).forward(ones(500)))).toEqual(new Set([value]));
});

const seeded = { inputShape: [4], batchSize: 6, seed: 1 };
const build = () =>
  new Sequential([new Linear(4, 40), new ReLU(), new Dropout(), new Linear(40, 40), new Dropout(), new Dropout(0.1)]);

test('each step, layer and seed has another mask', () => {
  const draw = (layer: Dropout, step: number) => {
    layer.step = step;
    return String(layer.forward(ones(400)).data);
  };
  const [a, b, c] = [new Dropout(), new Dropout(), new Dropout()];
  new Sequential([a, b]).to(device, { inputShape: [400], batchSize: 1, seed: 1 });
  new Sequential([c]).to(device, { inputShape: [400], batchSize: 1, seed: 2 });
  const masks = [draw(a, 0), draw(a, 1), draw(b, 0), draw(b, 1), draw(c, 0)];
  expect(new Set(masks).size).toBe(masks.length);
  expect(draw(a, 0)).toBe(masks[0]);
});

test('a model continues from any `step` with the same masks', () => {
  const x = randomNormals(device, [6, 4], 3);
  const straight = build().to(device, seeded);
  const outputs = Array.from({ length: 5 }, () => straight.forward(x).data.slice());
  expect(new Set(outputs.map(String)).size).toBe(5);
  const resumed = build().to(device, seeded);
  resumed.step = 3;
  expect(resumed.forward(x).data).toEqual(outputs[3]);
  resumed.eval().forward(x);
  expect(resumed.train().forward(x).data).toEqual(outputs[4]);
  resumed.step = 1;
  expect(resumed.forward(x).data).toEqual(outputs[1]);
});
