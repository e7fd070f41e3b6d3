// Losses: golden vectors of PyTorch, gradient checks, ignored rows, extremes.
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { checkGradient, randomNormals } from './gradcheck.ts';

interface Row {
  name: string;
  loss: 'CrossEntropyLoss' | 'MSELoss';
  options?: object;
  x: GoldenArray;
  labels?: number[];
  /** Probabilities, of `CrossEntropyLoss`. */
  targets?: GoldenArray;
  /** Of `MSELoss`. */
  target?: GoldenArray;
  value?: number;
  probabilities?: GoldenArray;
  /** The loss of each row. */
  each?: GoldenArray;
  losses?: GoldenArray;
  dy?: GoldenArray;
  dx: GoldenArray;
}

const rows = [...golden<Row[]>('losses'), ...golden<Row[]>('loss-options')];
const int32 = (values: number[]) => nn.Tensor.from(device, values, [values.length], 'int32');

describe('agrees with PyTorch', () => {
  const tensor = ({ data, shape }: GoldenArray) => nn.Tensor.from(device, data, shape);
  test.each(rows)('$loss, $name', ({ loss: name, options = {}, x, labels, ...row }) => {
    const [count, size] = x.shape as [number, number];
    const loss = new { CrossEntropyLoss: nn.CrossEntropyLoss, MSELoss: nn.MSELoss }[name](options).allocate(
      device,
      size,
      count + 1,
    );
    const target = labels ? int32(labels) : tensor((row.targets ?? row.target) as GoldenArray);
    const value = (loss as nn.CrossEntropyLoss<nn.Reduction>).forward(tensor(x), target);
    if (value instanceof nn.Tensor) expectClose(value.data, row.losses?.data ?? [], 5e-7, 'losses');
    else expectClose([value], [row.value as number], 5e-7, 'value');
    if (loss instanceof nn.CrossEntropyLoss && row.probabilities && row.each) {
      expectClose(loss.probabilities.data, row.probabilities.data, 5e-7, 'probabilities');
      expectClose(loss.losses.data, row.each.data, 5e-7, 'losses');
    }
    expectClose(loss.backward(row.dy && tensor(row.dy)).data, row.dx.data, 5e-7, 'dx');
  });
});

const LABELS = [0, -100, 2, 2, 1, 0, 1];
const optionRows: [string, nn.CrossEntropyLossOptions][] = [
  ['an ignored label', {}],
  ['weights', { weight: [0.5, 2, 0, 1] }],
  ['smoothing', { labelSmoothing: 0.1 }],
  ['smoothing and weights', { labelSmoothing: 0.25, weight: Float32Array.of(0.5, 2, 0, 1) }],
  ['an ignored class', { ignoreIndex: 2, labelSmoothing: 0.1, weight: [1, 2, 3, 4] }],
  ['a sum', { reduction: 'sum' }],
  ['no reduction', { reduction: 'none', weight: [1, 2, 3, 4] }],
];

