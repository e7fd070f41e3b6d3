// Errors that depend on more than the type of one argument, which `arguments.test.ts` covers: ranges, shapes, devices, states, order of
// calls. A key is the start or a part of the message.
import { loadDevice } from '@descent/kernels';
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';
import { allocateLayer } from './gradcheck.ts';

// As in JavaScript, where no compiler checks arguments.
// biome-ignore lint/suspicious/noExplicitAny: any value may be passed
type Loose = any;
const { Adagrad, Adam, AdamW, BatchNorm1d, BatchNorm2d, Conv2d, CrossEntropyLoss, DataLoader, Dropout } = nn as Loose;
const { EarlyStopping, LayerNorm, Linear, MaxPool2d, MSELoss, Parameter, ReduceLROnPlateau, ReLU, RMSprop } =
  nn as Loose;
const { Rng, RNN, Sequential, SequentialLR, SGD, StepLR, Tensor, TensorDataset, clipGradNorm, evaluate } = nn as Loose;

type Errors = Record<string, () => unknown>;

function expectErrors(errors: Errors): void {
  test.each(Object.entries(errors))('%s', (message, act) => {
    expect(act).toThrow(message);
  });
}

const other = await loadDevice({ bytes: 2 ** 20 });
const placement: Loose = { inputShape: [2], batchSize: 4, seed: 1 };
const build = (on = device): Loose => new Sequential(new Linear(2, 3)).to(on, placement);
const zeros = (...shape: number[]) => Tensor.zeros(device, shape);
const labels = (...values: number[]) => Tensor.from(device, values, [values.length], 'int32');
const model = build();
const parameters = model.parameters();
const [weight, bias] = parameters;
const sgd = () => new SGD(parameters, { lr: 0.1 });
const optimizer = sgd();

describe('tensors and random numbers', () => {
  const integers = Tensor.zeros(device, [3], 'int32');
  const rng = new Rng(device, 1);
  const from = (values: unknown, dtype?: string) => Tensor.from(device, values, [(values as []).length], dtype);
  expectErrors({
    '[Tensor] expected shape[1] to be a whole number from 0 to 4294967295 but got 1.5': () => zeros(2, 1.5),
    '[Tensor] expected 3 values for the shape [3] but got 2': () => Tensor.from(device, [1, 2], [3]),
    '[Tensor] expected end to be a whole number from 1 to 3 but got 4': () => zeros(3, 2).rows(1, 4),
    '[Tensor] expected a pointer to allocated memory': () => new Tensor(device, 'float32', 2, [1]),
    'values[0] to be a whole number from -2147483648': () => from([1.7], 'int32'),
    'values[1] to be a whole number from -2147483648': () => from([1, 3e9], 'int32'),
    'values[0] to be a number that float32 holds': () => from(Float64Array.of(1e39)),
    'values.flat() makes one list': () => from([[1, 2]]),
    '[Parameter] expected w to be on a device': () => new Parameter('w', [2]).value,
    '[Buffer] expected running_mean to be on a device': () => new BatchNorm1d(2).runningMean.value,
    '[Parameter] expected 2 elements for w but got 6 and 6': () => new Parameter('w', [2]).place(zeros(6), zeros(6)),
    '[Buffer] expected 2 elements for b but got 6': () => new nn.Buffer('b', [2]).place(zeros(6)),
    '[allocateParameters] expected every parameter once': () => nn.allocateParameters(device, [weight, weight]),
    '[streamOf] expected index': () => nn.streamOf('weights', 65_536),
    '[Rng] expected bound': () => rng.integers(integers, { stream: 1, bound: 2 ** 20 + 1 }),
    '[Rng] expected low to be at most high but got 1 and 0': () =>
      rng.uniform(zeros(1), { stream: 1, low: 1, high: 0 }),
    '[uniform] expected low to be at most high': () => nn.uniform({ low: 1, high: 0 }),
  });
});

