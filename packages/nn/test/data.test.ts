// Data sets and loaders: the content of batches, which depends only on the seed and the step.
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';

/** Example i has the bytes 10·i, 10·i + 1, 10·i + 2 and the class i mod 4. */
function createBytes(device: nn.Device, length: number): nn.TensorDataset {
  const inputs = Array.from({ length: 3 * length }, (_, index) => (10 * Math.floor(index / 3) + (index % 3)) % 256);
  const labels = Array.from({ length }, (_, index) => index % 4);
  return new nn.TensorDataset({
    inputs: nn.Tensor.from(device, inputs, [length, 3], 'uint8'),
    labels: nn.Tensor.from(device, labels, [length], 'uint8'),
  });
}

/** Example i has the input [i] and the class i. */
function createNumbered(device: nn.Device, length: number): nn.TensorDataset {
  const indices = Array.from({ length }, (_, index) => index);
  return new nn.TensorDataset({
    inputs: nn.Tensor.from(device, indices, [length, 1]),
    labels: nn.Tensor.from(device, indices, [length], 'int32'),
  });
}

function toArrays({ inputs, labels, size }: nn.Batch): object {
  return { shape: [...inputs.shape], inputs: [...inputs.data], labels: [...labels.data], size };
}

const samplers: nn.Sampler[] = ['replacement', 'shuffle', 'sequential'];

describe('a batch', () => {
  test('bytes are divided by 255 exactly, and rows keep their labels', () => {
    const loader = new nn.DataLoader(createBytes(device, 20), { batchSize: 6, sampler: 'shuffle' });
    for (let step = 0; step < loader.batchesPerEpoch; step++) {
      const { inputs, labels, size } = loader.batch(step);
      for (let row = 0; row < size; row++) {
        const [a = 0, b, c] = inputs.data.subarray(3 * row);
        const example = Math.round((a * 255) / 10);
        expect([a, b, c]).toEqual([0, 1, 2].map((column) => Math.fround((10 * example + column) / 255)));
        expect(labels.data[row]).toBe(example % 4);
      }
    }
  });

  test('float32 inputs and int32 labels do not change', () => {
    const { inputs, labels } = new nn.DataLoader(createNumbered(device, 9), {
      batchSize: 9,
      sampler: 'replacement',
    }).batch(3);
    expect([...labels.data]).toEqual([...inputs.data]);
  });

  test.each(samplers)('%s: a batch does not depend on earlier batches', (sampler) => {
    const createLoader = (seed: number) =>
      new nn.DataLoader(createNumbered(device, 23), { batchSize: 5, sampler, seed });
    const sequential = createLoader(4);
    const inOrder = Array.from({ length: 16 }, (_, step) => toArrays(sequential.batch(step)));
    const jumping = createLoader(4);
    for (const step of [15, 0, 9, 4, 5, 9, 3]) expect(toArrays(jumping.batch(step))).toEqual(inOrder[step]);
    const other = toArrays(createLoader(5).batch(0));
    if (sampler === 'sequential') expect(other).toEqual(inOrder[0]);
    else expect(other).not.toEqual(inOrder[0]);
  });
});

test.each(samplers)('%s: every step returns the same objects', (sampler) => {
  const loader = new nn.DataLoader(createBytes(device, 10), { batchSize: 4, sampler });
  const batch = loader.batch(0);
  const { inputs, labels } = batch;
  const next = loader.batch(1);
  expect(next === batch && next.inputs === inputs && next.labels === labels).toBe(true);
});

/** Returns the labels of an epoch. */
function epochLabels(loader: nn.DataLoader, index: number): number[] {
  const steps = Array.from({ length: loader.batchesPerEpoch }, (_, step) => index * loader.batchesPerEpoch + step);
  return steps.flatMap((step) => [...loader.batch(step).labels.data]);
}

test('shuffle: every epoch has every example once, in a different order', () => {
  const loader = new nn.DataLoader(createNumbered(device, 50), { batchSize: 8 });
  const all = Array.from({ length: 50 }, (_, index) => index);
  const epochs = [0, 1, 2].map((index) => epochLabels(loader, index));
  for (const order of epochs) expect([...order].sort((a, b) => a - b)).toEqual(all);
  expect(new Set([all, ...epochs].map((order) => order.join())).size).toBe(4);
});

test('shuffle with dropLast: an epoch lacks only its short batch', () => {
  const [whole, dropped] = [false, true].map(
    (dropLast) => new nn.DataLoader(createNumbered(device, 50), { batchSize: 8, dropLast }),
  ) as [nn.DataLoader, nn.DataLoader];
  expect([whole.batchesPerEpoch, dropped.batchesPerEpoch]).toEqual([7, 6]);
  expect(epochLabels(dropped, 1)).toEqual(epochLabels(whole, 1).slice(0, 48));
});

test('sequential: batches are in order, the last of an epoch is short', () => {
  const loader = new nn.DataLoader(createNumbered(device, 7), { batchSize: 3, sampler: 'sequential' });
  const steps = [0, 1, 2, 3].map((step) => [...loader.batch(step).labels.data]);
  expect(steps).toEqual([[0, 1, 2], [3, 4, 5], [6], [0, 1, 2]]);
  expect(toArrays(loader.batch(2))).toEqual({ shape: [1, 1], inputs: [6], labels: [6], size: 1 });
});

