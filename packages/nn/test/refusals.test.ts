// What layers and schedules refuse, and in which words: options out of range, inputs of another shape; and what initializers are told.
import { describe, expect, test } from 'vitest';
import {
  Conv2d,
  CosineAnnealingLR,
  constant,
  type Initializer,
  LambdaLR,
  type Layer,
  LayerNorm,
  Linear,
  LinearLR,
  MaxPool2d,
  MultiStepLR,
  type Optimizer,
  ReduceLROnPlateau,
  ReLU,
  RNN,
  Sequential,
  SequentialLR,
  SGD,
  StepLR,
  Tensor,
} from '../src/index.ts';
import { device } from './devices.ts';
import { normals, parameterOf } from './gradcheck.ts';

const optimizerOf = (): Optimizer => new SGD([parameterOf(device, 'w', [1], [1], true)], { lr: 0.5 });
const optimizer = optimizerOf();
const plateau = (options: object) => () => new ReduceLROnPlateau(optimizer, options);

const options: [string, () => unknown][] = [
  ['[Conv2d] expected inChannels to be a whole number from 1 to 65536 but got 0', () => new Conv2d(0, 1, 1)],
  ['[Conv2d] expected outChannels to be a whole number from 1 to 65536 but got 0', () => new Conv2d(1, 0, 1)],
  ['[Conv2d] expected kernelSize to be a whole number from 1 to 1024 but got 0', () => new Conv2d(1, 1, 0)],
  ['[Conv2d] expected stride to be a whole number from 1 to 1024 but got 0', () => new Conv2d(1, 1, 1, { stride: 0 })],
  [
    '[Conv2d] expected padding to be a whole number from 0 to 1024 but got -1',
    () => new Conv2d(1, 1, 1, { padding: -1 }),
  ],
  ['[MaxPool2d] expected kernelSize to be a whole number from 1 to 1024 but got 0', () => new MaxPool2d(0)],
  ['[MaxPool2d] expected stride to be a whole number from 1 to 1024 but got 0', () => new MaxPool2d(1, { stride: 0 })],
  [
    '[LayerNorm] expected eps to be 0 or a number from 1.4e-45 to 3.4e+38, the limits of float32, but got -1',
    () => new LayerNorm(1, { eps: -1 }),
  ],
  ['[LayerNorm] expected normalizedShape[1] to be a whole number from 1', () => new LayerNorm([2, 0])],
  ['[RNN] expected inFeatures to be a whole number from 1 to 16777216 but got 0', () => new RNN(0, 1)],
  ['[RNN] expected hiddenFeatures to be a whole number from 1 to 16777216 but got 0', () => new RNN(1, 0)],
  [
    '[RNN] expected steps to be a whole number from 1 to 1048576 but got 0',
    () => new RNN(1, 1, { norm: 'batch', steps: 0 }),
  ],
  ['[RNN] expected steps with a batch norm but got none', () => new RNN(1, 1, { norm: 'batch' })],
  [
    '[Sequential] expected batchSize to be a whole number from 1 to 1048576 but got 0',
    () => placed([new Linear(1, 1)], [1], 0),
  ],
  ['[StepLR] expected gamma to be 0 or a number from 1.4e-45', () => new StepLR(optimizer, { stepSize: 1, gamma: -1 })],
  [
    '[MultiStepLR] expected gamma to be 0 or a number from 1.4e-45',
    () => new MultiStepLR(optimizer, { milestones: [1], gamma: -1 }),
  ],
  [
    '[CosineAnnealingLR] expected etaMin to be 0 or a number from 1.4e-45',
    () => new CosineAnnealingLR(optimizer, { tMax: 1, etaMin: -1 }),
  ],
  ['[LinearLR] expected endFactor to be from 0 to 1 but got 2', () => new LinearLR(optimizer, { endFactor: 2 })],
  [
    '[LinearLR] expected startFactor to be above 0 and at most 1 but got 2',
    () => new LinearLR(optimizer, { startFactor: 2 }),
  ],
  ['[LinearLR] expected totalIters to be a whole number from 1', () => new LinearLR(optimizer, { totalIters: 0 })],
  ['[ReduceLROnPlateau] expected patience to be a whole number', plateau({ patience: -1 })],
  ['[ReduceLROnPlateau] expected threshold to be 0 or a number from 1.4e-45', plateau({ threshold: -1 })],
  ['[ReduceLROnPlateau] expected cooldown to be a whole number', plateau({ cooldown: -1 })],
  ['[ReduceLROnPlateau] expected minLr to be 0 or a number from 1.4e-45', plateau({ minLr: -1 })],
  ['[ReduceLROnPlateau] expected eps to be 0 or a number from 1.4e-45', plateau({ eps: -1 })],
  [
    '[ReduceLROnPlateau] expected badEpochs to be a whole number',
    () => new ReduceLROnPlateau(optimizer).loadStateDict({ best: 1, badEpochs: -1, cooldownLeft: 0, lastEpoch: 0 }),
  ],
  [
    '[LRScheduler] expected baseLr to be 0 or a number from 1.4e-45',
    () => new StepLR(optimizer, { stepSize: 1 }).loadStateDict({ lastEpoch: 0, baseLr: -1 }),
  ],
  [
    '[SequentialLR] expected a milestone fewer than schedulers but got 2 and 2',
    () => new SequentialLR(optimizer, { schedulers: [step(), step()], milestones: [1, 2] }),
  ],
  [
    '[SequentialLR] expected schedulers of its own optimizer',
    () => new SequentialLR(optimizer, { schedulers: [step(), step(optimizerOf())], milestones: [1] }),
  ],
  [
    '[SequentialLR] expected lastEpoch to be a whole number',
    () => sequence().loadStateDict({ lastEpoch: -1, schedulers: sequence().stateDict().schedulers }),
  ],
  [
    '[SequentialLR] expected the state of 2 schedulers but got 1',
    () => sequence().loadStateDict({ lastEpoch: 0, schedulers: sequence().stateDict().schedulers.slice(1) }),
  ],
];

