// A training step allocates neither wasm memory nor JavaScript heap.
import { memoryUsage } from 'node:process';
import { expect, test } from 'vitest';
import * as nn from '../src/index.ts';

const STEPS = 4_000;

/** V8 boxes a float that crosses a call (the loss, a power of β) in 16 bytes, which the next minor collection frees. */
const MAX_BYTES = 48;

/** Returns the bytes of JavaScript heap per call of `work`: growth over short stretches, because a collection may end any of them. */
function bytesPerCall(work: (step: number) => void, steps: number): number {
  let taken = 0;
  for (let step = 0; step < steps; ) {
    const before = memoryUsage().heapUsed;
    for (const end = step + 100; step < end; step++) work(step);
    taken += Math.max(0, memoryUsage().heapUsed - before);
  }
  return taken / steps;
}

/** Returns the minimum of some runs: the test runner allocates too, and on a busy machine V8 compiles late. */
function minBytesPerCall(work: (step: number) => void, steps = STEPS): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 12 && least > MAX_BYTES; run++) least = Math.min(least, bytesPerCall(work, steps));
  return least;
}

const device = await nn.loadDevice({ bytes: 2 ** 20 });

function expectNoAllocation(step: (step: number) => void, steps = STEPS): void {
  for (let warmUp = 0; warmUp < STEPS; warmUp++) step(warmUp);
  const { used, memory } = device.arena;
  const { byteLength } = memory.buffer;
  expect(minBytesPerCall(step, steps)).toBeLessThanOrEqual(MAX_BYTES);
  expect([device.arena.used, memory.buffer.byteLength]).toEqual([used, byteLength]);
}

interface Setup {
  optimizer?: (parameters: nn.Parameter[]) => nn.Optimizer;
  sampler?: nn.Sampler;
  layers?: nn.Layer[];
  /** Returns what runs between `backward` and the optimizer's step. */
  before?: (model: nn.Sequential) => () => unknown;
  /** Returns what runs after the optimizer's step. */
  after?: (model: nn.Sequential, optimizer: nn.Optimizer) => () => unknown;
}

const sgd = (parameters: nn.Parameter[]) => new nn.SGD(parameters, { lr: 0.01 });

function createStep({ optimizer: build = sgd, sampler = 'replacement', layers = [], ...hooks }: Setup) {
  const model = new nn.Sequential([new nn.Linear(6, 8), ...layers, new nn.ReLU(), new nn.Linear(8, 3)]);
  model.to(device, { inputShape: [6], batchSize: 5, seed: 1 });
  const bytes = (count: number, value: (i: number) => number, ...row: number[]) =>
    nn.Tensor.from(
      device,
      Uint8Array.from({ length: count }, (_, i) => value(i)),
      [40, ...row],
      'uint8',
    );
  const dataset = new nn.TensorDataset({ inputs: bytes(240, (i) => 37 * i, 6), labels: bytes(40, (i) => i % 3) });
  const loader = new nn.DataLoader(dataset, { batchSize: 5, sampler });
  const loss = new nn.CrossEntropyLoss().allocate(device, 3, 5);
  const optimizer = build(model.parameters());
  const [before, after] = [hooks.before?.(model), hooks.after?.(model, optimizer)];
  return (step: number) => {
    const batch = loader.batch(step);
    loss.forward(model.forward(batch.inputs), batch.labels);
    model.backward(loss.backward());
    before?.();
    optimizer.step();
    after?.();
  };
}

const amsgradInGroups = (parameters: nn.Parameter[]) =>
  new nn.Adam([{ params: parameters.slice(0, 2) }, { params: parameters.slice(2), lr: 0.1 }], { amsgrad: true });

function clip(model: nn.Sequential) {
  const parameters = model.parameters();
  return () => {
    nn.clipGradNorm(model.grads, 1e-3);
    nn.clipGradValue(parameters, 1e-4);
  };
}

function schedule(_: nn.Sequential, optimizer: nn.Optimizer) {
  const warmUp = new nn.LinearLR(optimizer, { totalIters: 50 });
  const cosine = new nn.CosineAnnealingLR(optimizer, { tMax: 10_000 });
  const sequence = new nn.SequentialLR(optimizer, { schedulers: [warmUp, cosine], milestones: [50] });
  const decay = new nn.MultiStepLR(optimizer, { milestones: [10, 100, 1000] });
  const plateau = new nn.ReduceLROnPlateau(optimizer, { patience: 1 });
  return () => {
    for (const each of [sequence, decay]) each.step();
    plateau.step(decay.lastEpoch % 7);
  };
}

function stopEarly(model: nn.Sequential) {
  const stopping = new nn.EarlyStopping({ patience: 3, restoreBest: model });
  return () => void stopping.step(1 / stopping.lastEpoch);
}

