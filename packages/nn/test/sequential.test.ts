// Sequential: one block of parameters, names, modes, state dicts.
import { describe, expect, test } from 'vitest';
import {
  constant,
  Linear,
  loadDevice,
  MemoryError,
  normal,
  ReLU,
  Sequential,
  type StateDict,
  Tanh,
  Tensor,
} from '../src/index.ts';
import { device } from './devices.ts';

const placement = { inputShape: [4], batchSize: 3, seed: 1 };

function small(): Sequential {
  return new Sequential([new Linear(4, 3), new ReLU(), new Linear(3, 2)]).to(device, placement);
}

test('parameters that decay come first in one block, gradients lie in the same order', () => {
  const model = small();
  const [w0, b0, w2, b2] = model.parameters().map(({ value }) => value.pointer) as [number, number, number, number];
  const start = model.values.pointer;
  expect([w0, w2, b0, b2]).toEqual([start, start + 48, start + 72, start + 84]);
  expect(model.values.size).toBe(23);
  for (const { value, grad } of model.parameters()) {
    expect(grad.pointer - model.grads.pointer).toBe(value.pointer - start);
  }
});

test('names count the layers, through a Sequential in a Sequential', () => {
  const names = (model: Sequential) => model.parameters().map(({ name }) => name);
  expect(names(small())).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
  const nested = new Sequential([new Linear(4, 3), new Sequential([new ReLU(), new Linear(3, 2)])]);
  expect(names(nested)).toEqual(['0.weight', '0.bias', '1.1.weight', '1.1.bias']);
});

test('a Sequential in a Sequential computes what the flat one does', () => {
  const nested = new Sequential([new Linear(4, 3), new Sequential([new ReLU(), new Linear(3, 2)])]);
  nested.to(device, placement);
  const flat = small();
  const x = Tensor.from(device, Float32Array.from({ length: 12 }, Math.cos), [3, 4]);
  expect(nested.forward(x).data).toEqual(flat.forward(x).data);
  const dy = Tensor.from(device, [1, -1, 0.5, 2, -3, 0], [3, 2]);
  nested.backward(dy);
  flat.backward(dy);
  expect(nested.grads.data).toEqual(flat.grads.data);
});

test('the seed fixes the parameters; layers without parameters do not shift them', () => {
  const plain = new Sequential([new Linear(4, 3), new Linear(3, 2)]).to(device, placement);
  const { values } = small();
  expect(plain.values.data).toEqual(values.data);
  const reseeded = new Sequential([new Linear(4, 3), new Linear(3, 2)]).to(device, { ...placement, seed: 2 });
  expect(reseeded.values.data).not.toEqual(plain.values.data);
});

test('no two tensors start from the same numbers', () => {
  const random = { weightInit: normal(), biasInit: normal() };
  const model = new Sequential([new Linear(2, 2, random), new Linear(2, 2, random)]);
  const { data } = model.to(device, { inputShape: [2], batchSize: 1, seed: 1 }).values;
  expect(new Set(data).size).toBe(data.length);
});

test('zeroGrad clears every gradient', () => {
  const model = small();
  model.grads.data.fill(1);
  model.zeroGrad();
  expect(model.grads.data.every((gradient) => gradient === 0)).toBe(true);
});

test('train and eval reach every layer', () => {
  const inner = new Tanh();
  const model = new Sequential([new Linear(1, 1), new Sequential([inner])]);
  expect([model.training, model.eval().training, inner.training]).toEqual([true, false, false]);
  expect([model.train().training, inner.training]).toEqual([true, true]);
});

test('it tells what it was given', () => {
  const model = small();
  expect([model.device, model.batchSize, model.outputShape]).toEqual([device, 3, [2]]);
});

describe('stateDict', () => {
  test('holds copies in PyTorch’s layout', () => {
    const model = new Sequential([new Linear(2, 3, { biasInit: constant(7) })]);
    model.to(device, { ...placement, inputShape: [2] });
    model.parameters()[0]?.value.data.set([1, 2, 3, 4, 5, 6]);
    const state = model.stateDict();
    expect(state).toEqual({
      '0.weight': { shape: [3, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) },
      '0.bias': { shape: [3], data: Float32Array.of(7, 7, 7) },
    });
    model.values.data.fill(0);
    expect(state['0.bias']?.data[0]).toBe(7);
  });

  test('brings a model back and gives its memory back', () => {
    const model = small();
    const before = model.values.data.slice();
    const used = device.arena.used;
    const state = model.stateDict();
    model.values.data.fill(0);
    model.loadStateDict(state);
    expect(model.values.data).toEqual(before);
    expect(device.arena.used).toBe(used);
  });

  const bias = { shape: [2], data: new Float32Array(2) };
  const changes: [string, (state: StateDict) => StateDict, string][] = [
    ['unknown name', (state) => ({ ...state, '4.bias': bias }), 'but got 4.bias'],
    ['missing name', ({ '0.bias': _, ...state }) => state, 'expected 0.bias of shape [3] but got nothing'],
    ['other shape', (state) => ({ ...state, '0.bias': bias }), 'expected 0.bias of shape [3] but got [2]'],
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
  ];

  test.each(changes)('error: %s; nothing is written', (_, change, message) => {
    const model = small();
    const state = model.stateDict();
    model.values.data.fill(9);
    expect(() => model.loadStateDict(change(state))).toThrow(message);
    expect(model.values.data.every((value) => value === 9)).toBe(true);
  });
});

test('where memory cannot grow it says how much was needed, takes none, and a smaller batch finds its room', async () => {
  const on = await loadDevice({ variant: 'scalar', bytes: 2 ** 20 });
  on.arena.memory.grow = () => {
    throw new RangeError('refused');
  };
  const model = new Sequential([new Linear(100, 100), new ReLU(), new Linear(100, 10)]);
  const { used } = on.arena;
  const room = (batchSize: number) => () => model.to(on, { inputShape: [100], batchSize, seed: 1 });
  expect(room(100_000)).toThrow(MemoryError);
  expect(room(100_000)).toThrow(/cannot grow by 80000000 bytes, with \d+ in use; use a smaller/);
  expect(on.arena.used).toBe(used);
  expect(room(10)().outputShape).toEqual([10]);
});

const shared = new ReLU();
const errors: [string, () => unknown, string][] = [
  ['no layers', () => new Sequential([]), '[Sequential] expected at least one layer'],
  ['a layer twice', () => new Sequential([shared, shared]), '[Sequential] expected every layer once'],
  ['not on a device', () => new Sequential([new ReLU()]).device, 'expected to(device, …) to come first'],
  ['no batch', () => new Sequential([new ReLU()]).to(device, { ...placement, batchSize: 0 }), 'expected batchSize'],
  [
    'negative seed',
    () => new Sequential([new ReLU()]).to(device, { ...placement, seed: -1 }),
    '[Sequential] expected seed',
  ],
  [
    'layers that do not fit',
    () => new Sequential([new Linear(4, 3), new Linear(2, 2)]).to(device, placement),
    '[Linear] expected rows that end in 2 features but got the shape [3]',
  ],
];

test.each(errors)('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
