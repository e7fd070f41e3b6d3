// Tensors, parameters, random numbers, data sets, models, losses and metrics.
import * as data from '../../src/data/index.ts';
import * as nn from '../../src/index.ts';
import {
  address,
  anyKey,
  built,
  type Call,
  call,
  crossEntropy,
  dataset,
  device,
  file,
  files,
  floats,
  integers,
  type Loose,
  labels,
  logits,
  make,
  model,
  on,
  parameter,
  placement,
  rng,
  rows,
  sgd,
  sha256,
  squares,
  vector,
} from './fixtures.ts';

const sequence = () => {
  const optimizer = sgd();
  const schedulers = [new nn.StepLR(optimizer, { stepSize: 1 })];
  return { optimizer, options: { schedulers, milestones: [] } };
};
const sequential = () => {
  const { optimizer, options } = sequence();
  return new nn.SequentialLR(optimizer, options);
};
export const arrays: Record<string, () => Call> = {
  Tensor: make(nn.Tensor, { device, dtype: 'float32', pointer: rows.pointer, shape: [2, 2] }),
  'Tensor.zeros': call(nn.Tensor.zeros, { device, shape: [2], dtype: 'int32' }),
  'Tensor.from': call(nn.Tensor.from, { device, values: [1, 2], shape: [2], dtype: 'int32' }),
  'Tensor#rows': on(() => rows, 'rows', { start: 0, end: 1 }),
  TensorDataset: make(nn.TensorDataset, { options: { inputs: rows, labels } }),
  'TensorDataset#slice': on(() => dataset, 'slice', { start: 0, end: 1 }),
  DataLoader: make(nn.DataLoader, {
    dataset,
    options: { batchSize: 1, sampler: 'shuffle', seed: 1, stream: 1, dropLast: false },
  }),
  'DataLoader#batch': on(() => new nn.DataLoader(dataset, { batchSize: 1 }), 'batch', { step: 0 }),
  'DataLoader#epoch': on(() => new nn.DataLoader(dataset, { batchSize: 1 }), 'epoch', { epoch: 0 }),
  Parameter: make(
    nn.Parameter,
    { name: 'w', shape: [2], options: { decay: true, transposed: false } },
    { name: ['string'] },
  ),
  'Parameter#place': on(parameter, 'place', { value: vector, grad: vector }),
  Buffer: make(nn.Buffer, { name: 'mean', shape: [2] }, { name: ['string'] }),
  'Buffer#place': on(() => new nn.Buffer('mean', [2]), 'place', { value: vector }),
  allocateParameters: call(nn.allocateParameters, { device, parameter: [new nn.Parameter('w', [2])] }),
  allocateBuffers: call(nn.allocateBuffers, { device, buffers: [new nn.Buffer('mean', [2])] }),
  Rng: make(nn.Rng, { device, seed: 1 }),
  'Rng#uniform': on(() => rng, 'uniform', { tensor: vector, options: { ...address, low: 0, high: 1 } }),
  'Rng#normal': on(() => rng, 'normal', { tensor: vector, options: { ...address, mean: 0, std: 1 } }),
  'Rng#integers': on(() => rng, 'integers', { tensor: integers, options: { ...address, bound: 2 } }),
  'Rng#permutation': on(() => rng, 'permutation', { tensor: integers, options: address }),
  Streams: make(nn.Streams),
  'Streams#take': on(() => new nn.Streams(), 'take', { kind: 'weights' }),
  streamOf: call(nn.streamOf, { kind: 'weights', index: 0 }),
  zeros: call(nn.zeros),
  ones: call(nn.ones),
  constant: call(nn.constant, { value: 1 }),
  normal: call(nn.normal, { options: { mean: 0, std: 1 } }),
  uniform: call(nn.uniform, { options: { low: 0, high: 1 } }),
  kaimingNormal: call(nn.kaimingNormal),
  kaimingUniform: call(nn.kaimingUniform),
  xavierNormal: call(nn.xavierNormal),
  xavierUniform: call(nn.xavierUniform),
  lecunNormal: call(nn.lecunNormal),
  DataError: make(
    nn.DataError,
    { file: 'a', expected: 'b', got: 'c' },
    { file: ['string'], expected: ['string'], got: ['string'] },
  ),
  checkOriginal: call(data.checkOriginal, { role: 'trainImages', file: 'a', digest: sha256() }, { file: ['string'] }),
  parseIdx: call(data.parseIdx, { bytes: new Uint8Array(2), file: 'a' }, { file: ['string'] }),
  readIdxHeader: call(data.readIdxHeader, { bytes: data.idxHeader([1]), file: 'a', types: [8] }, { file: ['string'] }),
  idxHeader: call(data.idxHeader, { shape: [1] }),
  imageFileRole: call(data.imageFileRole, { name: 'train.csv' }, { name: ['string'] }),
  findImageFiles: call(
    data.findImageFiles,
    { where: 'folder', names: ['train.csv'], wanted: '' },
    { where: ['string'], wanted: ['string'] },
  ),
  collectImageFiles: call(
    data.collectImageFiles,
    { names: { trainTable: 'train.csv' }, read: () => file('a') },
    { ...anyKey('names'), trainTable: ['string'] },
  ),
  imageFilesFromCsv: call(data.imageFilesFromCsv, { train: file('a'), test: file('b') }, { file: ['string'] }),
  parseImages: call(data.parseImages, { files, options: { classes: 10, sha256 } }),
  loadImages: call(data.loadImages, { device, files, options: { classes: 10, sha256 } }),
  mnistFrom: call(data.mnistFrom, { device, files, options: { classes: 10, sha256 } }),
  imagesFrom: call(data.imagesFrom, { device, files, options: { classes: 10, sha256 } }),
};

