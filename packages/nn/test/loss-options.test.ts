// Options of losses beyond PyTorch's golden vectors: gradients, bits, whole data sets, memory, errors.
import { describe, expect, test } from 'vitest';
import {
  CrossEntropyLoss,
  type CrossEntropyLossOptions,
  type Device,
  evaluate,
  Linear,
  MSELoss,
  Sequential,
  Tensor,
  TensorDataset,
} from '../src/index.ts';
import { device, devices } from './devices.ts';
import { expectClose } from './golden.ts';
import { checkGradient, normals } from './gradcheck.ts';

const int32 = (values: number[], on: Device = device) => Tensor.from(on, values, [values.length], 'int32');
const LABELS = [0, -100, 2, 2, 1, 0, 1];
const optionsOf: [string, CrossEntropyLossOptions][] = [
  ['an ignored label', {}],
  ['weights', { weight: [0.5, 2, 0, 1] }],
  ['smoothing', { labelSmoothing: 0.1 }],
  ['smoothing and weights', { labelSmoothing: 0.25, weight: Float32Array.of(0.5, 2, 0, 1) }],
  ['an ignored class', { ignoreIndex: 2, labelSmoothing: 0.1, weight: [1, 2, 3, 4] }],
  ['a sum', { reduction: 'sum' }],
  ['no reduction', { reduction: 'none', weight: [1, 2, 3, 4] }],
];

describe.each(optionsOf)('with %s', (_, options) => {
  const labels = options.ignoreIndex === undefined ? LABELS : LABELS.map((label) => Math.abs(label) % 98);
  const soft = [0.1, 0.2, 0.3, 0.4, 0, 1, 0, 0, 0.25, 0.25, 0.5, 0, 0, 0, 0, 1, 0.7, 0.1, 0.1, 0.1];
  const run = (on: Device, kind: 'labels' | 'probabilities') => {
    const rows = kind === 'labels' ? labels.length : 5;
    const x = normals(on, [rows, 4], 3);
    const targets = kind === 'labels' ? int32(labels, on) : Tensor.from(on, soft, [5, 4]);
    const loss = new CrossEntropyLoss(options).allocate(on, 4, 8);
    const dy = options.reduction === 'none' ? normals(on, [rows], 4) : undefined;
    const value = loss.forward(x, targets) as number | Tensor;
    return { x, targets, loss, dy, value, dx: loss.backward(dy).data.slice() };
  };

  test.each(['labels', 'probabilities'] as const)('%s pass a gradient check', (kind) => {
    const { x, targets, loss, dy, dx } = run(device, kind);
    const scale = options.reduction === 'sum' ? 1 : loss.rowWeights.data.reduce((sum, weight) => sum + weight, 0);
    checkGradient('dx', x, dx, () => {
      loss.forward(x, targets);
      return loss.losses.data.reduce((sum, each, row) => sum + each * (dy ? (dy.data[row] as number) : 1 / scale), 0);
    });
  });

  test.each(['labels', 'probabilities'] as const)('%s give the same bits in every variant', (kind) => {
    const [first, ...others] = devices.map((on) => {
      const { value, dx, loss } = run(on, kind);
      return [value instanceof Tensor ? value.data : value, dx, loss.losses.data, loss.probabilities.data];
    });
    for (const other of others) expect(other).toEqual(first);
  });

  test('`evaluate` reports the mean over the data set, in chunks of any size', () => {
    const model = new Sequential(new Linear(3, 4)).to(device, { inputShape: [3], batchSize: 8, seed: 3 });
    const inputs = normals(device, [labels.length, 3], 5);
    const dataset = new TensorDataset({ inputs, labels: int32(labels) });
    const loss = new CrossEntropyLoss(options).allocate(model);
    const whole = evaluate(model, loss, dataset);
    for (const size of [1, 2, 3]) expect(evaluate(model, loss, dataset, size)).toEqual(whole);
    const mean = new CrossEntropyLoss({ ...options, reduction: 'mean' }).allocate(model);
    const logits = model.forward(inputs);
    expectClose([whole.loss], [mean.forward(logits, int32(labels))], 2e-7);
    const counted = labels.flatMap((label, row) => (label === loss.ignoreIndex ? [] : [row]));
    const best = (row: number) => {
      const of = [...logits.data.slice(4 * row, 4 * row + 4)];
      return of.indexOf(Math.max(...of));
    };
    const right = counted.filter((row) => best(row) === labels[row]).length;
    expect(whole.accuracy).toBe(Math.fround(right / counted.length));
  });
});

test('options with their defaults leave the bits of the plain loss', () => {
  const [x, labels] = [normals(device, [5, 4], 8), int32([0, 3, 2, 2, 1])];
  const [plain, ignoring] = [{}, { ignoreIndex: -1, labelSmoothing: 0 }].map((options) => {
    const loss = new CrossEntropyLoss(options).allocate(device, 4, 5);
    return [loss.forward(x, labels), loss.backward().data.slice()];
  });
  expect(ignoring).toEqual(plain);
  const { kernels } = device;
  const [p, losses, dx] = [20, 5, 20].map((size) => Tensor.zeros(device, [size])) as [Tensor, Tensor, Tensor];
  kernels.softmaxCrossEntropy(5, 4, x.pointer, labels.pointer, p.pointer, losses.pointer);
  kernels.softmaxCrossEntropyBackward(5, 4, p.pointer, labels.pointer, dx.pointer);
  expect(plain).toEqual([Math.fround(kernels.sum(5, losses.pointer) / 5), dx.data]);
});

