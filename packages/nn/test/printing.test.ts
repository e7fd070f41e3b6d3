// The text that `console.log` prints in Node.
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Adam, Dropout, Linear, loadDevice, Parameter, ReLU, Sequential, SGD, Tensor } from '../src/index.ts';
import { device } from './devices.ts';

const model = new Sequential(new Linear(2, 3), new Sequential(new ReLU(), new Linear(3, 1)));
const unallocated = inspect(model);
model.to(device, { inputShape: [2], batchSize: 2, seed: 1 });
const [weight, bias, ...others] = model.parameters() as [Parameter, Parameter, ...Parameter[]];
weight.value.data.set([1, 2, 3, 4, 5.5, 6]);
(others[1] as Parameter).requiresGrad = false;
const groups = new SGD([{ params: [weight] }, { params: [bias], lr: 0.5, weightDecay: 0 }], { lr: 0.1, momentum: 0.9 });
const small = await loadDevice({ variant: 'scalar', bytes: 2 ** 16 });
const released = Tensor.zeros(small, [2]);
small.arena.release(released.pointer);
const options = 'beta1: 0.9, beta2: 0.999, eps: 1e-8, epsilonHat: false, amsgrad: false';

test.each<[string, unknown, string | RegExp]>([
  ['a row', Tensor.from(device, [1, 2.5], [2]), 'Tensor(float32, [2]) [1, 2.5]'],
  ['a number', Tensor.from(device, [7], [], 'int32'), 'Tensor(int32, []) [7]'],
  ['a matrix', Tensor.from(device, [1, 2, 3, 4.5], [2, 2]), 'Tensor(float32, [2, 2])\n[[  1,   2],\n [  3, 4.5]]'],
  ['an empty matrix', Tensor.zeros(device, [2, 0]), 'Tensor(float32, [2, 0]) []'],
  ['a large matrix', Tensor.zeros(device, [5, 5]), `Tensor(float32, [5, 5]) [${'0, '.repeat(24)}… 1 more]`],
  ['a released tensor', released, 'Tensor(float32, [2]) in memory that was released'],
  [
    'a parameter',
    weight,
    'Parameter(name: 0.weight, shape: [2, 3], transposed: true)\n[[  1,   2,   3],\n [  4, 5.5,   6]]',
  ],
  ['a frozen parameter', others[1], 'Parameter(name: 1.1.bias, shape: [1], requiresGrad: false) [0]'],
  ['a parameter on no device', new Parameter('w', [2]), 'Parameter(name: w, shape: [2]) on no device'],
  [
    'an optimizer',
    new Adam([bias]),
    `Adam(\n  (0): ParamGroup(lr: 0.001, weightDecay: 0, decayBiases: false, ${options}, params: [0.bias])\n)`,
  ],
  [
    'a parameter group',
    groups.paramGroups[1],
    'ParamGroup(lr: 0.5, weightDecay: 0, decayBiases: false, momentum: 0.9, nesterov: false, params: [0.bias])',
  ],
  [
    'a model',
    model,
    'Sequential(\n  (0): Linear, 9 parameters, output [3]\n  (1): Sequential(\n    (0): ReLU, 0 parameters, output [3]\n' +
      '    (1): Linear, 4 parameters, output [1]\n  ), 4 parameters\n), 13 parameters',
  ],
  ['a model in an object', { model: new Sequential(new Dropout(0.5)) }, /Sequential\(\n {2,4}\(0\): Dropout/],
  ['a device', small, /^Device\(variant: scalar, bytes: \d+, usedBytes: \d+\)$/],
])('%s prints readable text', (_, value, text) => {
  if (typeof text === 'string') expect(inspect(value)).toBe(text);
  else expect(inspect(value)).toMatch(text);
});

test('a model without memory prints no shapes', () => {
  expect(unallocated).toMatch(/^Sequential\(\n {2}\(0\): Linear, 9 parameters\n/);
});

test('an optimizer prints its present rates, one group per line', () => {
  (groups.paramGroups[0] as { lr: number }).lr = 0.25;
  expect(inspect(groups).match(/^ {2}\(\d\): ParamGroup\(lr: [\d.]+/gm)).toEqual([
    '  (0): ParamGroup(lr: 0.25',
    '  (1): ParamGroup(lr: 0.5',
  ]);
});