const step = (of = optimizer) => new StepLR(of, { stepSize: 1 });
const sequence = () => new SequentialLR(optimizer, { schedulers: [step(), step()], milestones: [2] });

test.each(options)('%s', (message, act) => {
  expect(act).toThrow(message);
});

const placed = (layers: Layer[], inputShape: number[], batchSize = 3) =>
  new Sequential(layers).to(device, { inputShape, batchSize, seed: 1 });

const pictures = (least: number) => `expected rows of [2, ${least} or more, ${least} or more] but got the shape`;
const shapes: [string, () => Layer, number[][], string][] = [
  [
    'Conv2d',
    () => new Conv2d(2, 3, 3),
    [[2], [2, 5], [1, 5, 5], [2, 2, 5], [2, 5, 2], [2, 5, 5, 1]],
    `[Conv2d] ${pictures(3)}`,
  ],
  [
    'Conv2d with padding',
    () => new Conv2d(2, 3, 5, { padding: 1 }),
    [
      [2, 2, 5],
      [2, 5, 2],
    ],
    `[Conv2d] ${pictures(3)}`,
  ],
  [
    'MaxPool2d',
    () => new MaxPool2d(3),
    [[5], [5, 5], [2, 2, 5], [2, 5, 2], [2, 5, 5, 1]],
    '[MaxPool2d] expected rows of [channels, 3 or more, 3 or more] but got the shape',
  ],
  ['RNN', () => new RNN(3, 4), [[3], [5, 2], [0, 3], [5, 3, 1]], '[RNN] expected rows of [steps, 3] but got the shape'],
  [
    'RNN with batch norm',
    () => new RNN(3, 4, { norm: 'batch', steps: 5 }),
    [
      [4, 3],
      [5, 2],
    ],
    '[RNN] expected rows of [5, 3] but got the shape',
  ],
  [
    'LayerNorm',
    () => new LayerNorm([2, 3]),
    [[3], [3, 2], [2, 4]],
    '[LayerNorm] expected rows that end in [2, 3] but got the shape',
  ],
];

