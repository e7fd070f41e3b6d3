// Layers: golden vectors of PyTorch, gradient checks.
import { describe, expect, test } from 'vitest';
import { layerStateEntries, readState, writeState } from '../src/core/state-dict.ts';
import { type ActivationName, activations, type Layer, Parameter, Tanh, Tensor } from '../src/index.ts';
import * as layers from '../src/layers/index.ts';
import { device } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { allocateLayer, checkLayer, randomNormals } from './gradcheck.ts';
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

describe('agrees with PyTorch', () => {
  test.each(rows)('$name', (row) => {
    const [batchSize = 0, ...inputShape] = row.x.shape;
    const tolerance = layerTable[row.layer].tolerance ?? Number.NaN;
    const layer = allocateLayer(build(row), device, inputShape, batchSize + 2);
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
    const buffers = readState(layer.buffers?.() ?? []);
    expect(Object.keys(buffers)).toEqual(Object.keys(row.after ?? {}));
    for (const [name, { data }] of Object.entries(row.after ?? {}))
      expectClose(buffers[name]?.data ?? [], data, 2e-7, name);
  });
});

type Inputs = typeof randomNormals;

/** Numbers that differ by more than the step of the gradient check, so that the maximum stays the same element. */
const spaced: Inputs = (on, shape) => {
  const tensor = Tensor.zeros(on, shape);
  tensor.data.forEach((_, index, data) => {
    data[index] = ((37 * index) % data.length) / 8;
  });
  return tensor;
};

const smooth = layerVariants.filter(({ hasKinks }) => !hasKinks);
test.each(smooth)('the gradients of $name pass a gradient check', ({ name, make, input, isEvaluated }) => {
  const layer = allocateLayer(make(), device, input, 6);
  layer.training = !isEvaluated;
  checkLayer(layer, device, (name.startsWith('MaxPool2d') ? spaced : randomNormals)(device, [6, ...input], 5));
});

test('every layer with a tolerance has golden vectors', () => {
  const names = Object.entries(layerTable).flatMap(([name, { tolerance }]) => (tolerance === undefined ? [] : [name]));
  const missing = names.filter((name) => !rows.some(({ layer }) => layer === name));
  expect(missing, 'add the layer to test-data/generate.py and run it').toEqual([]);
});

test('a gradient check detects a relative error of 0.001', () => {
  class Wrong extends Tanh {
    override backward(dy: Tensor): Tensor | null {
      const dx = super.backward(dy);
      if (dx) dx.device.kernels.scale(dx.size, 1.001, dx.pointer, dx.pointer);
      return dx;
    }
  }
  const layer = allocateLayer(new Wrong(), device, [7], 3);
  expect(() => checkLayer(layer, device, randomNormals(device, [3, 7], 5))).toThrow('Tanh dx');
});

test('every activation is exported as a layer', () => {
  const exported = new Set<unknown>(Object.values(layers));
  const missing = Object.values(activations).filter((activation) => !exported.has(activation));
  expect(missing, 'export the class in packages/nn/src/layers/index.ts').toEqual([]);
});

test.each<[ActivationName, saturated: number[], others: number[]]>([
  ['relu', [0], [0.01, 5]],
  ['sigmoid', [0.04, 0.96], [0.06, 0.5, 0.94]],
  ['tanh', [-0.96, 0.96], [-0.94, 0, 0.94]],
  ['gelu', [-0.04, 0.04], [-0.1, 0.06, 5]],
])('%s is saturated at the outputs %j, not at %j', (name, saturated, others) => {
  const activation = new activations[name]();
  expect(saturated.every((y) => activation.isSaturated(y))).toBe(true);
  expect(others.some((y) => activation.isSaturated(y))).toBe(false);
});