describe('layers', () => {
  const allocate = (layer: Loose, ...inputShape: number[]) => layer.allocate(device, inputShape, 2, true);
  const images = 'expected rows of [2, 3 or more, 3 or more] but got the shape';
  expectErrors({
    '[Linear] expected rows that end in 3 features but got the shape [4]': () => allocate(new Linear(3, 2), 4),
    '[Linear] expected weightInit to be an initializer': () => new Linear(4, 3, { weightInit: 'he' }),
    'but got the function normal; call it': () => new Linear(4, 3, { weightInit: nn.normal }),
    'which returns nothing, but got a Promise': () =>
      allocateLayer(new Linear(2, 3, { biasInit: async () => {} }), device, [2], 1),
    [`[Conv2d] ${images} [1, 5, 5]`]: () => allocate(new Conv2d(2, 3, 3), 1, 5, 5),
    [`[Conv2d] ${images} [2, 5, 2]`]: () => allocate(new Conv2d(2, 3, 5, { padding: 1 }), 2, 5, 2),
    [`[Conv2d] ${images} [2, 5, 5, 1]`]: () => allocate(new Conv2d(2, 3, 3), 2, 5, 5, 1),
    '[MaxPool2d] expected rows of [channels, 3 or more, 3 or more] but got': () => allocate(new MaxPool2d(3), 5, 5),
    '[LayerNorm] expected normalizedShape[1]': () => new LayerNorm([2, 0]),
    '[LayerNorm] expected the size of normalizedShape': () => new LayerNorm([2 ** 13, 2 ** 13]),
    '[LayerNorm] expected rows that end in [2, 3] but got': () => allocate(new LayerNorm([2, 3]), 3, 2),
    '[RNN] expected steps with a batch norm but got none': () => new RNN(1, 1, { norm: 'batch' }),
    '[RNN] expected rows of [steps, 3] but got the shape [5, 2]': () => allocate(new RNN(3, 4), 5, 2),
    '[RNN] expected rows of [steps, 3] but got the shape [0, 3]': () => allocate(new RNN(3, 4), 0, 3),
    '[BatchNorm1d] expected rows of [2] but got the shape [3]': () => allocate(new BatchNorm1d(2), 3),
    'but got the shape [2, 4, 4]; use BatchNorm2d for images': () => allocate(new BatchNorm1d(2), 2, 4, 4),
    '[BatchNorm2d] expected images of [2, height, width] but got': () => allocate(new BatchNorm2d(2), 3, 4, 4),
    'but got the shape [2, 0, 4]': () => allocate(new BatchNorm2d(2), 2, 0, 4),
    'but got the shape [2]; use BatchNorm1d for rows': () => allocate(new BatchNorm2d(2), 2),
    '[Dropout] expected p to be from 0 to 1 but got 1.1': () => new Dropout(1.1),
    '[Sequential] expected at least one layer': () => new Sequential([]),
    '[Sequential] expected every layer once': () => new Sequential(...Array(2).fill(new ReLU())),
    'Cannot delete property': () => build().layers.pop(),
    '[Sequential] expected a layer to be made with new': () => new Sequential([ReLU]),
    '[Sequential] expected to(device, …) to come first': () => new Sequential([new ReLU()]).device,
    'a device from await loadDevice() but got a Promise': () => build().to(loadDevice(), placement),
    'expected dy of the shape of its output': () => model.forward(zeros(4, 2)) && model.backward(zeros(3, 3)),
    'a row is a batch of one': () => model.forward(zeros(2)),
    'batchSize in model.to says how many': () => model.forward(zeros(5, 2)),
    'expected x to be a tensor of float32 but got a Float32Array': () => model.forward(new Float32Array(4)),
    '[Sequential] expected a tensor of its own device': () => model.forward(Tensor.zeros(other, [4, 2])),
  });
});

