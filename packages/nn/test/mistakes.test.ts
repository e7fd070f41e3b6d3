// What somebody writes who comes from PyTorch or Keras, in JavaScript, where no compiler warns: each is told who expected what.
import { loadDevice } from '@descent/kernels';
import { expect, test } from 'vitest';
import { loadModel, saveModel } from '../src/formats/index.ts';
import * as nn from '../src/index.ts';

// As JavaScript sees it: anything may be passed.
// biome-ignore lint/suspicious/noExplicitAny: that is what it is about
type Loose = any;
const { Adam, AdamW, BatchNorm1d, Conv2d, CrossEntropyLoss, DataLoader, Dropout, EarlyStopping, GELU } = nn as Loose;
const { LambdaLR, LayerNorm, Linear, MaxPool2d, MSELoss, MultiStepLR, Parameter, ReduceLROnPlateau, ReLU } =
  nn as Loose;
const { RNN, Sequential, SequentialLR, SGD, StepLR, Tensor, TensorDataset, evaluate } = nn as Loose;

const device: Loose = await loadDevice({ bytes: 2 ** 22 });
const placement: Loose = { inputShape: [4], batchSize: 8, seed: 1 };
const build = () => new Sequential([new Linear(4, 8), new ReLU(), new Linear(8, 3)]);
const model: Loose = build().to(device, placement);
const parameters = model.parameters();
const sgd = new SGD(parameters, { lr: 0.1 });
const inputs = Tensor.zeros(device, [8, 4]);
const labels = Tensor.zeros(device, [8], 'int32');
const logits = Tensor.zeros(device, [8, 3]);
const dataset = new TensorDataset({ inputs, labels });
const other: Loose = await loadDevice({ bytes: 2 ** 20 });
const elsewhere = new TensorDataset({
  inputs: Tensor.zeros(other, [8, 4]),
  labels: Tensor.zeros(other, [8], 'int32'),
});
const loss = () => new CrossEntropyLoss().allocate(model);
const classes = (...numbers: number[]) => Tensor.from(device, numbers, [8], 'int32');

