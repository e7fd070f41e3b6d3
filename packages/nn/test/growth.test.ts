// Growth of the memory, which detaches all views. Here every allocation detaches them (test/detach-on-allocate.ts): arguments that are
// views must be copied first, and results must equal those on memory that does not grow.
import { readdirSync, readFileSync } from 'node:fs';
import { Arena } from '@descent/kernels';
import { expect, test } from 'vitest';
import { type ImageFiles, imageFiles, imagesFrom } from '../src/data/index.ts';
import * as nn from '../src/index.ts';
import {
  type Device,
  type Layer,
  Linear,
  loadDevice,
  type Optimizer,
  type Parameter,
  Sequential,
  Tensor,
} from '../src/index.ts';
import { device } from './devices.ts';

test('an allocation detaches views', () => {
  const view = Tensor.from(device, [1, 2], [2]).data;
  device.arena.allocate(4);
  expect(view.length).toBe(0);
});

test('arguments that are views of the memory are copied', () => {
  const source = Tensor.from(device, [1, 2, 3, 4], [2, 2]);
  expect([...Tensor.from(device, source.data, [4]).data]).toEqual([1, 2, 3, 4]);
  const model = new Sequential(new Linear(2, 2), new Linear(2, 2));
  model.to(device, { inputShape: [2], batchSize: 1, seed: 1 });
  const weight = () => ({ shape: [2, 2], data: source.data });
  const bias = () => ({ shape: [2], data: source.data.subarray(2) });
  model.loadStateDict({ '0.weight': weight(), '0.bias': bias(), '1.weight': weight(), '1.bias': bias() });
  expect(Object.values(model.stateDict()).map(({ data }) => [...data])).toEqual([
    [1, 2, 3, 4],
    [3, 4],
    [1, 2, 3, 4],
    [3, 4],
  ]);
});

test('files in the memory and files outside of it give the same data set', () => {
  const read = (name: string) =>
    new Uint8Array(readFileSync(new URL(`../../../test-data/idx/${name}`, import.meta.url)));
  const files = (isInside: (index: number) => boolean) => {
    const entries = Object.entries(imageFiles).map(([role, name], index) => {
      const bytes = read(name);
      if (!isInside(index)) return [role, { file: name, bytes }];
      const pointer = device.arena.allocate(bytes.length);
      device.arena.u8(pointer, bytes.length).set(bytes);
      return [
        role,
        {
          file: name,
          get bytes() {
            return device.arena.u8(pointer, bytes.length);
          },
        },
      ];
    });
    return Object.fromEntries(entries) as ImageFiles;
  };
  const contents = (isInside: (index: number) => boolean) => {
    const { train, test, sha256 } = imagesFrom(device, files(isInside));
    const tensors = [train.inputs, train.labels, test.inputs, test.labels];
    return [sha256, ...tensors.map(({ data }) => [...data])];
  };
  const outside = contents(() => false);
  for (const isInside of [(i: number) => i % 2 === 0, (i: number) => i % 2 === 1, () => true]) {
    expect(contents(isInside)).toEqual(outside);
  }
});

const perceptron = () => [new Linear(16, 8), new nn.ReLU(), new Linear(8, 4)];
const rows: [string, () => Layer[], number[], (parameters: Parameter[]) => Optimizer, nn.Sampler][] = [
  ['SGD', perceptron, [16], (p) => new nn.SGD(p, { lr: 0.1, momentum: 0.9 }), 'replacement'],
  ['Adagrad', perceptron, [16], (p) => new nn.Adagrad(p), 'shuffle'],
  ['RMSprop', perceptron, [16], (p) => new nn.RMSprop(p), 'sequential'],
  ['Adam', perceptron, [16], (p) => new nn.Adam(p), 'shuffle'],
  [
    'norms and activations',
    () => [
      ...[
        new Linear(16, 8),
        new nn.BatchNorm1d(8),
        new nn.ReLU(),
        new Linear(8, 8),
        new nn.LayerNorm(8),
        new nn.GELU(),
      ],
      ...[new Linear(8, 8), new nn.Tanh(), new nn.Dropout(0.2), new Linear(8, 8), new nn.Sigmoid(), new Linear(8, 4)],
    ],
    [16],
    (p) => new nn.AdamW(p),
    'shuffle',
  ],
  [
    'convolution',
    () => [
      new nn.Conv2d(1, 3, 2),
      new nn.BatchNorm2d(3),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new Linear(3, 4),
    ],
    [1, 4, 4],
    (p) => new nn.SGD(p, { lr: 0.1 }),
    'shuffle',
  ],
  ...(['none', 'batch', 'layer'] as const).map((norm): (typeof rows)[number] => [
    `recurrence, norm ${norm}`,
    () => [new nn.RNN(4, 5, { norm, steps: 4, returns: 'all' }), new nn.RNN(5, 4), new Linear(4, 4)],
    [4, 4],
    (p) => new nn.SGD(p, { lr: 0.1 }),
    'replacement',
  ]),
];

