// Properties of all layers: order of calls, shapes, weight decay, fusion with a ReLU.
import { describe, expect, test } from 'vitest';
import { Flatten, type Layer, Linear, ReLU, Sequential, Tanh, Tensor } from '../src/index.ts';
import { device } from './devices.ts';
import { allocateLayer, randomNormals } from './gradcheck.ts';
import { layerTable } from './layer-table.ts';

const rows = Object.entries(layerTable)
  .filter(([name]) => name !== 'Sequential')
  .map(([name, { make, input, decayed = [], undecayed = [] }]) => ({ name, make, input, decayed, undecayed }));

describe.each(rows)('$name', ({ name, make, input, decayed, undecayed }) => {
  const batch = (rows = 3) => randomNormals(device, [rows, ...input], 1);
  const notCalled = (call: string) => new RegExp(`^\\[${name}\\] expected ${call} to come first`);

  test('reports the call that is missing', () => {
    expect(() => make().forward(batch())).toThrow(notCalled('model.to\\(device, …\\)'));
    expect(() => make().backward(batch())).toThrow(notCalled('model.to\\(device, …\\)'));
    expect(() => allocateLayer(make(), device, input, 3).backward(batch())).toThrow(notCalled('forward'));
  });

  test('rejects batches of another shape or with too many rows', () => {
    const layer = allocateLayer(make(), device, input, 3);
    const message = new RegExp(`^\\[${name}\\] expected up to 3 rows of \\[${input.join(', ')}\\] but got`);
    const wide = Tensor.zeros(device, [3, ...input.slice(0, -1), (input.at(-1) as number) + 1]);
    for (const x of [wide, batch(4), Tensor.zeros(device, [0, ...input])])
      expect(() => layer.forward(x)).toThrow(message);
  });

  test('has its name and the training mode, short outputs, and a gradient of the input only if needed', () => {
    const layer = make();
    expect([layer.name, layer.training]).toEqual([name, true]);
    const model = new Sequential(layer).to(device, { inputShape: input, batchSize: 3, seed: 1 });
    const y = model.forward(batch(2));
    expect(y.shape).toEqual([2, ...model.outputShape]);
    const dx = model.backward(randomNormals(device, y.shape, 2));
    expect(dx?.shape).toEqual(name === 'Flatten' ? [2, ...input] : undefined);
    allocateLayer(layer, device, input, 3).forward(batch(2));
    expect(layer.backward(randomNormals(device, y.shape, 2))?.shape).toEqual([2, ...input]);
  });

  test('weight decay applies to weights, not to biases and scales', () => {
    const parameters = make().parameters();
    expect(parameters.filter(({ decay }) => decay).map((each) => each.name)).toEqual(decayed);
    expect(parameters.filter(({ decay }) => !decay).map((each) => each.name)).toEqual(undecayed);
  });
});

test('a pass fuses the ReLU behind a Linear, a norm and a convolution', () => {
  const fused = rows.filter(({ make }) => new Sequential(make(), new ReLU()).fusedActivation(0));
  expect(fused.map(({ name }) => name)).toEqual(['BatchNorm1d', 'BatchNorm2d', 'Conv2d', 'LayerNorm', 'Linear']);
  expect(new Sequential(new Linear(2, 2, { bias: false }), new ReLU()).fusedActivation(0)).toBeUndefined();
});

const deterministic = rows.filter(({ name }) => name !== 'Dropout');
describe.each(deterministic)('fusion of $name and a ReLU', ({ make, input, name }) => {
  const build = (...layers: Layer[]) => new Sequential(layers).to(device, { inputShape: input, batchSize: 3, seed: 5 });
  const x = randomNormals(device, [3, ...input], 2);
  const outputs = (layer: Layer) => [...layer.forward(x).data];

  test('does not change any bit of outputs and gradients', () => {
    const [fused, separate] = [build(make(), new ReLU()), build(make(), new Flatten(), new ReLU())];
    expect(outputs(fused)).toEqual(outputs(separate));
    for (const model of [fused, separate]) model.backward(randomNormals(device, [3, ...model.outputShape], 3));
    expect(fused.grads.data).toEqual(separate.grads.data);
    expect(outputs(fused.eval())).toEqual(outputs(separate.eval()));
  });

  test('does not apply to the layers outside their model', () => {
    const plain = outputs(build(make()));
    const model = build(make(), new ReLU());
    const activated = outputs(model);
    expect(activated).toEqual(plain.map((value) => Math.max(value, 0)));
    const [layer, relu] = model.layers as [Layer, Layer];
    const y = layer.forward(x);
    expect([...y.data]).toEqual(plain);
    expect([...relu.forward(y).data]).toEqual(activated);
    expect(outputs(build(layer, new Tanh()))).toEqual(outputs(build(make(), new Tanh())));
  });

  test('rejects an activation that the layer cannot fuse', () => {
    const layer = allocateLayer(make(), device, input, 3);
    expect(() => layer.forward(x, 'tanh' as never)).toThrow(`[${name}] expected fusedActivation to be`);
  });
});
