// The text that `console.log` prints in Node.
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Adam, Dropout, Linear, loadDevice, type Parameter, ReLU, Sequential, Tensor } from '../src/index.ts';
import { device } from './devices.ts';

const model = new Sequential(new Linear(2, 3), new Sequential(new ReLU(), new Linear(3, 1)));
model.to(device, { inputShape: [2], batchSize: 2, seed: 1 });
const [weight, bias] = model.parameters() as [Parameter, Parameter];
weight.value.data.set([1, 2, 3, 4, 5.5, 6]);
const small = await loadDevice({ variant: 'scalar', bytes: 2 ** 16 });
const released = Tensor.zeros(small, [2]);
small.arena.release(released.pointer);
const options = 'beta1: 0.9, beta2: 0.999, eps: 1e-8, epsilonHat: false, amsgrad: false';

test.each<[string, unknown, string | RegExp]>([
  ['a row', Tensor.from(device, [1, 2.5], [2]), 'Tensor(float32, [2]) [1, 2.5]'],
  ['a matrix', Tensor.from(device, [1, 2, 3, 4.5], [2, 2]), 'Tensor(float32, [2, 2])\n[[  1,   2],\n [  3, 4.5]]'],
  ['a large matrix', Tensor.zeros(device, [5, 5]), `Tensor(float32, [5, 5]) [${'0, '.repeat(24)}… 1 more]`],
  ['a released tensor', released, 'Tensor(float32, [2]) in memory that was released'],
  [
    'a parameter',
    weight,
    'Parameter(name: 0.weight, shape: [2, 3], transposed: true)\n[[  1,   2,   3],\n [  4, 5.5,   6]]',
  ],
  [
    'an optimizer',
    new Adam([bias]),
    `Adam(\n  (0): ParamGroup(lr: 0.001, weightDecay: 0, decayBiases: false, ${options}, params: [0.bias])\n)`,
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
