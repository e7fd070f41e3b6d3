// Arguments that were once accepted in silence, or ended in an internal error: numbers that float32 loses, the same parameter twice,
// memory that is no longer the caller's, shapes that differ.
import { loadDevice } from '@descent/kernels';
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: anything may be passed
type Loose = any;
const { Adam, BatchNorm1d, clipGradNorm, clipGradValue, CrossEntropyLoss, Dropout, EarlyStopping } = nn as Loose;
const {
  Linear,
  MSELoss,
  normal,
  ReLU,
  RMSprop,
  RNN,
  Sequential,
  SGD,
  StepLR,
  Tensor,
  TensorDataset,
  DataLoader,
  xavierUniform,
} = nn as Loose;

const device = await loadDevice({ bytes: 2 ** 20 });
const other = await loadDevice({ bytes: 2 ** 20 });
const placement = { inputShape: [2], batchSize: 4, seed: 1 };
const build = (on = device): Loose => new Sequential(new Linear(2, 3)).to(on, placement);
const model = build();
const p = model.parameters();
const sgd = () => new SGD(p, { lr: 0.1 });
const zeros = (...shape: number[]) => Tensor.zeros(device, shape);
const labels = (...values: number[]) => Tensor.from(device, values, [values.length], 'int32');
const data = () => new TensorDataset({ inputs: zeros(2, 2), labels: labels(0, 1) });
const twice = (schedule: Loose) =>
  new nn.SequentialLR(schedule.optimizer, { schedulers: [schedule, schedule], milestones: [1] });
const set = (of: Loose, key: string, value: unknown) => {
  of[key] = value;
};
const from = (values: unknown, dtype?: string) => Tensor.from(device, values, [(values as []).length], dtype);