describe('losses and metrics', () => {
  const x = zeros(2, 3);
  const cross = (options = {}) => new CrossEntropyLoss(options).allocate(device, 3, 2);
  const mse = () => new MSELoss().allocate(device, 3, 4);
  const probabilities = (...values: number[]) => Tensor.from(device, values, [2, 3]);
  const backward = (loss: Loose, dy?: unknown) => loss.forward(x, labels(0, 1)) && loss.backward(dy);
  const rnn = new Sequential(new Linear(2, 3)).to(device, { ...placement, inputShape: [5, 2] });
  const ignored = new TensorDataset({ inputs: zeros(2, 2), labels: labels(-100, -100) });
  expectErrors({
    '[CrossEntropyLoss] expected classes to be a whole number from 2': () =>
      new CrossEntropyLoss().allocate(device, 1, 4),
    '[CrossEntropyLoss] expected rows of one dimension': () => new CrossEntropyLoss().allocate(rnn),
    'a model, or a device followed by sizes, but got 10': () => new CrossEntropyLoss().allocate(10, 128),
    '[Sequential] expected to(device, …)': () => new MSELoss().allocate(new Sequential(new Linear(1, 1))),
    '[CrossEntropyLoss] expected allocate(model) to come first': () => new CrossEntropyLoss().forward(x, labels(0, 0)),
    '[CrossEntropyLoss] expected forward to come first': () => cross().backward(),
    '[MSELoss] expected forward to come first': () => mse().backward(),
    'expected up to 2 rows of [3]': () => cross().forward(zeros(3, 3), labels(0, 0, 0)),
    'expected logits of the shape [rows, classes]': () => cross().forward(zeros(1, 1, 3), labels(0)),
    'labels of the shape [2], one class for each row, but got [1]': () => cross().forward(x, labels(0)),
    "Tensor.from(device, numbers, shape, 'int32')": () => cross().forward(x, zeros(2)),
    '[CrossEntropyLoss] expected a tensor of its own device': () =>
      cross().forward(x, Tensor.zeros(other, [2], 'int32')),
    'target of the shape [4, 3] but got [3, 4]': () => mse().forward(zeros(4, 3), zeros(3, 4)),
    'weight[1] to be 0 or a number': () => cross({ weight: [1, -1, 1] }),
    'a number for each of 3 classes but got 2': () => cross({ weight: [1, 2] }),
    'every label is -100': () => cross().forward(x, labels(-100, -100)),
    'or has weight 0': () => cross({ weight: [0, 1, 1] }).forward(x, labels(0, 0)),
    'labels from 0 to 2 but got 3 at row 1': () => cross({ ignoreIndex: 9 }).forward(x, labels(9, 3)),
    'but got -100 at row 1; rows of 9 (ignoreIndex)': () => cross({ ignoreIndex: 9 }).forward(x, labels(0, -100)),
    'probabilities of the shape [2, 3] but got [2, 2]': () => cross().forward(x, zeros(2, 2)),
    'probabilities of 0 or more but got -1 at row 1': () => cross().forward(x, probabilities(0, 0, 1, 2, -1, 0)),
    "expected no gradient, since the reduction is 'mean'": () => backward(cross(), x),
    'expected the gradient of the losses': () => backward(cross({ reduction: 'none' })),
    'expected the gradient of the shape [2] but got [2, 3]': () => backward(cross({ reduction: 'none' }), x),
    '[evaluate] expected a row that counts': () => evaluate(model, new CrossEntropyLoss().allocate(model), ignored),
    '[accuracy] expected logits of the shape [rows, classes], with two': () => nn.accuracy(zeros(2, 1), labels(0, 0)),
    '[accuracy] expected labels[1] to be a whole number from 0 to 1': () => nn.accuracy(zeros(2, 2), labels(1, 2)),
    '[accuracy] expected logits of the shape [rows': () => nn.accuracy(zeros(0, 2), labels()),
    'Cannot assign to read only property': () =>
      Object.assign(new DataLoader(ignored, { batchSize: 1 }), { batchSize: 9 }),
    'work that ends before it returns': () => nn.withRestoredState(model, async () => 1),
  });
});

