// Losses: PyTorch's numbers, gradient checks, extremes.
import { describe, expect, test } from 'vitest';
import { CrossEntropyLoss, MSELoss, type Reduction, Tensor } from '../src/index.ts';
import { device, devices } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { checkGradient, normals } from './gradcheck.ts';

interface Row {
  name: string;
  loss: 'CrossEntropyLoss' | 'MSELoss';
  x: GoldenArray;
  value: number;
  dx: GoldenArray;
}

interface CrossEntropyRow extends Row {
  labels: number[];
  probabilities: GoldenArray;
  each: GoldenArray;
}

interface SquaredErrorRow extends Row {
  target: GoldenArray;
}

const rows = golden<Row[]>('losses');
const crossEntropies = rows.filter(({ loss }) => loss === 'CrossEntropyLoss') as CrossEntropyRow[];
const squaredErrors = rows.filter(({ loss }) => loss === 'MSELoss') as SquaredErrorRow[];

describe.each(devices)('$variant agrees with PyTorch', (device) => {
  test.each(crossEntropies)('$name', ({ x, labels, value, probabilities, each, dx }) => {
    const [count, classes] = x.shape as [number, number];
    const loss = new CrossEntropyLoss().allocate(device, classes, count + 3);
    const ids = Tensor.from(device, labels, [count], 'int32');
    expectClose([loss.forward(Tensor.from(device, x.data, x.shape), ids)], [value], 5e-7, 'value');
    expectClose(loss.probabilities.data, probabilities.data, 5e-7, 'probabilities');
    expectClose(loss.losses.data, each.data, 5e-7, 'losses');
    expectClose(loss.backward().data, dx.data, 5e-7, 'dx');
  });

  test.each(squaredErrors)('$name', ({ x, target, value, dx }) => {
    const [count, size] = x.shape as [number, number];
    const loss = new MSELoss().allocate(device, size, count);
    const [a, b] = [Tensor.from(device, x.data, x.shape), Tensor.from(device, target.data, target.shape)];
    expectClose([loss.forward(a, b)], [value], 5e-7, 'value');
    expectClose(loss.backward().data, dx.data, 5e-7, 'dx');
  });
});

interface OptionRow {
  name: string;
  loss: 'CrossEntropyLoss' | 'MSELoss';
  options: Record<string, never>;
  x: GoldenArray;
  labels?: number[];
  targets?: GoldenArray;
  target?: GoldenArray;
  value?: number;
  losses?: GoldenArray;
  dy?: GoldenArray;
  dx: GoldenArray;
}

describe.each(devices)('$variant agrees with PyTorch under options', (device) => {
  const tensor = ({ data, shape }: GoldenArray) => Tensor.from(device, data, shape);
  test.each(golden<OptionRow[]>('loss-options'))('$loss, $name', ({ loss, options, x, labels, value, ...row }) => {
    const [count, size] = x.shape as [number, number];
    const made = new { CrossEntropyLoss, MSELoss }[loss](options).allocate(device, size, count + 1);
    const target = labels
      ? Tensor.from(device, labels, [count], 'int32')
      : tensor((row.targets ?? row.target) as GoldenArray);
    const got = (made as CrossEntropyLoss<Reduction>).forward(tensor(x), target);
    if (got instanceof Tensor) expectClose(got.data, row.losses?.data ?? [], 5e-7, 'losses');
    else expectClose([got], [value as number], 5e-7, 'value');
    expectClose(made.backward(row.dy && tensor(row.dy)).data, row.dx.data, 5e-7, 'dx');
  });
});

/** The mean of a loss's float32 terms in float64: the float32 mean itself is too coarse to differentiate. */
function mean(terms: Float32Array): number {
  return terms.reduce((sum, term) => sum + term, 0) / terms.length;
}

describe.each(devices)('$variant passes gradient checks', (device) => {
  test('CrossEntropyLoss', () => {
    const x = normals(device, [4, 5], 8);
    const labels = Tensor.from(device, [0, 4, 2, 2], [4], 'int32');
    const loss = new CrossEntropyLoss().allocate(device, 5, 4);
    loss.forward(x, labels);
    checkGradient('CrossEntropyLoss dx', x, loss.backward().data.slice(), () => {
      loss.forward(x, labels);
      return mean(loss.losses.data);
    });
  });

  test('MSELoss', () => {
    const [x, target] = [normals(device, [4, 5], 8), normals(device, [4, 5], 9)];
    const loss = new MSELoss().allocate(device, 5, 4);
    loss.forward(x, target);
    checkGradient('MSELoss dx', x, loss.backward().data.slice(), () => loss.forward(x, target));
  });
});

test('cross-entropy of a certain and right, a certain and wrong, and an undecided row', () => {
  const loss = new CrossEntropyLoss().allocate(device, 2, 3);
  const labels = Tensor.from(device, [0, 1, 0], [3], 'int32');
  loss.forward(Tensor.from(device, [1000, -1000, 1000, -1000, 3, 3], [3, 2]), labels);
  expectClose(loss.losses.data, [0, 2000, Math.LN2], 1e-7);
});

test('a network that has blown up has a loss of NaN', () => {
  const loss = new CrossEntropyLoss().allocate(device, 2, 1);
  expect(loss.forward(Tensor.from(device, [Number.NaN, 1], [1, 2]), Tensor.zeros(device, [1], 'int32'))).toBeNaN();
});

const logits = Tensor.zeros(device, [3, 2]);
const labels = Tensor.zeros(device, [2], 'int32');
const errors: [string, () => unknown, string][] = [
  ['no classes', () => new CrossEntropyLoss().allocate(device, 0, 1), '[CrossEntropyLoss] expected classes'],
  ['no batch', () => new CrossEntropyLoss().allocate(device, 2, 0), '[CrossEntropyLoss] expected batchSize'],
  ['forward too soon', () => new CrossEntropyLoss().forward(logits, labels), 'expected allocate(model) to come first'],
  [
    'backward too soon',
    () => new CrossEntropyLoss().allocate(device, 2, 3).backward(),
    'expected forward to come first',
  ],
  ['too many rows', () => new CrossEntropyLoss().allocate(device, 2, 2).forward(logits, labels), 'up to 2 rows of [2]'],
  [
    'too few labels',
    () => new CrossEntropyLoss().allocate(device, 2, 3).forward(logits, labels),
    'labels of the shape [3], one class for each row, but got [2]',
  ],
  [
    'other targets',
    () => new MSELoss().allocate(device, 2, 3).forward(logits, Tensor.zeros(device, [2, 2])),
    'target of the shape [3, 2] but got [2, 2]',
  ],
  ['MSE too soon', () => new MSELoss().backward(), '[MSELoss] expected allocate(model)'],
];

test.each(errors)('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
