// Memory that grows detaches every view of it. Here it does so at each allocation (test/detach-on-allocate.ts): what is passed as a view
// must have been copied by then, and results must be those of memory that never grows.
import { readdirSync, readFileSync } from 'node:fs';
import { Arena } from '@descent/kernels';
import { expect, test } from 'vitest';
import { type ImageFiles, imageFiles, imagesFrom } from '../src/data/index.ts';
import {
  Adagrad,
  Adam,
  AdamW,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  CrossEntropyLoss,
  clipGradNorm,
  DataLoader,
  type Device,
  Dropout,
  EarlyStopping,
  evaluate,
  Flatten,
  GELU,
  type Layer,
  LayerNorm,
  Linear,
  loadDevice,
  MaxPool2d,
  MSELoss,
  type Optimizer,
  type Parameter,
  ReLU,
  RMSprop,
  RNN,
  type Sampler,
  Sequential,
  SGD,
  Sigmoid,
  Tanh,
  Tensor,
  TensorDataset,
} from '../src/index.ts';
import { device } from './devices.ts';

test('an allocation detaches views', () => {
  const view = Tensor.from(device, [1, 2], [2]).data;
  device.arena.allocate(4);
  expect(view.length).toBe(0);
});

test('values that are a view of the memory are copied', () => {
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

test('files in the memory and files beside it make one data set', () => {
  const read = (name: string) =>
    new Uint8Array(readFileSync(new URL(`../../../test-data/idx/${name}`, import.meta.url)));
  const filesOf = (inside: (index: number) => boolean) => {
    const entries = Object.entries(imageFiles).map(([role, name], index) => {
      const bytes = read(name);
      if (!inside(index)) return [role, { file: name, bytes }];
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
  const contents = (inside: (index: number) => boolean) => {
    const { train, test, sha256 } = imagesFrom(device, filesOf(inside));
    const tensors = [train.inputs, train.labels, test.inputs, test.labels];
    return [sha256, ...tensors.map(({ data }) => [...data])];
  };
  const beside = contents(() => false);
  for (const inside of [(i: number) => i % 2 === 0, (i: number) => i % 2 === 1, () => true]) {
    expect(contents(inside)).toEqual(beside);
  }
});

const perceptron = () => [new Linear(16, 8), new ReLU(), new Linear(8, 4)];
const rows: [string, () => Layer[], number[], (parameters: Parameter[]) => Optimizer, Sampler][] = [
  ['SGD', perceptron, [16], (p) => new SGD(p, { lr: 0.1, momentum: 0.9 }), 'replacement'],
  ['Adagrad', perceptron, [16], (p) => new Adagrad(p), 'shuffle'],
  ['RMSprop', perceptron, [16], (p) => new RMSprop(p), 'sequential'],
  ['Adam', perceptron, [16], (p) => new Adam(p), 'shuffle'],
  [
    'norms and activations',
    () => [
      ...[new Linear(16, 8), new BatchNorm1d(8), new ReLU(), new Linear(8, 8), new LayerNorm(8), new GELU()],
      ...[new Linear(8, 8), new Tanh(), new Dropout(0.2), new Linear(8, 8), new Sigmoid(), new Linear(8, 4)],
    ],
    [16],
    (p) => new AdamW(p),
    'shuffle',
  ],
  [
    'convolution',
    () => [new Conv2d(1, 3, 2), new BatchNorm2d(3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(3, 4)],
    [1, 4, 4],
    (p) => new SGD(p, { lr: 0.1 }),
    'shuffle',
  ],
  ...(['none', 'batch', 'layer'] as const).map((norm): (typeof rows)[number] => [
    `recurrence, norm ${norm}`,
    () => [new RNN(4, 5, { norm, steps: 4, returns: 'all' }), new RNN(5, 4), new Linear(4, 4)],
    [4, 4],
    (p) => new SGD(p, { lr: 0.1 }),
    'replacement',
  ]),
];

/** Trains, evaluates, saves, loads and goes on: everything that was computed, as bytes. */
function train(
  on: Device,
  layers: Layer[],
  inputShape: number[],
  optimizerOf: (p: Parameter[]) => Optimizer,
  sampler: Sampler,
) {
  const pixels = Uint8Array.from({ length: 40 * 16 }, (_, i) => (i * 37) % 251);
  const inputs = Tensor.from(on, pixels, [40, ...inputShape], 'uint8');
  const labels = Tensor.from(
    on,
    Uint8Array.from({ length: 40 }, (_, i) => i % 4),
    [40],
    'uint8',
  );
  const data = new TensorDataset({ inputs, labels });
  const model = new Sequential(layers).to(on, { inputShape, batchSize: 8, seed: 1 });
  const loss = new CrossEntropyLoss().allocate(model);
  const squares = new MSELoss().allocate(model);
  const optimizer = optimizerOf(model.parameters());
  const stopping = new EarlyStopping({ patience: 1, restoreBest: model });
  const loader = new DataLoader(data, { batchSize: 6, sampler });
  const measured: number[] = [];
  for (let step = 0; step < 9; step++) {
    const batch = loader.batch(step);
    const y = model.forward(batch.inputs);
    const isEven = step % 2 === 0;
    measured.push(isEven ? loss.forward(y, batch.labels) : squares.forward(y, Tensor.zeros(on, y.shape)));
    model.backward(isEven ? loss.backward() : squares.backward());
    measured.push(clipGradNorm(model.grads, 1));
    optimizer.step();
    const { loss: whole, accuracy } = evaluate(model, loss, data, 7);
    measured.push(whole, accuracy);
    stopping.step(whole);
    model.loadStateDict(model.stateDict());
    optimizer.loadStateDict(optimizer.stateDict());
  }
  const state = Object.values(optimizer.stateDict().tensors).map((each) => [...each]);
  return [measured, [...model.values.data], [...model.running.data], ...state];
}

test.each(rows)('a training of %s gives the same bits as on memory that never grows', async (_, layers, ...rest) => {
  const spacious = await loadDevice({ variant: 'simd128', bytes: 2 ** 22 });
  // Over the prototype's, which detaches.
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
