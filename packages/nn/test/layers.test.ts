// Layers: PyTorch's numbers, gradient checks, shapes.
import { describe, expect, test } from 'vitest';
import { layerStateEntries, readState, writeState } from '../src/core/state-dict.ts';
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  Flatten,
  GELU,
  type Layer,
  LayerNorm,
  Linear,
  MaxPool2d,
  normal,
  Parameter,
  ReLU,
  RNN,
  Sequential,
  Sigmoid,
  Tanh,
  Tensor,
  zeros,
} from '../src/index.ts';
import { device, devices } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { checkLayer, normals, place } from './gradcheck.ts';

interface Row {
  name: string;
  layer: keyof typeof layers;
  arguments: unknown[];
  /** Default true. */
  training?: boolean;
  x: GoldenArray;
  dy: GoldenArray;
  y: GoldenArray;
  dx: GoldenArray;
  state: Record<string, GoldenArray>;
  grads: Record<string, GoldenArray>;
  /** The running statistics after the forward pass. */
  after?: Record<string, GoldenArray>;
}

const layers = {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  Flatten,
  GELU,
  LayerNorm,
  Linear,
  MaxPool2d,
  ReLU,
  RNN,
  Sigmoid,
  Tanh,
};
const tolerances = {
  BatchNorm1d: 2e-6,
  BatchNorm2d: 2e-6,
  Conv2d: 2e-6,
  Flatten: 0,
  GELU: 4e-7,
  LayerNorm: 2e-6,
  Linear: 1e-6,
  MaxPool2d: 2e-7,
  ReLU: 0,
  RNN: 3e-6,
  Sigmoid: 3e-7,
  Tanh: 3e-7,
};
const rows = ['layers', 'norms', 'batch-norms', 'recurrent', 'pictures', 'gelu'].flatMap((name) => golden<Row[]>(name));

function build({ layer, arguments: options }: Row): Layer {
  return new (layers[layer] as new (...args: unknown[]) => Layer)(...options);
}

/** The gradients of a layer in PyTorch's layout. */
function gradients(layer: Layer): Record<string, { data: Float32Array }> {
  return readState(
    layer.parameters().map((parameter) => {
      const { name, shape, transposed } = parameter;
      const gradient = new Parameter(name, shape, { transposed });
      gradient.place(parameter.grad, parameter.grad);
      return gradient;
    }),
  );
}

describe.each(devices)('$variant agrees with PyTorch', (device) => {
  test.each(rows)('$name', (row) => {
    const [batchSize = 0, ...inputShape] = row.x.shape;
    const tolerance = tolerances[row.layer];
    const layer = place(build(row), device, inputShape, batchSize + 2);
    const state = Object.entries(row.state).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data) },
    ]);
    writeState(layerStateEntries(layer), Object.fromEntries(state));
    layer.training = row.training ?? true;
    const y = layer.forward(Tensor.from(device, row.x.data, row.x.shape));
    expect(y.shape).toEqual(row.y.shape);
    expectClose(y.data, row.y.data, tolerance, 'y');
    const dx = layer.backward(Tensor.from(device, row.dy.data, row.dy.shape)) as Tensor;
    expect(dx.shape).toEqual(row.dx.shape);
    expectClose(dx.data, row.dx.data, tolerance, 'dx');
    const got = gradients(layer);
    expect(Object.keys(got)).toEqual(Object.keys(row.grads));
    for (const [name, { data }] of Object.entries(row.grads)) expectClose(got[name]?.data ?? [], data, tolerance, name);
    const kept = readState(layer.buffers?.() ?? []);
    expect(Object.keys(kept)).toEqual(Object.keys(row.after ?? {}));
    for (const [name, { data }] of Object.entries(row.after ?? {}))
      expectClose(kept[name]?.data ?? [], data, 2e-7, name);
  });
});

type Inputs = typeof normals;

/** Numbers of which no two are near each other, so that the greatest stays the greatest. */
const spaced: Inputs = (on, shape) => {
  const tensor = Tensor.zeros(on, shape);
  tensor.data.forEach((_, index, data) => {
    data[index] = ((37 * index) % data.length) / 8;
  });
  return tensor;
};

