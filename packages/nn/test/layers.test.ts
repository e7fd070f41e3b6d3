// Layers: PyTorch's numbers, gradient checks, shapes.
import { describe, expect, test } from 'vitest';
import { layerStateEntries, readState, writeState } from '../src/core/state-dict.ts';
import {
  Conv2d,
  type Layer,
  LayerNorm,
  Linear,
  MaxPool2d,
  Parameter,
  ReLU,
  RNN,
  Sequential,
  Tanh,
  Tensor,
  zeros,
} from '../src/index.ts';
import * as layers from '../src/layers/index.ts';
import { device, devices } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { checkLayer, normals, place } from './gradcheck.ts';
import { type LayerName, layerTable, layerVariants } from './layer-table.ts';

interface Row {
  name: string;
  layer: LayerName;
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

const rows = ['layers', 'norms', 'batch-norms', 'recurrent', 'pictures', 'gelu'].flatMap((name) => golden<Row[]>(name));

function build({ layer, arguments: options }: Row): Layer {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: the vectors name the layer
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
    const tolerance = layerTable[row.layer].tolerance ?? Number.NaN;
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

describe.each(devices)('$variant passes gradient checks', (device) => {
  test.each(layerVariants.filter(({ hasKinks }) => !hasKinks))('$name', ({ name, make, input, isEvaluated }) => {
    const layer = place(make(), device, input, 6);
    layer.training = !isEvaluated;
    checkLayer(layer, device, (name.startsWith('MaxPool2d') ? spaced : normals)(device, [6, ...input], 5));
  });
});

test('every layer with a tolerance has golden vectors', () => {
  const names = Object.entries(layerTable).flatMap(([name, { tolerance }]) => (tolerance === undefined ? [] : [name]));
  const missing = names.filter((name) => !rows.some(({ layer }) => layer === name));
  expect(missing, 'add the layer to test-data/generate.py and run it').toEqual([]);
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