test.each<[string, Setup]>([
  ['SGD', { optimizer: (parameters) => new nn.SGD(parameters, { lr: 0.01, weightDecay: 0.1 }) }],
  ['momentum', { optimizer: (parameters) => new nn.SGD(parameters, { lr: 0.01, momentum: 0.9 }) }],
  ['Adagrad', { optimizer: (parameters) => new nn.Adagrad(parameters) }],
  ['RMSprop', { optimizer: (parameters) => new nn.RMSprop(parameters) }],
  ['Adam', { optimizer: (parameters) => new nn.Adam(parameters) }],
  ['AdamW and the sampler sequential', { optimizer: (p) => new nn.AdamW(p), sampler: 'sequential' }],
  ['amsgrad in two groups and the sampler shuffle', { optimizer: amsgradInGroups, sampler: 'shuffle' }],
  [
    'BatchNorm1d and Dropout',
    { layers: [new nn.BatchNorm1d(8), new nn.BatchNorm1d(8, { momentum: null }), new nn.Dropout(0.2)] },
  ],
  ['clipped gradients', { before: clip }],
  ['schedules', { after: schedule }],
  ['EarlyStopping with restoreBest', { after: stopEarly }],
])('training steps with %s do not allocate', (_, setup) => {
  expectNoAllocation(createStep(setup));
});

const recurrent = (norm: 'none' | 'batch' | 'layer') => [new nn.RNN(3, 5, { norm, steps: 4 }), new nn.Linear(5, 3)];
const convnet = [
  ...[new nn.Conv2d(2, 3, 3, { padding: 1 }), new nn.BatchNorm2d(3), new nn.ReLU()],
  ...[new nn.Conv2d(3, 2, 3, { stride: 2, bias: false }), new nn.MaxPool2d(2, { stride: 1 })],
  ...[new nn.Flatten(), new nn.Linear(8, 3)],
];
const activated = [new nn.Linear(6, 8), new nn.LayerNorm(8), new nn.GELU(), new nn.Tanh(), new nn.Sigmoid()];
test.each<[string, nn.Layer[], number[]]>([
  ['RNN with batch norm', recurrent('batch'), [4, 3]],
  ['RNN with layer norm', recurrent('layer'), [4, 3]],
  ['two RNN', [new nn.RNN(3, 5, { returns: 'all' }), new nn.RNN(5, 4), new nn.Linear(4, 3)], [4, 3]],
  ['a convnet', convnet, [2, 7, 7]],
  ['LayerNorm and activations', [...activated, new nn.Linear(8, 3)], [6]],
])('training steps of %s, some with fewer rows, do not allocate', (_, layers, inputShape) => {
  const model = new nn.Sequential(layers).to(device, { inputShape, batchSize: 4, seed: 1 });
  const features = inputShape.reduce((product, size) => product * size, 1);
  const [whole, short] = [4, 3].map((rows) => {
    const values = Float32Array.from({ length: rows * features }, (_, index) => ((37 * index) % 256) / 256);
    const inputs = nn.Tensor.from(device, values, [rows, ...inputShape]);
    return { inputs, labels: nn.Tensor.from(device, [0, 1, 2, 0].slice(0, rows), [rows], 'int32') };
  }) as [nn.Batch, nn.Batch];
  const loss = new nn.CrossEntropyLoss().allocate(device, 3, 4);
  const optimizer = sgd(model.parameters());
  expectNoAllocation((step) => {
    const { inputs, labels } = step % 5 === 4 ? short : whole;
    loss.forward(model.forward(inputs), labels);
    model.backward(loss.backward());
    optimizer.step();
  }, 2_000);
});

const labels = nn.Tensor.from(device, [0, -100, 2, 1], [4], 'int32');
const probabilities = nn.Tensor.from(device, [1, 0, 0, 0, 0.5, 0.5, 0.2, 0.3, 0.5, 0, 0, 1], [4, 3]);
test.each<[string, nn.CrossEntropyLossOptions, nn.Tensor<'int32'> | nn.Tensor]>([
  ['an ignored label', {}, labels],
  ['weights and smoothing', { weight: [1, 2, 3], labelSmoothing: 0.1 }, labels],
  ['no reduction', { reduction: 'none' }, labels],
  ['probabilities', { labelSmoothing: 0.1 }, probabilities],
])('a loss with %s does not allocate', (_, options, targets) => {
  const loss = new nn.CrossEntropyLoss(options).allocate(device, 3, 4);
  const dy = options.reduction === 'none' ? nn.Tensor.zeros(device, [4]) : undefined;
  expectNoAllocation(() => {
    loss.forward(probabilities, targets);
    loss.backward(dy);
  });
});

test('the measurement detects an array of one number, a view of the memory and a closure', () => {
  let kept: unknown;
  const allocations: ((step: number) => unknown)[] = [
    (step) => [step],
    (step) => new Float32Array(device.arena.memory.buffer, 0, step % 4),
    (step) => () => step,
  ];
  for (const allocate of allocations) {
    const work = (step: number) => {
      kept = allocate(step);
    };
    expect(minBytesPerCall(work)).toBeGreaterThan(MAX_BYTES);
  }
  expect(kept).toBeDefined();
});
