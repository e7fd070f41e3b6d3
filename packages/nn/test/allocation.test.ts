// A training step takes no memory: neither wasm's nor JavaScript's.
import { memoryUsage } from 'node:process';
import { expect, test } from 'vitest';
import {
  Adagrad,
  Adam,
  AdamW,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  CosineAnnealingLR,
  CrossEntropyLoss,
  type CrossEntropyLossOptions,
  clipGradNorm,
  clipGradValue,
  DataLoader,
  Dropout,
  EarlyStopping,
  Flatten,
  GELU,
  type Layer,
  LayerNorm,
  Linear,
  LinearLR,
  loadDevice,
  MaxPool2d,
  MultiStepLR,
  type Optimizer,
  type Parameter,
  ReduceLROnPlateau,
  ReLU,
  RMSprop,
  RNN,
  type Sampler,
  Sequential,
  SequentialLR,
  SGD,
  Sigmoid,
  Tanh,
  Tensor,
  TensorDataset,
} from '../src/index.ts';

const STEPS = 10_000;

/** V8 boxes a float that crosses a call (the loss, a power of β) in 16 bytes, which the next collection takes for nothing. */
const THREE_BOXES = 48;

/** Bytes of JavaScript heap that a call of `work` takes: growth over short stretches, as a collection may end any of them. */
function bytesPerCall(work: (step: number) => void, steps: number): number {
  let taken = 0;
  for (let step = 0; step < steps; ) {
    const before = memoryUsage().heapUsed;
    for (const end = step + 100; step < end; step++) work(step);
    taken += Math.max(0, memoryUsage().heapUsed - before);
  }
  return taken / steps;
}

/** The least of some runs: the test runner takes memory too, and on a busy machine V8's compiler comes late. */
function leastBytesPerCall(work: (step: number) => void, steps = STEPS): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 12 && least > THREE_BOXES; run++) least = Math.min(least, bytesPerCall(work, steps));
  return least;
}

const device = await loadDevice({ bytes: 2 ** 20 });

/** What is done between `backward` and the optimizer's step, and after it. */
interface Around {
  before?: () => void;
  after?: () => void;
}

function trainer(
  build: (parameters: Parameter[]) => Optimizer,
  sampler: Sampler,
  between: Layer[] = [],
  around: (model: Sequential, optimizer: Optimizer) => Around = () => ({}),
): (step: number) => void {
  const model = new Sequential([new Linear(6, 8), ...between, new ReLU(), new Linear(8, 3)]);
  model.to(device, { inputShape: [6], batchSize: 5, seed: 1 });
  const inputs = Tensor.from(
    device,
    Array.from({ length: 240 }, (_, index) => (37 * index) % 256),
    [40, 6],
    'uint8',
  );
  const labels = Tensor.from(
    device,
    Array.from({ length: 40 }, (_, index) => index % 3),
    [40],
    'uint8',
  );
  const loader = new DataLoader(new TensorDataset({ inputs, labels }), { batchSize: 5, sampler });
  const loss = new CrossEntropyLoss().allocate(device, 3, 5);
  const optimizer = build(model.parameters());
  const { before, after } = around(model, optimizer);
  return (step) => {
    const batch = loader.batch(step);
    loss.forward(model.forward(batch.inputs), batch.labels);
    model.backward(loss.backward());
    before?.();
    optimizer.step();
    after?.();
  };
}