test.each<[what: string, act: () => unknown, error: typeof TypeError | typeof RangeError, message: string]>([
  ['another library’s option', () => normal({ stddev: 0.01 }), TypeError, 'the options mean, std but got stddev'],
  ['an option of another loss', () => new MSELoss({ weight: [1] }), TypeError, 'the options reduction but got weight'],
  ['a surplus argument', () => new Linear(2, 3, {}, false), TypeError, 'surplus argument: false'],
  ['a mode, as PyTorch has it', () => model.train(false), TypeError, '[Sequential.train] expected no arguments'],
  ['a closure', () => sgd().step(() => 1), TypeError, '[Optimizer.step] expected no arguments'],
  ['an epoch', () => new StepLR(sgd(), { stepSize: 1 }).step(3), TypeError, '[LRScheduler.step] expected no arguments'],
  ['in place', () => new ReLU(true), TypeError, '[ReLU] expected no arguments'],
  ['a gain', () => xavierUniform(2), TypeError, '[xavierUniform] expected no arguments'],
  ['text as a probability', () => new Dropout('0.5'), TypeError, 'expected p to be from 0 to 1 but got "0.5"'],
  ['an array as β₁', () => new Adam(p, { beta1: [0.5] }), TypeError, 'expected beta1 to be'],
  [
    'text as a flag',
    () => new SGD(p, { lr: 0.1, momentum: 0.9, nesterov: '0.5' }),
    TypeError,
    'nesterov to be true or',
  ],
  ['text as momentum', () => new BatchNorm1d(1, { momentum: '0' }), TypeError, 'expected momentum to be'],
  ['a Date as options', () => new Linear(2, 3, new Date(0)), TypeError, 'expected options, { weightInit'],
  ['a rate that is 0 in float32', () => new SGD(p, { lr: 1e-50 }), RangeError, 'from 1.4e-45 to 3.4e+38'],
  ['a rate that is ∞ in float32', () => new SGD(p, { lr: 1e39 }), RangeError, 'from 1.4e-45 to 3.4e+38'],
  ['such an ε', () => new Adam(p, { eps: 1e-50 }), RangeError, 'expected eps to be 0 or a number from 1.4e-45'],
  ['a β that is 1 in float32', () => new Adam(p, { beta1: 0.99999999999 }), RangeError, 'at most 0.99999994'],
  ['such an α', () => new RMSprop(p, { alpha: 0.99999999999 }), RangeError, 'at most 0.99999994'],
  ['lr = null', () => set(sgd(), 'lr', null), TypeError, '[SGD] expected lr to be 0 or a number'],
  ['lr = NaN', () => set(sgd(), 'lr', Number.NaN), RangeError, '[SGD] expected lr to be'],
  [
    'a new momentum',
    () => {
      const optimizer = sgd();
      optimizer.step();
      optimizer.momentum = 0.9;
    },
    TypeError,
    'Cannot add property momentum',
  ],
  ['a new batch size', () => set(new DataLoader(data(), { batchSize: 1 }), 'batchSize', 9), TypeError, 'read only'],
  ['a layer less', () => build().layers.pop(), TypeError, 'Cannot delete'],
  ['such a schedule', () => twice(new StepLR(sgd(), { stepSize: 1 })), RangeError, 'every schedule once'],
  ['a promise', () => nn.withRestoredState(model, async () => 1), TypeError, 'work that ends before it returns'],
  ['lr = 1e-50', () => set(sgd(), 'lr', 1e-50), RangeError, 'from 1.4e-45 to 3.4e+38'],
  ['an empty interval', () => nn.uniform({ low: 1, high: 0 }), RangeError, '[uniform] expected low to be at most high'],
  ['a fraction as int32', () => from([1.7], 'int32'), RangeError, 'values[0] to be a whole number from -2147483648'],
  ['too great an int32', () => from([1, 3e9], 'int32'), RangeError, 'values[1] to be a whole number from -2147483648'],
  ['256 as uint8', () => from([256], 'uint8'), RangeError, 'values[0] to be a whole number from 0 to 255'],
  ['1e39 as float32', () => from(Float64Array.of(1e39)), RangeError, 'values[0] to be a number that float32 holds'],
  ['null as a value', () => from([null]), TypeError, 'values[0] to be'],
  [
    'parameters twice',
    () => new SGD([...p, ...p], { lr: 0.1 }),
    RangeError,
    'every parameter once but got 0.weight twice',
  ],
  ['such to clip', () => clipGradNorm([...p, ...p], 1), RangeError, 'every parameter once but got 0.weight twice'],
  ['such to clip by value', () => clipGradValue([...p, ...p], 1), RangeError, 'every parameter once'],
  ['such to place', () => nn.allocateParameters(device, [...p, ...p]), RangeError, 'every parameter once'],
  ['two devices', () => new SGD([...p, ...build(other).parameters()], { lr: 0.1 }), RangeError, 'of its own device'],
  ['accuracy of one column', () => nn.accuracy(zeros(4, 1), labels(0, 0, 0, 0)), RangeError, 'two classes or more'],
  ['accuracy of no rows', () => nn.accuracy(zeros(0, 2), labels()), RangeError, 'shape [rows, classes]'],
  ['accuracy of images', () => nn.accuracy(zeros(4, 2, 2), labels(0, 0, 0, 0)), RangeError, 'shape [rows, classes]'],
  [
    'labels from 1',
    () => nn.accuracy(zeros(2, 2), labels(1, 2)),
    RangeError,
    'labels[1] to be a whole number from 0 to 1',
  ],
  [
    'cross-entropy of one',
    () => new CrossEntropyLoss().allocate(device, 1, 4),
    RangeError,
    'classes to be a whole number from 2',
  ],
  [
    'cross-entropy of steps',
    () =>
      new CrossEntropyLoss().allocate(
        new Sequential(new Linear(2, 3)).to(device, { ...placement, inputShape: [5, 2] }),
      ),
    RangeError,
    'rows of one dimension',
  ],
  [
    'the transpose of a target',
    () => new MSELoss().allocate(device, 3, 4).forward(zeros(4, 3), zeros(3, 4)),
    RangeError,
    'target of the shape [4, 3] but got [3, 4]',
  ],
  [
    'a flat target',
    () => new MSELoss().allocate(device, 1, 4).forward(zeros(4, 1), zeros(4)),
    RangeError,
    'target of the shape [4, 1] but got [4]',
  ],
  [
    'labels in a table',
    () => new TensorDataset({ inputs: zeros(4, 2), labels: Tensor.zeros(device, [2, 2], 'int32') }),
    RangeError,
    'labels of the shape [4]',
  ],
])('%s', (_, act, error, message) => {
  expect(act).toThrow(error);
  expect(act).toThrow(message);
});