test('replacement: examples are equally frequent, and batches differ', () => {
  const loader = new nn.DataLoader(createNumbered(device, 10), { batchSize: 20, sampler: 'replacement' });
  const counts = new Array<number>(10).fill(0);
  const batches = new Set<string>();
  for (let step = 0; step < 500; step++) {
    const { data } = loader.batch(step).labels;
    batches.add(data.join());
    for (const label of data) counts[label] = (counts[label] as number) + 1;
  }
  expect(batches.size).toBe(500);
  // 1,000 expected of each, standard deviation 30
  expect(Math.max(...counts.map((count) => Math.abs(count - 1000)))).toBeLessThan(150);
});

test.each<[nn.Sampler, boolean, number, number, number]>([
  ['replacement', false, 60_000, 128, 468],
  ['replacement', true, 60, 100, 1],
  ['shuffle', false, 60, 100, 1],
  ['shuffle', true, 300, 100, 3],
  ['sequential', false, 301, 100, 4],
])(
  '%s with dropLast %s: %i examples in batches of %i are %i batches',
  (sampler, dropLast, length, batchSize, expected) => {
    const mark = device.arena.mark();
    const loader = new nn.DataLoader(createNumbered(device, length), { batchSize, sampler, dropLast });
    expect(loader.batchesPerEpoch).toBe(expected);
    device.arena.release(mark);
  },
);

test('a slice shares the memory and counts its own classes', () => {
  const dataset = createNumbered(device, 10);
  const slice = dataset.slice(2, 5);
  expect([slice.length, slice.classes, dataset.classes, slice.inputShape]).toEqual([3, 5, 10, [1]]);
  slice.labels.data.fill(0);
  expect(slice.classes).toBe(1);
  slice.labels.data.set([2, 3, 4]);
  expect([...new nn.DataLoader(slice, { batchSize: 3, sampler: 'sequential' }).batch(0).labels.data]).toEqual([
    2, 3, 4,
  ]);
});

const inputs = nn.Tensor.zeros(device, [4, 2]);
const labels = nn.Tensor.zeros(device, [4], 'uint8');
const dataset = new nn.TensorDataset({ inputs, labels });
const errors: [string, () => unknown, string][] = [
  [
    'no inputs',
    () => new nn.TensorDataset({ inputs: inputs.rows(0, 0), labels }),
    '[TensorDataset] expected the number of',
  ],
  [
    'too few labels',
    () => new nn.TensorDataset({ inputs, labels: labels.rows(0, 3) }),
    'labels of the shape [4], one for each input, but got [3]',
  ],
  [
    'a negative label',
    () => new nn.TensorDataset({ inputs, labels: nn.Tensor.from(device, [0, -1, 0, 0], [4], 'int32') }),
    'labels of 0 or more but got -1',
  ],
  [
    'nothing left',
    () => new nn.DataLoader(dataset, { batchSize: 5, dropLast: true }),
    'at most 4 with dropLast but got 5',
  ],
];

test.each(errors)('%s throws an error', (_, act, message) => {
  expect(act).toThrow(message);
});

test('a first Linear uses values that are written to a batch of bytes, also in later batches', () => {
  const inputs = nn.Tensor.from(device, [255, 0, 0, 51, 102, 0], [3, 2], 'uint8');
  const loader = new nn.DataLoader(
    new nn.TensorDataset({ inputs, labels: nn.Tensor.from(device, [0, 1, 0], [3], 'int32') }),
    {
      batchSize: 1,
      sampler: 'sequential',
    },
  );
  const model = new nn.Sequential(new nn.Linear(2, 1, { bias: false })).to(device, {
    inputShape: [2],
    batchSize: 1,
    seed: 1,
  });
  for (let step = 0; step < 3; step++) {
    const batch = loader.batch(step);
    expect(model.forward(batch.inputs).data[0]).not.toBe(0);
    batch.inputs.data.fill(0);
    expect(model.forward(batch.inputs).data[0]).toBe(0);
  }
});

test('batches of an epoch have an index and throw after they are overwritten; each loop runs the next epoch', () => {
  const inputs = nn.Tensor.from(device, [0, 1, 2, 3], [4, 1]);
  const labels = nn.Tensor.from(device, [0, 1, 2, 3], [4], 'int32');
  const loader = new nn.DataLoader(new nn.TensorDataset({ inputs, labels }), { batchSize: 2 });
  const all = [...loader.epoch(0)];
  expect(all.map(({ index }) => index)).toEqual([0, 1]);
  expect(() => all[0]?.inputs).toThrow('[DataLoader] batch 0 was overwritten by batch 1');
  expect(() => loader.epoch(undefined as never)).toThrow('[DataLoader.epoch] expected epoch');
  const run = (batches: Iterable<{ labels: nn.Tensor<'int32'> }>) =>
    Array.from(batches, (each) => [...each.labels.data]);
  const [first, second] = [run(loader), run(loader)];
  expect([first, second]).toEqual([run(loader.epoch(0)), run(loader.epoch(1))]);
});

test('`toArray` returns nested arrays', () => {
  expect(nn.Tensor.from(device, [1, 2, 3, 4.5], [2, 2]).toArray()).toEqual([
    [1, 2],
    [3, 4.5],
  ]);
});
