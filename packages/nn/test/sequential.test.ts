// Sequential: one block of parameters, names, modes, state dicts.
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';

const placement = { inputShape: [4], batchSize: 3, seed: 1 };
const build = () => new nn.Sequential([new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2)]);
const buildNested = () =>
  new nn.Sequential([new nn.Linear(4, 3), new nn.Sequential([new nn.ReLU(), new nn.Linear(3, 2)])]);
const small = () => build().to(device, placement);

test('parameters with weight decay come first in one block, gradients are in the same order', () => {
  const model = small();
  const start = model.values.pointer;
  expect(model.parameters().map(({ value }) => value.pointer - start)).toEqual([0, 72, 48, 84]);
  expect(model.values.size).toBe(23);
  for (const { value, grad } of model.parameters()) {
    expect(grad.pointer - model.grads.pointer).toBe(value.pointer - start);
  }
});

test('names contain the index of the layer', () => {
  const names = (model: nn.Sequential) => model.parameters().map(({ name }) => name);
  expect(names(build())).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
  expect(names(buildNested())).toEqual(['0.weight', '0.bias', '1.1.weight', '1.1.bias']);
});

test('a nested Sequential computes the same as the flat one', () => {
  const [nested, flat] = [buildNested().to(device, placement), small()];
  const x = nn.Tensor.from(device, Float32Array.from({ length: 12 }, Math.cos), [3, 4]);
  expect(nested.forward(x).data).toEqual(flat.forward(x).data);
  const dy = nn.Tensor.from(device, [1, -1, 0.5, 2, -3, 0], [3, 2]);
  for (const model of [nested, flat]) model.backward(dy);
  expect(nested.grads.data).toEqual(flat.grads.data);
});

test('the parameters depend on the seed, not on layers without parameters', () => {
  const layers = () => [new nn.Linear(4, 3), new nn.Linear(3, 2)];
  const plain = (seed: number) => [...new nn.Sequential(layers()).to(device, { ...placement, seed }).values.data];
  const expected = [...small().values.data];
  expect(plain(1)).toEqual(expected);
  expect(plain(2)).not.toEqual(expected);
});

test('`train` and `eval` set the mode of every layer', () => {
  const inner = new nn.Tanh();
  const model = new nn.Sequential([new nn.Linear(1, 1), new nn.Sequential([inner])]);
  expect([model.training, model.eval().training, inner.training]).toEqual([true, false, false]);
  expect([model.train().training, inner.training]).toEqual([true, true]);
});

test('`step` counts forward passes in training mode', () => {
  const model = small();
  for (const isTraining of [true, false, true]) {
    model.training = isTraining;
    model.forward(nn.Tensor.zeros(device, [1, 4]));
  }
  expect(model.step).toBe(2);
});

describe('state dicts', () => {
  test('are copies in PyTorch’s layout, as are gradients', () => {
    const model = new nn.Sequential([new nn.Linear(2, 3, { biasInit: nn.constant(7) })]).to(device, {
      ...placement,
      inputShape: [2],
    });
    model.parameters()[0]?.value.data.set([1, 2, 3, 4, 5, 6]);
    model.grads.data.set([1, 2, 3, 4, 5, 6, 7, 7, 7]);
    const state = model.stateDict();
    const expected = {
      '0.weight': { shape: [3, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) },
      '0.bias': { shape: [3], data: Float32Array.of(7, 7, 7) },
    };
    expect([state, model.gradientDict()]).toEqual([expected, expected]);
    model.values.data.fill(0);
    expect(state['0.bias']?.data[0]).toBe(7);
  });

  test('restore a model and release temporary memory', () => {
    const model = small();
    const before = model.values.data.slice();
    const { used } = device.arena;
    const state = model.stateDict();
    model.values.data.fill(0);
    model.loadStateDict(state);
    expect(model.values.data).toEqual(before);
    expect(device.arena.used).toBe(used);
  });

  const bias = { shape: [2], data: new Float32Array(2) };
  test.each<[string, (state: nn.StateDict) => nn.StateDict, string]>([
    ['an unknown name', (state) => ({ ...state, '4.bias': bias }), 'but got 4.bias'],
    ['a missing name', ({ '0.bias': _, ...state }) => state, 'expected 0.bias of shape [3] but got nothing'],
    ['another shape', (state) => ({ ...state, '0.bias': bias }), 'expected 0.bias of shape [3] but got [2]'],
    [
      'the layout of the book',
      (state) => ({ ...state, '2.weight': { shape: [3, 2], data: new Float32Array(6) } }),
      'expected 2.weight of shape [2, 3] but got [3, 2]',
    ],
    [
      'too few values',
      (state) => ({ ...state, '2.bias': { shape: [2], data: new Float32Array(1) } }),
      'but got [2] with 1 values',
    ],
  ])('with %s are rejected without a change', (_, change, message) => {
    const model = small();
    const state = model.stateDict();
    model.values.data.fill(9);
    expect(() => model.loadStateDict(change(state))).toThrow(message);
    expect(model.values.data.every((value) => value === 9)).toBe(true);
  });
});

test('if memory cannot grow, `to` reports the missing bytes and takes none', async () => {
  const on = await nn.loadDevice({ variant: 'scalar', bytes: 2 ** 20 });
  on.arena.memory.grow = () => {
    throw new RangeError('refused');
  };
  const model = new nn.Sequential([new nn.Linear(100, 100), new nn.ReLU(), new nn.Linear(100, 10)]);
  const { used } = on.arena;
  const allocate = (batchSize: number) => () => model.to(on, { inputShape: [100], batchSize, seed: 1 });
  expect(allocate(100_000)).toThrow(nn.MemoryError);
  expect(allocate(100_000)).toThrow(/cannot grow by \d+ bytes, with \d+ in use; use a smaller/);
  expect(on.arena.used).toBe(used);
  expect(allocate(10)().outputShape).toEqual([10]);
});