test.each<[what: string, mistake: () => unknown, error: string]>([
  ['a layer that is a function', () => new Sequential([() => 1]), '[Sequential] expected a layer'],
  ['a layer without new', () => new Sequential([ReLU]), 'to have parameters but got the function ReLU'],
  ['a bias as argument', () => new Linear(4, 3, false), '{ weightInit, biasInit, bias }, but got false'],
  ['another name of an option', () => new Linear(4, 3, { useBias: false }), 'biasInit, bias but got useBias'],
  ['sizes in an object', () => new Linear({ inFeatures: 4 }), '[Linear] expected inFeatures to be a whole number'],
  ['an init by name', () => place(new Linear(4, 3, { weightInit: 'he' })), 'such as kaimingNormal(), but got "he"'],
  ['an init not called', () => place(new Linear(4, 3, { weightInit: nn.normal })), 'but got the function normal; call'],
  [
    'such of a convolution',
    () => picture(new Conv2d(1, 2, 3, { biasInit: nn.zeros })),
    '[Conv2d] expected biasInit to be an init',
  ],
  [
    'such of a recurrence',
    () => place(new RNN(2, 3, { weightInit: nn.ones }), [2, 2]),
    '[RNN] expected weightInit to be an init',
  ],
  ['a padding by name', () => new Conv2d(1, 2, 3, { padding: 'same' }), '[Conv2d] expected padding to be a whole'],
  ['a window in an object', () => new MaxPool2d(2, { kernel: 2 }), '[MaxPool2d] expected the options stride but got'],
  ['no shape to normalize', () => new LayerNorm(), '[LayerNorm] expected normalizedShape to be a whole number'],
  ['a momentum of Keras', () => new BatchNorm1d(4, 0.99), '[BatchNorm1d] expected options'],
  ['an approximation', () => new GELU({ approximate: true }), 'approximate to be none or tanh but got true'],
  ['a rate in an object', () => new Dropout({ rate: 0.2 }), '[Dropout] expected p to be from 0 to 1'],
  ['a promise', () => build().to(loadDevice(), placement), 'a device from await loadDevice() but got a Promise'],
  [
    'a device by name',
    () => build().to('cpu', placement),
    '[Sequential] expected device to be a device from await loadDevice()',
  ],
  ['no placement', () => build().to(device), '[Sequential] expected inputShape to be an array'],
  ['a number as shape', () => build().to(device, { ...placement, inputShape: 4 }), 'such as [2, 3], but got 4'],
  ['no seed', () => build().to(device, { ...placement, seed: undefined }), '[Sequential] expected seed'],
  [
    'an array as batch',
    () => model.forward([1, 2, 3, 4]),
    '[Sequential] expected x to be a tensor of float32 but got an array',
  ],
  [
    'a typed array',
    () => model.forward(new Float32Array(4)),
    'got a Float32Array; Tensor.from(device, numbers, shape)',
  ],
  ['integers as batch', () => model.forward(Tensor.zeros(device, [8, 4], 'int32')), 'but got one of int32'],
  ['one row', () => model.forward(Tensor.zeros(device, [4])), 'a row is a batch of one'],
  ['too many rows', () => model.forward(Tensor.zeros(device, [9, 4])), 'batchSize in model.to says how many'],
  ['a batch of another device', () => model.forward(Tensor.zeros(other, [8, 4])), 'of its own device but got one of'],
  ['data of another device', () => evaluate(model, loss(), elsewhere), '[evaluate] expected a tensor of its own'],
  ['labels of another', () => loss().forward(logits, elsewhere.labels), '[CrossEntropyLoss] expected a tensor of its'],
  [
    'a target of another',
    () => new MSELoss().allocate(model).forward(logits, Tensor.zeros(other, [8, 3])),
    '[MSELoss] exp',
  ],
  [
    'no gradient',
    () => model.forward(inputs) && model.backward(),
    'expected dy to be a tensor of float32 but got nothing',
  ],
  ['a model for parameters', () => new SGD(model, { lr: 0.1 }), 'as model.parameters() gives it, but got a Sequential'],
  [
    'tensors for parameters',
    () => new SGD([inputs], { lr: 0.1 }),
    '[SGD] expected a parameter to be one of model.parameters() but got a Tensor',
  ],
  ['no parameters', () => new SGD([], { lr: 0.1 }), '[SGD] expected parameters but got none'],
  ['a rate as argument', () => new SGD(parameters, 0.1), '[SGD] expected options, { lr, weightDecay,'],
  ['that of AdamW', () => new AdamW(parameters, 0.1), '[AdamW] expected options'],
  ['no rate', () => new SGD(parameters), '[SGD] expected lr to be 0 or a number'],
  ['betas', () => new Adam(parameters, { betas: [0.9, 0.99] }), 'beta1, beta2, eps, epsilonHat, amsgrad but got betas'],
  ['weight_decay', () => new AdamW(parameters, { weight_decay: 0.1 }), '[AdamW] expected the options lr, weightDecay'],
  ['a step as argument', () => new StepLR(sgd, 10), '[StepLR] expected options, { stepSize, gamma }, but got 10'],
  [
    'a schedule of nothing',
    () => new StepLR({ stepSize: 10 }, { stepSize: 10 }),
    'expected optimizer to be an optimizer but got',
  ],
  ['milestones as argument', () => new MultiStepLR(sgd, [3, 5]), 'but got an array'],
  [
    'one milestone',
    () => new MultiStepLR(sgd, { milestones: 3 }),
    'expected milestones to be an array of epochs but got 3',
  ],
  [
    'schedules alone',
    () => new SequentialLR(sgd, { schedulers: [] }),
    'expected milestones to be an array of epochs but got',
  ],
  ['a factor', () => new LambdaLR(sgd, 0.5), '[LambdaLR] expected factor to be a function of the epoch but got 0.5'],
  [
    'no measure',
    () => new ReduceLROnPlateau(sgd).step(),
    'such as the validation loss, to be a number but got nothing',
  ],
  ['another mode', () => new ReduceLROnPlateau(sgd, { mode: 'auto' }), 'mode to be min or max but got "auto"'],
  ['patience as argument', () => new EarlyStopping(5), '[EarlyStopping] expected options'],
  ['a measure by name', () => new EarlyStopping({ monitor: 'val_loss' }), 'restoreBest but got monitor'],
  ['yes for a model', () => new EarlyStopping({ restoreBest: true }), 'restoreBest to be a model but got true'],
  ['no measure to stop', () => new EarlyStopping().step(), '[EarlyStopping] expected measure, such as'],
  [
    'a loss for nothing',
    () => new CrossEntropyLoss().allocate(10, 128),
    'a model, or a device followed by sizes, but got 10',
  ],
  ['a loss before to', () => new MSELoss().allocate(build()), '[Sequential] expected to(device, …) to come first'],
  ['labels as array', () => loss().forward(logits, [0, 1]), 'labels to be a tensor of int32 but got an array'],
  [
    'labels as floats',
    () => loss().forward(logits, Tensor.zeros(device, [8])),
    "but got one of float32; Tensor.from(device, numbers, shape, 'int32')",
  ],
  [
    'one-hot labels',
    () => loss().forward(logits, Tensor.zeros(device, [8, 3], 'int32')),
    'one class for each row, but got [8, 3]',
  ],
  ['labels from 1', () => loss().forward(logits, classes(1, 2, 3, 1, 2, 3, 1, 2)), 'from 0 to 2 but got 3 at row 2'],
  [
    'a label below 0',
    () => loss().forward(logits, classes(0, -1, 0, 0, 0, 0, 0, 0)),
    'but got -1 at row 1; rows of -100',
  ],
  [
    'another target',
    () => new MSELoss().allocate(model).forward(logits, labels),
    'target to be a tensor of float32 but got one of int32',
  ],
  [
    'rows in rows',
    () =>
      Tensor.from(
        device,
        [
          [1, 2],
          [3, 4],
        ],
        [2, 2],
      ),
    'values.flat() makes one list',
  ],
  ['text', () => Tensor.from(device, ['1'], [1]), '[Tensor] expected values[0] to be a number that float32 holds'],
  [
    'no shape',
    () => Tensor.from(device, [1, 2]),
    '[Tensor] expected shape to be an array of whole numbers, such as [2, 3], but got nothing',
  ],
  [
    'no device',
    () => Tensor.from([1, 2], [2]),
    '[Tensor] expected device to be a device from await loadDevice() but got an array',
  ],
  ['no values', () => Tensor.from(device, 3, [1]), '[Tensor] expected values to be an array of numbers but got 3'],
  [
    'doubles',
    () => Tensor.from(device, [1], [1], 'float64'),
    'dtype to be float32 or int32 or uint8 but got "float64"',
  ],
  [
    'examples one by one',
    () => new TensorDataset(inputs, labels),
    'expected options, { inputs, labels }, but got a Tensor',
  ],
  [
    'targets that are floats',
    () => new TensorDataset({ inputs, labels: logits }),
    'labels to be a tensor of int32 or uint8 but got one of float32',
  ],
  [
    'arrays of examples',
    () => new TensorDataset({ inputs: [[1]], labels: [1] }),
    'inputs to be a tensor of float32 or uint8 but got an array',
  ],
  ['shuffle', () => new DataLoader(dataset, { batchSize: 4, shuffle: false }), 'stream, dropLast but got shuffle'],
  ['no size of a batch', () => new DataLoader(dataset), '[DataLoader] expected batchSize to be a whole number'],
  [
    'tensors to load',
    () => new DataLoader(inputs, { batchSize: 4 }),
    '[DataLoader] expected dataset to be a TensorDataset but got a Tensor',
  ],
  [
    'no loss to evaluate',
    () => evaluate(model, dataset),
    '[evaluate] expected loss to be a CrossEntropyLoss but got a TensorDataset',
  ],
  [
    'no data to evaluate',
    () => evaluate(model, loss()),
    '[evaluate] expected dataset to be a TensorDataset but got nothing',
  ],
  [
    'an optimizer to save',
    () => saveModel(model, sgd),
    '[saveModel] expected options, { optimizer, metadata }, but got a SGD',
  ],
  [
    'a state dict for bytes',
    () => loadModel(model, model.stateDict()),
    '[loadModel] expected bytes to be a Uint8Array',
  ],
  [
    'a size for a shape',
    () => new Parameter('w', 3),
    '[Parameter] expected shape to be an array of whole numbers, such as [2, 3], but got 3',
  ],
])('%s', (_, mistake, error) => {
  expect(mistake).toThrow(error);
});