describe.each(shapes)('%s refuses', (_, make, inputShapes, message) => {
  test.each(inputShapes.map((shape) => [shape]))('%j', (shape) => {
    expect(() => make().allocate(device, shape, 2, true)).toThrow(`${message} [${shape.join(', ')}]`);
  });
});

test('steps bind a recurrence only where each has statistics of its own', () => {
  expect(placed([new RNN(3, 4, { steps: 5 })], [2, 3]).outputShape).toEqual([4]);
});

describe('initializers', () => {
  const told: [string, number, number][] = [];
  const spy =
    (name: string): Initializer =>
    (target, { fanIn, fanOut, rng, stream }) => {
      told.push([name, fanIn, fanOut]);
      constant(7)(target, { fanIn, fanOut, rng, stream });
    };
  const inits = { weightInit: spy('weight'), biasInit: spy('bias') };

  test.each<[string, Layer, number[], [string, number, number][]]>([
    [
      'Conv2d',
      new Conv2d(2, 3, 4, inits),
      [2, 5, 5],
      [
        ['weight', 32, 48],
        ['bias', 32, 48],
      ],
    ],
    [
      'RNN',
      new RNN(3, 4, inits),
      [5, 3],
      [
        ['weight', 3, 4],
        ['weight', 4, 4],
        ['bias', 3, 4],
        ['bias', 4, 4],
      ],
    ],
  ])('%s tells them its fans, of weights and biases', (_, layer, inputShape, expected) => {
    told.length = 0;
    const model = placed([layer], inputShape);
    expect(told).toEqual(expected);
    expect(model.values.data.every((value) => value === 7)).toBe(true);
  });
});

test.each<[string, () => Layer, number[]]>([
  ['Conv2d', () => new Conv2d(2, 3, 2), [2, 4, 4]],
  ['MaxPool2d', () => new MaxPool2d(2), [2, 4, 4]],
  ['RNN', () => new RNN(3, 4), [5, 3]],
  ['LayerNorm', () => new LayerNorm(3), [5, 3]],
])('%s, made, is in training; it has its name, and no gradient where nobody needs one', (name, make, inputShape) => {
  const layer = make();
  expect([layer.training, layer.name]).toEqual([true, name]);
  const model = placed([layer], inputShape);
  const y = model.forward(normals(device, [3, ...inputShape], 1));
  expect(model.backward(normals(device, [...y.shape], 2))).toBeNull();
});

test('a model counts its forward passes in training only', () => {
  const model = placed([new Linear(2, 2)], [2]);
  for (const isTraining of [true, false, true]) {
    model.training = isTraining;
    model.forward(Tensor.zeros(device, [1, 2]));
  }
  expect(model.step).toBe(2);
});

test('gradients come under the names of the parameters, in PyTorch’s layout', () => {
  const model = placed([new Linear(2, 3), new ReLU()], [2]);
  model.grads.data.set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(model.gradientDict()).toEqual({
    '0.weight': { shape: [3, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) },
    '0.bias': { shape: [3], data: Float32Array.of(7, 8, 9) },
  });
});

test('schedules say which epoch it is, and a factor of epoch 0 counts', () => {
  const own = optimizerOf();
  const parts = [new LambdaLR(own, (epoch) => 0.5 / (epoch + 1)), new LambdaLR(own, () => 0.25)];
  const schedule = new SequentialLR(own, { schedulers: parts, milestones: [2] });
  const seen = [0, 1, 2].map(() => {
    const before = [schedule.lastEpoch, own.lr];
    schedule.step();
    return before;
  });
  expect(seen).toEqual([
    [0, 0.25],
    [1, 0.125],
    [2, 0.125],
  ]);
  expect(parts.map(({ lastEpoch }) => lastEpoch)).toEqual([1, 1]);
});