/** Trains, evaluates, saves and loads. Returns all numbers that were computed. */
function train(
  on: Device,
  layers: Layer[],
  inputShape: number[],
  createOptimizer: (p: Parameter[]) => Optimizer,
  sampler: nn.Sampler,
) {
  const pixels = Uint8Array.from({ length: 40 * 16 }, (_, i) => (i * 37) % 251);
  const inputs = Tensor.from(on, pixels, [40, ...inputShape], 'uint8');
  const labels = Tensor.from(
    on,
    Uint8Array.from({ length: 40 }, (_, i) => i % 4),
    [40],
    'uint8',
  );
  const data = new nn.TensorDataset({ inputs, labels });
  const model = new Sequential(layers).to(on, { inputShape, batchSize: 8, seed: 1 });
  const loss = new nn.CrossEntropyLoss().allocate(model);
  const squares = new nn.MSELoss().allocate(model);
  const optimizer = createOptimizer(model.parameters());
  const stopping = new nn.EarlyStopping({ patience: 1, restoreBest: model });
  const loader = new nn.DataLoader(data, { batchSize: 6, sampler });
  const measured: number[] = [];
  for (let step = 0; step < 9; step++) {
    const batch = loader.batch(step);
    const y = model.forward(batch.inputs);
    const isEven = step % 2 === 0;
    measured.push(isEven ? loss.forward(y, batch.labels) : squares.forward(y, Tensor.zeros(on, y.shape)));
    model.backward(isEven ? loss.backward() : squares.backward());
    measured.push(nn.clipGradNorm(model.grads, 1));
    optimizer.step();
    const { loss: whole, accuracy } = nn.evaluate(model, loss, data, 7);
    measured.push(whole, accuracy);
    stopping.step(whole);
    model.loadStateDict(model.stateDict());
    optimizer.loadStateDict(optimizer.stateDict());
  }
  const state = Object.values(optimizer.stateDict().tensors).map((each) => [...each]);
  return [measured, [...model.values.data], [...model.running.data], ...state];
}

test.each(rows)('training with %s gives the same bits on memory that grows', async (_, layers, ...rest) => {
  const spacious = await loadDevice({ variant: 'simd128', bytes: 2 ** 22 });
  // In place of the prototype's, which detaches.
  spacious.arena.allocate = plain;
  for (const variant of ['reference', 'simd128'] as const) {
    const growing = await loadDevice({ variant, bytes: 0 });
    expect(train(growing, layers(), ...rest)).toEqual(train(spacious, layers(), ...rest));
    expect(growing.arena.capacity).toBeLessThan(2 ** 20);
  }
});

const { plain } = Arena.prototype.allocate as unknown as { plain: Arena['allocate'] };

test('only the arena reads the buffer of the memory', () => {
  const packages = new URL('../../', import.meta.url);
  const sources = (readdirSync(packages, { recursive: true }) as string[]).filter((name) =>
    /^[^/]+\/src\/.*\.tsx?$/.test(name),
  );
  expect(sources.length).toBeGreaterThan(100);
  const readers = sources.filter((name) => readFileSync(new URL(name, packages), 'utf8').includes('memory.buffer'));
  expect(readers).toEqual(['kernels/src/runtime/memory.ts']);
});