describe.each(optionRows)('CrossEntropyLoss with %s', (_, options) => {
  const labels = options.ignoreIndex === undefined ? LABELS : LABELS.map((label) => Math.abs(label) % 98);
  const probabilities = [0.1, 0.2, 0.3, 0.4, 0, 1, 0, 0, 0.25, 0.25, 0.5, 0, 0, 0, 0, 1, 0.7, 0.1, 0.1, 0.1];
  const kinds: [string, nn.Tensor<'int32'> | nn.Tensor][] = [
    ['labels', int32(labels)],
    ['probabilities', nn.Tensor.from(device, probabilities, [5, 4])],
  ];

  test.each(kinds)('passes a gradient check for %s', (_, targets) => {
    const x = randomNormals(device, [targets.shape[0] as number, 4], 3);
    const loss = new nn.CrossEntropyLoss(options).allocate(device, 4, 8);
    const dy = options.reduction === 'none' ? randomNormals(device, [targets.shape[0] as number], 4) : undefined;
    loss.forward(x, targets);
    const dx = loss.backward(dy).data.slice();
    const divisor = options.reduction === 'sum' ? 1 : loss.rowWeights.data.reduce((sum, weight) => sum + weight, 0);
    checkGradient('dx', x, dx, () => {
      loss.forward(x, targets);
      return loss.losses.data.reduce((sum, each, row) => sum + each * (dy ? (dy.data[row] as number) : 1 / divisor), 0);
    });
  });

  test('`evaluate` returns the mean over the data set for every batch size', () => {
    const model = new nn.Sequential(new nn.Linear(3, 4)).to(device, { inputShape: [3], batchSize: 8, seed: 3 });
    const inputs = randomNormals(device, [labels.length, 3], 5);
    const dataset = new nn.TensorDataset({ inputs, labels: int32(labels) });
    const loss = new nn.CrossEntropyLoss(options).allocate(model);
    const whole = nn.evaluate(model, loss, dataset);
    for (const size of [1, 2, 3]) expect(nn.evaluate(model, loss, dataset, size)).toEqual(whole);
    const mean = new nn.CrossEntropyLoss({ ...options, reduction: 'mean' }).allocate(model);
    const logits = model.forward(inputs);
    expectClose([whole.loss], [mean.forward(logits, int32(labels))], 2e-7);
    const best = Array.from(labels, (_, row) => {
      const values = [...logits.data.slice(4 * row, 4 * row + 4)];
      return values.indexOf(Math.max(...values));
    });
    const counted = best.filter((_, row) => labels[row] !== loss.ignoreIndex).length;
    const correct = best.filter((label, row) => label === labels[row] && label !== loss.ignoreIndex).length;
    expect(whole.accuracy).toBe(Math.fround(correct / counted));
  });
});

test('options with their default values give the bits of the plain loss', () => {
  const [x, labels] = [randomNormals(device, [5, 4], 8), int32([0, 3, 2, 2, 1])];
  const [plain, ignoring] = [{}, { ignoreIndex: -1, labelSmoothing: 0 }].map((options) => {
    const loss = new nn.CrossEntropyLoss(options).allocate(device, 4, 5);
    return [loss.forward(x, labels), loss.backward().data.slice()];
  });
  expect(ignoring).toEqual(plain);
  const { kernels } = device;
  const [p, losses, dx] = [20, 5, 20].map((size) => nn.Tensor.zeros(device, [size])) as [
    nn.Tensor,
    nn.Tensor,
    nn.Tensor,
  ];
  kernels.softmaxCrossEntropy(5, 4, x.pointer, labels.pointer, p.pointer, losses.pointer);
  kernels.softmaxCrossEntropyBackward(5, 4, p.pointer, labels.pointer, dx.pointer);
  expect(plain).toEqual([Math.fround(kernels.sum(5, losses.pointer) / 5), dx.data]);
});

test('the logits of an ignored row and logits of −∞ with target 0 have no effect', () => {
  const x = nn.Tensor.from(device, [Number.NaN, 1, 0, 0, Number.NEGATIVE_INFINITY, 0], [3, 2]);
  const loss = new nn.CrossEntropyLoss().allocate(device, 2, 3);
  expectClose([loss.forward(x, int32([-100, 0, 1]))], [Math.LN2 / 2], 1e-7);
  expectClose(loss.backward().data, [0, 0, -0.25, 0.25, 0, 0], 1e-7);
});

test('`reduction: none` returns the losses of a batch of ignored rows as zeros', () => {
  const loss = new nn.CrossEntropyLoss({ reduction: 'none' }).allocate(device, 2, 2);
  expect(loss.forward(randomNormals(device, [2, 2], 1), int32([-100, -100])).data).toEqual(new Float32Array(2));
});

test('cross-entropy of extreme logits is exact, and NaN for NaN', () => {
  const loss = new nn.CrossEntropyLoss().allocate(device, 2, 3);
  loss.forward(nn.Tensor.from(device, [1000, -1000, 1000, -1000, 3, 3], [3, 2]), int32([0, 1, 0]));
  expectClose(loss.losses.data, [0, 2000, Math.LN2], 1e-7);
  expect(loss.forward(nn.Tensor.from(device, [Number.NaN, 1], [1, 2]), int32([0]))).toBeNaN();
});