function place(layer: Loose, inputShape = [4]): void {
  new Sequential([layer]).to(device, { ...placement, inputShape });
}

function picture(layer: Loose): void {
  place(layer, [1, 4, 4]);
}

test('a variant in place of options', async () => {
  await expect(loadDevice('simd128' as never)).rejects.toThrow(
    '[loadDevice] expected options, { variant, bytes, gunzip }',
  );
});

test('layers as arguments, as in PyTorch, are those of an array', () => {
  const [first, second] = [new Linear(4, 2), new ReLU()];
  expect(new Sequential(first, second).layers).toEqual([first, second]);
});

test('a loss is laid out for a model, or for sizes', () => {
  expect(loss().classes).toBe(3);
  expect(loss().forward(logits, labels)).toBe(new CrossEntropyLoss().allocate(device, 3, 8).forward(logits, labels));
  expect(new MSELoss().allocate(model).forward(logits, logits)).toBe(0);
});

test('an epoch of a loader has its batches in order', () => {
  const loader = new DataLoader(dataset, { batchSize: 3, sampler: 'sequential' });
  expect([...loader.epoch(2)].length).toBe(3);
  const sizes: number[] = [];
  for (const { size } of loader.epoch(1)) sizes.push(size);
  expect(sizes).toEqual([3, 3, 2]);
});