function evaluating(layer: Layer): Layer {
  layer.training = false;
  return layer;
}

const checked: [string, () => Layer, number[], Inputs?][] = [
  ['Linear', () => new Linear(5, 3), [4, 5]],
  ['Linear without bias', () => new Linear(3, 6, { bias: false }), [2, 3]],
  ['Linear over steps', () => new Linear(3, 2), [2, 4, 3]],
  ['ReLU', () => new ReLU(), [3, 7]],
  ['Sigmoid', () => new Sigmoid(), [3, 7]],
  ['Tanh', () => new Tanh(), [3, 7]],
  ['BatchNorm1d', () => new BatchNorm1d(5), [6, 5]],
  ['BatchNorm1d without γ and β', () => new BatchNorm1d(4, { affine: false }), [8, 4]],
  ['BatchNorm1d, evaluation', () => evaluating(new BatchNorm1d(5)), [3, 5]],
  ['BatchNorm1d of batches, evaluation', () => evaluating(new BatchNorm1d(5, { trackRunningStats: false })), [6, 5]],
  ['BatchNorm2d', () => new BatchNorm2d(2), [3, 2, 2, 4]],
  ['BatchNorm2d, evaluation', () => evaluating(new BatchNorm2d(3)), [2, 3, 2, 2]],
  ['LayerNorm', () => new LayerNorm(7), [3, 7]],
  ['LayerNorm over steps', () => new LayerNorm(6), [2, 3, 6]],
  ['LayerNorm without γ and β', () => new LayerNorm([2, 4], { affine: false }), [3, 2, 4]],
  ['RNN', () => new RNN(3, 4), [2, 5, 3]],
  ['RNN, all states', () => new RNN(3, 4, { returns: 'all' }), [2, 3, 3]],
  ['RNN with layer norm', () => new RNN(3, 6, { norm: 'layer', weightInit: normal(), initialGamma: 0.5 }), [2, 4, 3]],
  ['RNN with batch norm', () => new RNN(2, 3, { norm: 'batch', steps: 3, returns: 'all' }), [7, 3, 2]],
  ['RNN with batch norm, evaluation', () => evaluating(new RNN(2, 3, { norm: 'batch', steps: 3 })), [2, 3, 2]],
  ['Conv2d', () => new Conv2d(2, 3, 3), [2, 2, 5, 4]],
  ['Conv2d, stride and padding', () => new Conv2d(1, 2, 3, { stride: 2, padding: 1 }), [2, 1, 5, 6]],
  ['Conv2d without bias', () => new Conv2d(2, 2, 2, { bias: false }), [1, 2, 3, 3]],
  ['MaxPool2d', () => new MaxPool2d(2), [2, 2, 4, 5], spaced],
  ['MaxPool2d, overlapping', () => new MaxPool2d(3, { stride: 1 }), [1, 2, 4, 5], spaced],
  ['Flatten', () => new Flatten(), [2, 3, 2]],
  [
    'a small convnet',
    () => new Sequential([new Conv2d(1, 2, 3), new Tanh(), new Flatten(), new Linear(12, 3)]),
    [2, 1, 4, 5],
  ],
  ['GELU', () => new GELU(), [3, 7]],
  ['GELU by tanh', () => new GELU({ approximate: 'tanh' }), [3, 7]],
  ['Dropout', () => new Dropout(0.4), [3, 7]],
  ['Dropout, evaluation', () => evaluating(new Dropout(0.4)), [3, 7]],
  ['Dropout scaled in evaluation', () => new Dropout(0.4, { scaleIn: 'evaluation' }), [3, 7]],
  ['Dropout scaled in evaluation, there', () => evaluating(new Dropout(0.4, { scaleIn: 'evaluation' })), [3, 7]],
  ['Sequential', () => new Sequential([new Linear(4, 5), new Tanh(), new Linear(5, 3), new Sigmoid()]), [3, 4]],
];

describe.each(devices)('$variant passes gradient checks', (device) => {
  test.each(checked)('%s', (_, build, [rows = 0, ...inputShape], inputs = normals) => {
    const layer = place(build(), device, inputShape, rows);
    checkLayer(layer, device, inputs(device, [rows, ...inputShape], 5));
  });
});