test('a schedule that goes below float32 ends at 0, not in an error', () => {
  const optimizer = sgd();
  const schedule = new nn.ExponentialLR(optimizer, { gamma: 1e-20 });
  for (let epoch = 0; epoch < 4; epoch++) schedule.step();
  expect(optimizer.lr).toBe(0);
});

test('AdamW takes its default where weightDecay is undefined', () => {
  expect(new nn.AdamW(p, { weightDecay: undefined }).paramGroups[0]?.weightDecay).toBe(0.01);
});

test('shapes and options are copied: a change of the caller’s changes nothing', () => {
  const shape = [2];
  const parameter = new nn.Parameter('w', shape);
  shape[0] = 3;
  expect(parameter.size).toBe(2);
});

describe('after a second model.to', () => {
  const moved = () => {
    const again = build();
    const before = {
      optimizer: new SGD(again.parameters(), { lr: 0.1 }),
      grads: again.grads,
      value: again.parameters()[0].value,
    };
    again.to(device, placement);
    return { again, ...before };
  };

  test.each<[string, (of: ReturnType<typeof moved>) => unknown, string]>([
    ['an optimizer', ({ optimizer }) => optimizer.step(), 'in the memory that it had when the optimizer was made'],
    ['its gradients', ({ optimizer }) => optimizer.zeroGrad(), 'in the memory that it had when the optimizer was made'],
    ['the old block of gradients', ({ grads }) => clipGradNorm(grads, 1), 'model.to(device, …) was called since'],
    ['an old parameter', ({ again, value }) => again.forward(value), 'model.to(device, …) was called since'],
    ['backward without forward', ({ again }) => again.backward(zeros(4, 3)), 'expected forward to come first'],
  ])('%s is refused', (_, act, message) => {
    expect(() => act(moved())).toThrow(message);
  });

  test('the best model of another device is refused', () => {
    const again = build();
    const stopping = new EarlyStopping({ restoreBest: again });
    again.to(other, placement);
    expect(() => stopping.step(1)).toThrow('[EarlyStopping] expected a tensor of its own device');
  });

  test('one that fails leaves a model without memory, which says so', () => {
    const again = build();
    expect(() => again.to(device, { ...placement, inputShape: [3] })).toThrow('[Linear] expected rows that end in 2');
    expect(() => again.forward(zeros(4, 2))).toThrow('expected model.to(device, …) to come first');
    expect(again.to(device, placement).forward(zeros(4, 2)).shape).toEqual([4, 3]);
  });
});

test('released memory is refused by all that had it', () => {
  const { arena } = device;
  const mark = arena.mark();
  const released = build();
  const optimizer = new Adam(released.parameters());
  const loss = new CrossEntropyLoss().allocate(released);
  const [x, y] = [zeros(4, 2), labels(0, 1, 2, 0)];
  const loader = new DataLoader(new TensorDataset({ inputs: x, labels: y }), { batchSize: 2 });
  const logits = zeros(4, 3);
  arena.release(mark);
  expect(() => released.forward(x)).toThrow('[Sequential] expected its memory');
  expect(() => released.layers[0].forward(x)).toThrow('[Linear] expected its memory');
  expect(() => optimizer.step()).toThrow('or the memory was released');
  expect(() => loss.forward(logits, y)).toThrow('its memory was released');
  expect(() => loader.batch(0)).toThrow('its memory was released');
  expect(() => new MSELoss().allocate(device, 3, 4).forward(logits, logits)).toThrow('its memory was released');
});

test('a recurrence needs a forward pass before each backward: the first overwrites what the second would read', () => {
  const recurrent = new Sequential(new RNN(2, 3)).to(device, { ...placement, inputShape: [2, 2] });
  const dy = recurrent.forward(zeros(4, 2, 2));
  recurrent.backward(dy);
  expect(() => recurrent.backward(dy)).toThrow('[RNN] expected a forward pass before each backward');
});