describe('optimizers', () => {
  const load = (target: Loose, state: Loose) => () => target.loadStateDict(state.stateDict());
  const group = (options: object) => [{ params: [weight], ...options }];
  expectErrors({
    'expected w to be on a device': () => new SGD([new Parameter('w', [1])], { lr: 1 }),
    '[SGD] expected parameters but got none': () => new SGD([], { lr: 0.1 }),
    '[SGD] expected every parameter once but got 0.weight twice': () => new SGD([weight, weight], { lr: 1 }),
    'the limits of float32, but got 1e-50': () => new SGD(parameters, { lr: 1e-50 }),
    'the limits of float32, but got nothing': () => new SGD(parameters),
    '[SGD] expected a momentum above 0 with nesterov': () => new SGD(group({ nesterov: true }), { lr: 1 }),
    '[RMSprop] expected alpha to be at least 0 and less than 1': () => new RMSprop(parameters, { alpha: 1 }),
    'at most 0.99999994': () => new Adam(parameters, { beta1: 0.99999999999 }),
    '[SGD] expected a tensor of its own device': () =>
      new SGD([...parameters, ...build(other).parameters()], { lr: 1 }),
    'expected the tensors mean, meanSquare but got sumOfSquares': load(new Adam(parameters), new Adagrad(parameters)),
    'expected 9 numbers of sumOfSquares but got 6': load(new Adagrad(parameters), new Adagrad([weight])),
    '[clipGradNorm] expected every parameter once': () => clipGradNorm([weight, weight], 1),
    'Cannot add property momentum': () => optimizer.step() && Object.assign(optimizer, { momentum: 0.9 }),
  });

  const groupErrors: Record<string, unknown[]> = {
    '0.weight twice': [{ params: [weight] }, { params: [bias, weight] }],
    'but got none in group 1': [{ params: [weight] }, { params: [] }],
    'but got a Parameter': [{ params: [weight] }, bias],
    'but got weight_decay': group({ weight_decay: 1 }),
    'biases and norms alone, which do not decay; add decayBiases: true': [
      { params: [weight] },
      { params: [bias], weightDecay: 0.1 },
    ],
  };
  test.each(Object.entries(groupErrors))('groups of every optimizer: %s', (message, groups) => {
    for (const [name, Class] of Object.entries({ SGD, Adagrad, RMSprop, Adam, AdamW })) {
      expect(() => new Class(groups, { lr: 1 })).toThrow(`[${name}] expected`);
      expect(() => new Class(groups, { lr: 1 })).toThrow(message);
    }
  });
});

describe('schedules and early stopping', () => {
  const step = (of = optimizer) => new StepLR(of, { stepSize: 1 });
  const sequence = (schedulers: unknown[], milestones: unknown[]) =>
    new SequentialLR(optimizer, { schedulers, milestones });
  const two = () => sequence([step(), step()], [2]);
  const plateau = (options: object) => () => new ReduceLROnPlateau(optimizer, options);
  const plateauState = { best: 1, badEpochs: -1, cooldownLeft: 0, lastEpoch: 0 };
  const stopping = () => new EarlyStopping({ restoreBest: model });
  expectErrors({
    '[MultiStepLR] expected milestones[0]': () => new nn.MultiStepLR(optimizer, { milestones: [0] }),
    '[LinearLR] expected startFactor to be above 0 and at most 1': () => new nn.LinearLR(optimizer, { startFactor: 0 }),
    '[LinearLR] expected endFactor to be from 0 to 1 but got 2': () => new nn.LinearLR(optimizer, { endFactor: 2 }),
    '[ReduceLROnPlateau] expected factor': plateau({ factor: 1 }),
    '[ReduceLROnPlateau] expected badEpochs': () => new ReduceLROnPlateau(optimizer).loadStateDict(plateauState),
    '[SequentialLR] expected a milestone fewer than schedulers but got 2 and 2': () =>
      sequence([step(), step()], [1, 2]),
    '[SequentialLR] expected schedulers of its own optimizer': () => sequence([step(), step(sgd())], [1]),
    '[SequentialLR] expected every schedule once': () => sequence(Array(2).fill(step()), [1]),
    '[SequentialLR] expected milestones[1] to be a whole number from 6': () =>
      sequence([step(), step(), step()], [5, 5]),
    '[SequentialLR] expected the state of 2 schedulers but got 0': () =>
      two().loadStateDict({ lastEpoch: 0, schedulers: [] }),
    '[Sequential] expected to(device, …)': () => new EarlyStopping({ restoreBest: new Sequential(new Linear(1, 1)) }),
    '[EarlyStopping] expected 9 parameters but got none': () =>
      stopping().loadStateDict(new EarlyStopping().stateDict()),
  });
});