export const training: Record<string, () => Call> = {
  'Sequential#allocate': on(built, 'allocate', { device, inputShape: [2], batchSize: 2, needsInputGradient: true }),
  'Sequential#initialize': on(() => model, 'initialize', { rng, streams: new nn.Streams() }),
  'Sequential#forward': on(() => model, 'forward', { x: rows, fusedActivation: undefined }),
  'Sequential#backward': () => {
    const dy = model.forward(rows);
    return { act: (...given) => (model as Loose).backward(...given), args: { dy } };
  },
  Sequential: () => ({
    act: (layer, ...more) => new nn.Sequential(layer, ...more),
    args: { 'a layer': new nn.ReLU() },
    skips: ['surplus'],
  }),
  'Sequential#to': on(built, 'to', { device, options: placement }),
  'Sequential#train': on(built, 'train'),
  'Sequential#eval': on(built, 'eval'),
  'Sequential#zeroGrad': on(() => model, 'zeroGrad'),
  'Sequential#loadStateDict': on(() => model, 'loadStateDict', { state: model.stateDict() }),
  CrossEntropyLoss: make(
    nn.CrossEntropyLoss,
    {
      options: { weight: [1, 2], ignoreIndex: -100, labelSmoothing: 0.1, reduction: 'mean' },
    },
    { weight: ['array'] },
  ),
  'CrossEntropyLoss#allocate': on(() => new nn.CrossEntropyLoss(), 'allocate', { device, classes: 3, batchSize: 2 }),
  'CrossEntropyLoss#forward': on(crossEntropy, 'forward', { logits, labels }),
  'CrossEntropyLoss#rowLosses': on(crossEntropy, 'rowLosses', { logits, labels }),
  'CrossEntropyLoss#backward': () => {
    const loss = new nn.CrossEntropyLoss({ reduction: 'none' }).allocate(device, 3, 2);
    return { act: (...given) => (loss as Loose).backward(...given), args: { gradient: loss.forward(logits, labels) } };
  },
  MSELoss: make(nn.MSELoss, { options: { reduction: 'mean' } }),
  'MSELoss#allocate': on(() => new nn.MSELoss(), 'allocate', { device, rowSize: 3, batchSize: 2 }),
  'MSELoss#forward': on(squares, 'forward', { x: logits, target: logits }),
  'MSELoss#backward': () => {
    const loss = new nn.MSELoss({ reduction: 'none' }).allocate(device, 3, 2);
    return { act: (...given) => (loss as Loose).backward(...given), args: { gradient: loss.forward(logits, logits) } };
  },
  accuracy: call(nn.accuracy, { logits, labels }),
  evaluate: call(nn.evaluate, { model, loss: crossEntropy(), dataset, batchSize: 2 }),
  withRestoredState: call(nn.withRestoredState, { model, work: () => 1 }),
  summary: call(nn.summary, { model }),
  clipGradNorm: call(nn.clipGradNorm, { gradients: model.grads, maxNorm: 1 }, { gradients: ['array'] }),
  clipGradValue: call(nn.clipGradValue, { gradients: model.grads, clipValue: 1 }, { gradients: ['array'] }),
  EarlyStopping: make(nn.EarlyStopping, { options: { patience: 1, minDelta: 0, mode: 'min', restoreBest: model } }),
  'EarlyStopping#step': on(() => new nn.EarlyStopping(), 'step', { measure: 1 }, { measure: ['NaN'] }),
  'EarlyStopping#loadStateDict': on(
    () => new nn.EarlyStopping(),
    'loadStateDict',
    { state: { best: 1, bestEpoch: 1, lastEpoch: 1, waited: 0, parameters: floats } },
    { best: ['null', 'NaN'] },
  ),
  ReduceLROnPlateau: () =>
    make(nn.ReduceLROnPlateau, {
      optimizer: sgd(),
      options: {
        ...{ mode: 'min', factor: 0.1, patience: 1, threshold: 0, thresholdMode: 'rel', cooldown: 0, minLr: 0 },
        eps: 0,
      },
    })(),
  'ReduceLROnPlateau#step': on(() => new nn.ReduceLROnPlateau(sgd()), 'step', { measure: 1 }, { measure: ['NaN'] }),
  'ReduceLROnPlateau#loadStateDict': on(
    () => new nn.ReduceLROnPlateau(sgd()),
    'loadStateDict',
    { state: { best: 1, badEpochs: 0, cooldownLeft: 0, lastEpoch: 0 } },
    { best: ['null', 'NaN'] },
  ),
  SequentialLR: () => make(nn.SequentialLR, sequence())(),
  'SequentialLR#step': on(sequential, 'step'),
  'SequentialLR#loadStateDict': () =>
    on(sequential, 'loadStateDict', { state: sequential().stateDict() }, { schedulers: ['array'] })(),
};
