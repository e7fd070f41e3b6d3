// Initializers: moments, and the first numbers of one seed.
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { Conv2d, type Initializer, type Layer, RNN, Rng, Sequential, streamOf, Tensor } from '../src/index.ts';
import { device } from './devices.ts';

const fanIn = 400;
const fanOut = 250;

function draw(init: Initializer, seed = 1): Float32Array {
  const mark = device.arena.mark();
  const tensor = Tensor.zeros(device, [fanIn, fanOut]);
  init(tensor, { fanIn, fanOut, rng: new Rng(device, seed), stream: streamOf('weights') });
  const data = tensor.data.slice();
  device.arena.release(mark);
  return data;
}

/** Fourth moment over squared variance, which determines the standard error of a sample variance. */
const kurtosis = { normal: 3, uniform: 1.8 };

const random: [string, Initializer, keyof typeof kurtosis, mean: number, variance: number][] = [
  ['normal()', nn.normal(), 'normal', 0, 1],
  ['normal(3, 0.01)', nn.normal({ mean: 3, std: 0.01 }), 'normal', 3, 1e-4],
  ['uniform()', nn.uniform(), 'uniform', 0.5, 1 / 12],
  ['uniform(−2, 4)', nn.uniform({ low: -2, high: 4 }), 'uniform', 1, 3],
  ['kaimingNormal', nn.kaimingNormal(), 'normal', 0, 2 / 400],
  ['kaimingUniform', nn.kaimingUniform(), 'uniform', 0, 2 / 400],
  ['xavierNormal', nn.xavierNormal(), 'normal', 0, 2 / 650],
  ['xavierUniform', nn.xavierUniform(), 'uniform', 0, 2 / 650],
  ['lecunNormal', nn.lecunNormal(), 'normal', 0, 1 / 400],
];

test.each(random)('%s has its mean, variance and tails, and depends on the seed', (_, init, kind, mean, variance) => {
  const n = fanIn * fanOut;
  const data = draw(init);
  const m = data.reduce((sum, value) => sum + value, 0) / n;
  const v = data.reduce((sum, value) => sum + (value - m) ** 2, 0) / n;
  expect(Math.abs(m - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
  expect(Math.abs(v / variance - 1)).toBeLessThan(5 * Math.sqrt((kurtosis[kind] - 1) / n));
  const reach = data.reduce((greatest, value) => Math.max(greatest, Math.abs(value - mean)), 0);
  const sigmas = reach / Math.sqrt(variance);
  expect(sigmas).toBeGreaterThan(kind === 'uniform' ? 1.73 : 3.5);
  expect(sigmas).toBeLessThan(kind === 'uniform' ? Math.sqrt(3) * (1 + 1e-6) : 6);
  expect(draw(init, 2)[0]).not.toBe(data[0]);
});

test.each([
  ['zeros', nn.zeros(), 0],
  ['ones', nn.ones(), 1],
  ['constant', nn.constant(-0.25), -0.25],
])('%s sets every element', (_, init, value) => {
  expect(draw(init).every((element) => element === value)).toBe(true);
});

test.each<[string, Initializer, number[]]>([
  [
    'kaimingNormal',
    nn.kaimingNormal(),
    [-0.027910424, 0.025596453, -0.084554195, 0.054311264, 0.065212116, 0.06336395],
  ],
  ['uniform', nn.uniform(), [0.84652734, 0.14131963, 0.6158918, 0.27877933, 0.3217979, 0.3149007]],
])('the first numbers of %s at seed 1 do not change, because records depend on them', (_, init, first) => {
  expect([...draw(init).subarray(0, 6)]).toEqual(first.map(Math.fround));
});

describe('initializers get the fans of weights and biases', () => {
  const calls: [string, number, number][] = [];
  const spy =
    (name: string): Initializer =>
    (target, context) => {
      calls.push([name, context.fanIn, context.fanOut]);
      nn.constant(7)(target, context);
    };
  const inits = { weightInit: spy('weight'), biasInit: spy('bias') };
  const rnn: typeof calls = [
    ['weight', 3, 4],
    ['weight', 4, 4],
    ['bias', 3, 4],
    ['bias', 4, 4],
  ];
  const conv: typeof calls = [
    ['weight', 32, 48],
    ['bias', 32, 48],
  ];

  test.each<[string, Layer, number[], typeof calls]>([
    ['Conv2d', new Conv2d(2, 3, 4, inits), [2, 5, 5], conv],
    ['RNN', new RNN(3, 4, inits), [5, 3], rnn],
  ])('of %s', (_, layer, inputShape, expected) => {
    calls.length = 0;
    const model = new Sequential(layer).to(device, { inputShape, batchSize: 3, seed: 1 });
    expect(calls).toEqual(expected);
    expect(model.values.data.every((value) => value === 7)).toBe(true);
  });
});