test('a gradient check notices an error of one part in a thousand', () => {
  class Wrong extends Tanh {
    override backward(dy: Tensor): Tensor | null {
      const dx = super.backward(dy);
      if (dx) dx.device.kernels.scale(dx.size, 1.001, dx.pointer, dx.pointer);
      return dx;
    }
  }
  const layer = place(new Wrong(), device, [7], 3);
  expect(() => checkLayer(layer, device, normals(device, [3, 7], 5))).toThrow('Tanh dx');
});

test('backward gives no input gradient where none was asked for', () => {
  for (const layer of [new Linear(2, 2), new ReLU()]) {
    layer.allocate(device, [2], 1, false);
    if (layer instanceof Linear) place(new Sequential([layer]), device, [2], 1).allocate(device, [2], 1, false);
    expect(layer.backward(layer.forward(Tensor.zeros(device, [1, 2])))).toBeNull();
  }
});

test('a short batch gives short results', () => {
  const layer = place(new Linear(3, 2), device, [3], 8);
  expect(layer.forward(Tensor.zeros(device, [5, 3])).shape).toEqual([5, 2]);
  expect(layer.backward(Tensor.zeros(device, [5, 2]))?.shape).toEqual([5, 3]);
});

const errors: [string, () => unknown, string][] = [
  ['no inputs', () => new Linear(0, 3), '[Linear] expected inFeatures to be a whole number from 1'],
  ['half an output', () => new Linear(3, 1.5), '[Linear] expected outFeatures to be a whole number from 1'],
  [
    'rows of another size',
    () => new Linear(3, 2).allocate(device, [4], 1, true),
    'end in 3 features but got the shape [4]',
  ],
  [
    'forward too soon',
    () => new Linear(3, 2).forward(Tensor.zeros(device, [1, 3])),
    '[Linear] expected model.to(device, …)',
  ],
  [
    'backward too soon',
    () => place(new Linear(1, 1), device, [1], 1).backward(Tensor.zeros(device, [1, 1])),
    'forward',
  ],
  [
    'activation too soon',
    () => new Tanh().forward(Tensor.zeros(device, [1, 3])),
    '[Tanh] expected model.to(device, …)',
  ],
  [
    'too many rows',
    () => place(new ReLU(), device, [3], 2).forward(Tensor.zeros(device, [3, 3])),
    'up to 2 rows of [3]',
  ],
  ['no rows', () => place(new ReLU(), device, [3], 2).forward(Tensor.zeros(device, [0, 3])), 'got the shape [0, 3]'],
  ['other rows', () => place(new Linear(3, 2), device, [3], 2).forward(Tensor.zeros(device, [2, 4])), '[2, 4]'],
  ['a norm of nothing', () => new LayerNorm(0), '[LayerNorm] expected normalizedShape'],
  ['rows that end otherwise', () => place(new LayerNorm([2, 3]), device, [3, 2], 1), 'rows that end in [2, 3]'],
  ['no hidden units', () => new RNN(2, 0), '[RNN] expected hiddenFeatures'],
  [
    'batch norm of who knows how many steps',
    () => new RNN(2, 2, { norm: 'batch' }),
    '[RNN] expected steps with a batch',
  ],
  [
    'another number of steps',
    () => place(new RNN(2, 2, { norm: 'batch', steps: 3 }), device, [4, 2], 1),
    '[RNN] expected rows of [3, 2] but got the shape [4, 2]',
  ],
  ['steps of another size', () => place(new RNN(3, 2), device, [4, 2], 1), 'rows of [steps, 3]'],
  ['pictures too small', () => place(new Conv2d(1, 1, 5), device, [1, 4, 9], 1), 'expected rows of [1, 5 or more'],
  ['other channels', () => place(new Conv2d(3, 1, 1), device, [1, 4, 9], 1), 'but got the shape [1, 4, 9]'],
  ['no stride', () => new Conv2d(1, 1, 1, { stride: 0 }), '[Conv2d] expected stride'],
  ['pooling of rows', () => place(new MaxPool2d(2), device, [9], 1), '[MaxPool2d] expected rows of [channels'],
  ['no memory', () => new Linear(2, 2, { weightInit: zeros() }).weight.value, 'call model.to(device'],
];

test.each(errors)('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
