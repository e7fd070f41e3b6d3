// What holds of every layer: what it says when called too soon or with another shape, what decays, what a ReLU behind it changes.
import { describe, expect, test } from 'vitest';
import { Flatten, type Layer, Linear, ReLU, Sequential, Tanh, Tensor } from '../src/index.ts';
import { device } from './devices.ts';
import { normals, place } from './gradcheck.ts';
import { layerTable } from './layer-table.ts';

const rows = Object.entries(layerTable)
  .filter(([name]) => name !== 'Sequential')
  .map(([name, { make, input, decayed = [], undecayed = [] }]) => ({ name, make, row: input, decayed, undecayed }));

describe.each(rows)('$name', ({ name, make, row, decayed, undecayed }) => {
  const batch = () => normals(device, [3, ...row], 1);
  const wide = () => Tensor.zeros(device, [3, ...row.slice(0, -1), (row.at(-1) as number) + 1]);
  const says = (call: string) => new RegExp(`^\\[${name}\\] expected ${call} to come first`);

  test('says who expected what when it is called too soon', () => {
    const layer = make();
    expect(() => layer.forward(batch())).toThrow(says('model.to\\(device, …\\)'));
    expect(() => layer.backward(batch())).toThrow(says('(?:model.to\\(device, …\\)|forward)'));
    const placed = place(make(), device, row, 3);
    if (name !== 'Flatten') expect(() => placed.backward(batch())).toThrow(says('forward'));
  });

  test('refuses a batch of another shape, and one with too many rows', () => {
    const layer = place(make(), device, row, 3);
    const refused = new RegExp(`^\\[${name}\\] expected up to 3 rows of \\[${row.join(', ')}\\] but got`);
    expect(() => layer.forward(wide())).toThrow(refused);
    expect(() => layer.forward(Tensor.zeros(device, [4, ...row]))).toThrow(refused);
    expect(() => layer.forward(Tensor.zeros(device, [0, ...row]))).toThrow(refused);
  });

  test('its weights decay, its biases and scales do not', () => {
    const namesOf = (decay: boolean) =>
      make()
        .parameters()
        .filter((parameter) => parameter.decay === decay)
        .map((parameter) => parameter.name);
    expect(namesOf(true)).toEqual(decayed);
    expect(namesOf(false)).toEqual(undecayed);
  });
});

// A layer that can applies the ReLU behind it as it stores its output: a pass less, and not a bit of difference.
test.each(rows.filter(({ name }) => name !== 'Dropout'))('a ReLU behind $name gives the same bits apart', (entry) => {
  const { make, row } = entry;
  const build = (layers: Layer[]) => new Sequential(layers).to(device, { inputShape: row, batchSize: 3, seed: 5 });
  const together = build([make(), new ReLU()]);
  const apart = build([make(), new Flatten(), new ReLU()]);
  for (const mode of ['train', 'eval'] as const) {
    const x = normals(device, [3, ...row], 2);
    const [y, z] = [together, apart].map((model) => model[mode]().forward(x).data.slice());
    expect(y).toEqual(z);
    expect(y?.every((value) => (value as number) >= 0)).toBe(true);
    if (mode === 'eval') continue;
    for (const model of [together, apart]) model.backward(normals(device, [3, ...model.outputShape], 3));
    expect(together.grads.data).toEqual(apart.grads.data);
  }
});

test('a pass fuses the ReLU behind a Linear, a norm and a convolution', () => {
  const fused = rows
    .filter(({ make }) => new Sequential(make(), new ReLU()).fusedActivation(0))
    .map(({ name }) => name);
  expect(fused).toEqual(['BatchNorm1d', 'BatchNorm2d', 'Conv2d', 'LayerNorm', 'Linear']);
  expect(new Sequential(new Linear(2, 2, { bias: false }), new ReLU()).fusedActivation(0)).toBeUndefined();
});

describe.each(rows.filter(({ name }) => name !== 'Dropout'))(
  'fusion at $name belongs to the pass of its model',
  ({ make, row, name }) => {
    const build = (...layers: Layer[]) => new Sequential(layers).to(device, { inputShape: row, batchSize: 3, seed: 5 });
    const x = normals(device, [3, ...row], 2);
    const outputs = (layer: Layer) => [...layer.forward(x).data];

    test('by itself the layer gives pre-activations and the ReLU rectifies', () => {
      const plain = outputs(build(make()));
      const model = build(make(), new ReLU());
      const rectified = outputs(model);
      expect(rectified).toEqual(plain.map((value) => Math.max(value, 0)));
      const [layer, relu] = model.layers as [Layer, Layer];
      const y = layer.forward(x);
      expect([...y.data]).toEqual(plain);
      expect([...relu.forward(y).data]).toEqual(rectified);
      expect(outputs(model)).toEqual(rectified);
    });

    test('before another activation the layer is not rectified', () => {
      const layer = make();
      build(layer, new ReLU()).forward(x);
      const reused = build(layer, new Tanh());
      expect(outputs(reused)).toEqual(outputs(build(make(), new Tanh())));
    });

    test('a layer or a ReLU whose forward is not of this library is left alone', () => {
      const rectified = outputs(build(make(), new ReLU()));
      for (const index of [0, 1]) {
        const model = build(make(), new ReLU());
        const watched = model.layers[index] as Layer;
        const forward = watched.forward.bind(watched);
        let seen: number[] = [];
        watched.forward = (input) => {
          const y = forward(input);
          seen = [...y.data];
          return y;
        };
        expect(outputs(model)).toEqual(rectified);
        expect(seen).toEqual(index === 0 ? outputs(build(make())) : rectified);
      }
    });

    test('an activation that the layer cannot fuse is refused', () => {
      const layer = place(make(), device, row, 3);
      expect(() => layer.forward(x, 'tanh' as never)).toThrow(`[${name}] expected fusedActivation to be`);
    });
  },
);