test('a skipped row takes no part, whatever its logits are; nor does a logit of −∞ that no target asks for', () => {
  const x = Tensor.from(device, [Number.NaN, 1, 0, 0, Number.NEGATIVE_INFINITY, 0], [3, 2]);
  const loss = new CrossEntropyLoss().allocate(device, 2, 3);
  expectClose([loss.forward(x, int32([-100, 0, 1]))], [Math.LN2 / 2], 1e-7);
  expectClose(loss.backward().data, [0, 0, -0.25, 0.25, 0, 0], 1e-7);
});

test('`reduction: none` returns the losses of a batch without a label as zeros', () => {
  const loss = new CrossEntropyLoss({ reduction: 'none' }).allocate(device, 2, 2);
  expect(loss.forward(normals(device, [2, 2], 1), int32([-100, -100])).data).toEqual(new Float32Array(2));
});

const x = Tensor.zeros(device, [2, 3]);
const cross = (options = {}) => new CrossEntropyLoss(options).allocate(device, 3, 2);
const noModel = new Sequential(new Linear(3, 3)).to(device, { inputShape: [3], batchSize: 2, seed: 1 });
const wrong: unknown[][] = [
  ['an unknown option', () => new CrossEntropyLoss({ label_smoothing: 0.1 } as never), TypeError, 'labelSmoothing'],
  ['a smoothing above 1', () => cross({ labelSmoothing: 1.1 }), RangeError, 'labelSmoothing to be from 0 to 1'],
  ['a smoothing as a string', () => cross({ labelSmoothing: '0.1' }), TypeError, 'labelSmoothing'],
  ['weights as a number', () => cross({ weight: 2 }), TypeError, 'weight to be an array of numbers'],
  ['a negative weight', () => cross({ weight: [1, -1, 1] }), RangeError, 'weight[1]'],
  ['a weight of NaN', () => cross({ weight: Float32Array.of(1, Number.NaN, 1) }), RangeError, 'weight[1]'],
  ['too few weights', () => cross({ weight: [1, 2] }), RangeError, 'each of 3 classes but got 2'],
  ['half an ignoreIndex', () => cross({ ignoreIndex: 0.5 }), RangeError, 'ignoreIndex'],
  ['another reduction', () => cross({ reduction: 'batchmean' }), TypeError, 'reduction to be mean or sum or none'],
  ['options of MSE', () => new MSELoss({ reduce: true } as never), TypeError, 'reduction but got'],
  ['only ignored labels', () => cross().forward(x, int32([-100, -100])), RangeError, 'every label is -100'],
  ['only weights of 0', () => cross({ weight: [0, 1, 1] }).forward(x, int32([0, 0])), RangeError, 'or has weight 0'],
  ['a label beyond', () => cross({ ignoreIndex: 9 }).forward(x, int32([9, 3])), RangeError, 'from 0 to 2 but got 3'],
  ['−100 where another is ignored', () => cross({ ignoreIndex: 9 }).forward(x, int32([0, -100])), RangeError, '-100'],
  [
    'other shapes',
    () => cross().forward(x, Tensor.zeros(device, [2, 2])),
    RangeError,
    'the shape [2, 3] but got [2, 2]',
  ],
  [
    'a negative probability',
    () => cross().forward(x, Tensor.from(device, [0, 0, 1, 2, -1, 0], [2, 3])),
    RangeError,
    '-1',
  ],
  [
    'a probability of NaN',
    () => cross().forward(x, Tensor.from(device, [0, 0, 1, Number.NaN, 1, 0], [2, 3])),
    RangeError,
    'NaN at row 1',
  ],
  ['a gradient of a mean', () => backward(cross(), x), TypeError, "the reduction is 'mean'"],
  ['no gradient of losses', () => backward(cross({ reduction: 'none' })), TypeError, 'the gradient of the losses'],
  ['a longer gradient', () => backward(cross({ reduction: 'none' }), x), RangeError, 'the shape [2] but got [2, 3]'],
  [
    'a data set of ignored labels',
    () => evaluate(noModel, cross(), new TensorDataset({ inputs: x, labels: int32([-100, -100]) })),
    RangeError,
    '[evaluate] expected a row that counts',
  ],
];

function backward(loss: CrossEntropyLoss, dy?: Tensor): unknown {
  loss.forward(x, int32([0, 1]));
  return loss.backward(dy);
}

test.each(wrong as [string, () => unknown, ErrorConstructor, string][])('refuses %s', (_, act, kind, message) => {
  expect(act).toThrow(kind);
  expect(act).toThrow(message);
});