describe('after a second `model.to`', () => {
  const moved = () => {
    const again = build();
    const [{ value }] = again.parameters();
    const before = { optimizer: new SGD(again.parameters(), { lr: 0.1 }), grads: again.grads, value };
    again.to(device, placement);
    return { again, ...before };
  };

  test.each<[string, (of: ReturnType<typeof moved>) => unknown, string]>([
    ['an optimizer', ({ optimizer }) => optimizer.step(), 'in the memory that it had when the optimizer was made'],
    ['`zeroGrad`', ({ optimizer }) => optimizer.zeroGrad(), 'in the memory that it had when the optimizer was made'],
    ['the old block of gradients', ({ grads }) => clipGradNorm(grads, 1), 'model.to(device, …) was called since'],
    ['an old parameter', ({ again, value }) => again.forward(value), 'model.to(device, …) was called since'],
    ['`backward` without `forward`', ({ again }) => again.backward(zeros(4, 3)), 'expected forward to come first'],
  ])('%s throws', (_, act, message) => {
    expect(() => act(moved())).toThrow(message);
  });

  test('`EarlyStopping` rejects the best parameters of another device', () => {
    const again = build();
    const stopping = new EarlyStopping({ restoreBest: again });
    again.to(other, placement);
    expect(() => stopping.step(1)).toThrow('[EarlyStopping] expected a tensor of its own device');
  });

  test('a model whose `to` fails has no memory', () => {
    const again = build();
    expect(() => again.to(device, { ...placement, inputShape: [3] })).toThrow('[Linear] expected rows that end in 2');
    expect(() => again.forward(zeros(4, 2))).toThrow('expected model.to(device, …) to come first');
    expect(again.to(device, placement).forward(zeros(4, 2)).shape).toEqual([4, 3]);
  });
});

test('models, optimizers, losses and loaders reject released memory', () => {
  const mark = device.arena.mark();
  const released = build();
  const adam = new Adam(released.parameters());
  const loss = new CrossEntropyLoss().allocate(released);
  const [x, y, logits] = [zeros(4, 2), labels(0, 1, 2, 0), zeros(4, 3)];
  const loader = new DataLoader(new TensorDataset({ inputs: x, labels: y }), { batchSize: 2 });
  device.arena.release(mark);
  expect(() => released.forward(x)).toThrow('[Sequential] expected its memory');
  expect(() => released.layers[0].forward(x)).toThrow('[Linear] expected its memory');
  expect(() => logits.data).toThrow('its memory was released');
  expect(() => adam.step()).toThrow('or the memory was released');
  expect(() => loss.forward(logits, y)).toThrow('its memory was released');
  expect(() => loader.batch(0)).toThrow('its memory was released');
});

test('the second `backward` of an RNN requires another forward pass', () => {
  const recurrent = new Sequential(new RNN(2, 3)).to(device, { ...placement, inputShape: [2, 2] });
  const dy = recurrent.forward(zeros(4, 2, 2));
  recurrent.backward(dy);
  expect(() => recurrent.backward(dy)).toThrow('[RNN] expected a forward pass before each backward');
});