test.each<[string, (parameters: Parameter[]) => Optimizer, Sampler, Layer[]?]>([
  ['SGD', (parameters) => new SGD(parameters, { lr: 0.01, weightDecay: 0.1 }), 'replacement'],
  ['Momentum', (parameters) => new SGD(parameters, { lr: 0.01, momentum: 0.9 }), 'replacement'],
  ['Adagrad', (parameters) => new Adagrad(parameters), 'replacement'],
  ['RMSprop', (parameters) => new RMSprop(parameters), 'replacement'],
  ['Adam', (parameters) => new Adam(parameters), 'replacement'],
  ['AdamW', (parameters) => new AdamW(parameters), 'sequential'],
  [
    'amsgrad in two groups',
    (parameters) =>
      new Adam([{ params: parameters.slice(0, 2) }, { params: parameters.slice(2), lr: 0.1 }], { amsgrad: true }),
    'replacement',
  ],
  ['SGD on shuffled data', (parameters) => new SGD(parameters, { lr: 0.01 }), 'shuffle'],
  ['BatchNorm1d', (parameters) => new SGD(parameters, { lr: 0.01 }), 'replacement', [new BatchNorm1d(8)]],
  [
    'BatchNorm1d with a cumulative average',
    (parameters) => new SGD(parameters, { lr: 0.01 }),
    'replacement',
    [new BatchNorm1d(8, { momentum: null })],
  ],
  ['Dropout', (parameters) => new SGD(parameters, { lr: 0.01 }), 'replacement', [new Dropout(0.2)]],
])('%s: 10,000 steps take none', (_, build, sampler, between) => {
  const step = trainer(build, sampler, between);
  for (let warmUp = 0; warmUp < STEPS; warmUp++) step(warmUp);
  const { used, memory } = device.arena;
  const { byteLength } = memory.buffer;
  expect(leastBytesPerCall(step)).toBeLessThanOrEqual(THREE_BOXES);
  expect([device.arena.used, memory.buffer.byteLength]).toEqual([used, byteLength]);
});

/** Fewer: a convolution takes its time. */
const SOME_STEPS = 2_000;

/** Batches that lie in memory already, short ones among them: what the layers take is asked for. */
function layerTrainer(layers: Layer[], inputShape: number[]): (step: number) => void {
  const model = new Sequential(layers).to(device, { inputShape, batchSize: 4, seed: 1 });
  const features = inputShape.reduce((product, size) => product * size, 1);
  const [whole, short] = [4, 3].map((rows) => {
    const values = Array.from({ length: rows * features }, (_, index) => ((37 * index) % 256) / 256);
    const inputs = Tensor.from(device, values, [rows, ...inputShape]);
    return { inputs, labels: Tensor.from(device, [0, 1, 2, 0].slice(0, rows), [rows], 'int32') };
  });
  const loss = new CrossEntropyLoss().allocate(device, 3, 4);
  const optimizer = new SGD(model.parameters(), { lr: 0.01 });
  return (step) => {
    const { inputs, labels } = step % 5 === 4 ? short : whole;
    loss.forward(model.forward(inputs), labels);
    model.backward(loss.backward());
    optimizer.step();
  };
}

const recurrent = (norm: 'none' | 'batch' | 'layer') => [new RNN(3, 5, { norm, steps: 4 }), new Linear(5, 3)];
test.each<[string, Layer[], number[]]>([
  ['RNN', recurrent('none'), [4, 3]],
  ['RNN with batch norm', recurrent('batch'), [4, 3]],
  ['RNN with layer norm', recurrent('layer'), [4, 3]],
  [
    'two RNN, of which the first gives all steps',
    [new RNN(3, 5, { returns: 'all' }), new RNN(5, 4), new Linear(4, 3)],
    [4, 3],
  ],
  [
    'Conv2d, BatchNorm2d, MaxPool2d and Flatten',
    [
      new Conv2d(2, 3, 3, { padding: 1 }),
      new BatchNorm2d(3),
      new ReLU(),
      new Conv2d(3, 2, 3, { stride: 2, bias: false }),
      new MaxPool2d(2, { stride: 1 }),
      new Flatten(),
      new Linear(8, 3),
    ],
    [2, 7, 7],
  ],
  [
    'LayerNorm, GELU, Tanh and Sigmoid',
    [new Linear(6, 8), new LayerNorm(8), new GELU(), new Linear(8, 8), new Tanh(), new Linear(8, 3), new Sigmoid()],
    [6],
  ],
])('%s: 2,000 steps, some with fewer rows, take none', (_, layers, inputShape) => {
  const step = layerTrainer(layers, inputShape);
  for (let warmUp = 0; warmUp < STEPS; warmUp++) step(warmUp);
  const { used } = device.arena;
  expect(leastBytesPerCall(step, SOME_STEPS)).toBeLessThanOrEqual(THREE_BOXES);
  expect(device.arena.used).toBe(used);
});

