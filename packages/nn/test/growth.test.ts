// Growth of the memory, which detaches all views. Here every allocation detaches them (test/detach-on-allocate.ts): arguments that are
// views must be copied first. All other tests of layers, losses and optimizers run on such memory too.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ImageFiles, imageFiles, imagesFrom } from '../src/data/index.ts';
import { Linear, Sequential, Tensor } from '../src/index.ts';
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

test('only the arena reads the buffer of the memory', () => {
  const packages = new URL('../../', import.meta.url);
  const sources = (readdirSync(packages, { recursive: true }) as string[]).filter((name) =>
    /^[^/]+\/src\/.*\.tsx?$/.test(name),
  );
  expect(sources.length).toBeGreaterThan(100);
  const readers = sources.filter((name) => readFileSync(new URL(name, packages), 'utf8').includes('memory.buffer'));
  expect(readers).toEqual(['kernels/src/runtime/memory.ts']);
});