const classes = Tensor.from(device, [0, -100, 2, 1], [4], 'int32');
const probabilities = Tensor.from(device, [1, 0, 0, 0, 0.5, 0.5, 0.2, 0.3, 0.5, 0, 0, 1], [4, 3]);
test.each<[string, CrossEntropyLossOptions, Tensor<'int32'> | Tensor]>([
  ['an ignored label', {}, classes],
  ['weights and smoothing', { weight: [1, 2, 3], labelSmoothing: 0.1 }, classes],
  ['no reduction', { reduction: 'none' }, classes],
  ['probabilities', { labelSmoothing: 0.1 }, probabilities],
])('a loss with %s: 10,000 steps take none', (_, options, targets) => {
  const loss = new CrossEntropyLoss(options).allocate(device, 3, 4);
  const dy = options.reduction === 'none' ? Tensor.zeros(device, [4]) : undefined;
  const step = () => {
    loss.forward(probabilities, targets);
    loss.backward(dy);
  };
  for (let warmUp = 0; warmUp < STEPS; warmUp++) step();
  const { used } = device.arena;
  expect(leastBytesPerCall(step)).toBeLessThanOrEqual(THREE_BOXES);
  expect(device.arena.used).toBe(used);
});

test.each<[string, (model: Sequential, optimizer: Optimizer) => Around]>([
  ['clipGradNorm', ({ grads }) => ({ before: () => clipGradNorm(grads, 1e-3) })],
  [
    'clipGradValue over parameters',
    (model) => {
      const parameters = model.parameters();
      return { before: () => clipGradValue(parameters, 1e-3) };
    },
  ],
  [
    'a warm-up, then a cosine',
    (_, optimizer) => {
      const schedulers = [
        new LinearLR(optimizer, { totalIters: 50 }),
        new CosineAnnealingLR(optimizer, { tMax: 10_000 }),
      ];
      const schedule = new SequentialLR(optimizer, { schedulers, milestones: [50] });
      return { after: () => schedule.step() };
    },
  ],
  [
    'a decay at milestones, and one at a plateau',
    (_, optimizer) => {
      const decay = new MultiStepLR(optimizer, { milestones: [10, 100, 1000] });
      const plateau = new ReduceLROnPlateau(optimizer, { patience: 1 });
      return {
        after: () => {
          decay.step();
          plateau.step(decay.lastEpoch % 7);
        },
      };
    },
  ],
  [
    'EarlyStopping that keeps the best',
    (model) => {
      const stopping = new EarlyStopping({ patience: 3, restoreBest: model });
      return { after: () => void stopping.step(1 / stopping.lastEpoch) };
    },
  ],
])('%s: 10,000 steps take none', (_, around) => {
  const step = trainer((parameters) => new SGD(parameters, { lr: 0.01 }), 'replacement', [], around);
  for (let warmUp = 0; warmUp < STEPS; warmUp++) step(warmUp);
  const { used } = device.arena;
  expect(leastBytesPerCall(step)).toBeLessThanOrEqual(THREE_BOXES);
  expect(device.arena.used).toBe(used);
});

let kept: unknown;
test.each<[string, (step: number) => void]>([
  [
    'an array of one number',
    (step) => {
      kept = [step];
    },
  ],
  [
    'a view of the memory',
    (step) => {
      kept = new Float32Array(device.arena.memory.buffer, 0, step % 4);
    },
  ],
  [
    'a closure that keeps its step',
    (step) => {
      kept = () => step;
    },
  ],
])('the meter sees %s', (_, work) => {
  expect(leastBytesPerCall(work)).toBeGreaterThan(THREE_BOXES);
  expect(kept).toBeDefined();
});
