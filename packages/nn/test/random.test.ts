// The random number generator: addresses, bounds, permutations.
import { expect, test } from 'vitest';
import { Rng, streamOf, streams, Tensor } from '../src/index.ts';
import { device } from './devices.ts';

const rng = new Rng(device, 7);
const stream = streamOf('data', 3);

function permute(length: number, step = 0): number[] {
  const mark = device.arena.mark();
  const order = Tensor.zeros(device, [length], 'int32');
  new Rng(device, 7).permutation(order, { stream, step });
  const numbers = [...order.data];
  device.arena.release(mark);
  return numbers;
}

test('each kind has its own streams', () => {
  expect(streamOf('weights')).toBe(65_536);
  expect(streamOf('trials', 9)).toBe(5 * 65_536 + 9);
  expect(new Set(Object.values(streams)).size).toBe(Object.keys(streams).length);
});

test('a number depends on its address, not on earlier draws', () => {
  const [a, b] = [Tensor.zeros(device, [50]), Tensor.zeros(device, [50])];
  rng.normal(a, { stream, step: 5 });
  for (const address of [
    { stream: stream + 1, step: 5 },
    { stream, step: 6 },
  ]) {
    rng.normal(b, address);
    expect(b.data).not.toEqual(a.data);
  }
  rng.normal(b, { stream, step: 5 });
  expect(b.data).toEqual(a.data);
});

test('`integers` draws every value below the bound and no other', () => {
  const draws = Tensor.zeros(device, [500], 'int32');
  rng.integers(draws, { stream, bound: 7 });
  expect([...new Set(draws.data)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test.each([0, 1, 2, 3, 10, 1000])('`permutation` permutes %i numbers', (length) => {
  const order = permute(length);
  expect(order.sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
});

test('`permutation` draws each order of four about equally often', () => {
  const counts = new Map<string, number>();
  for (let step = 0; step < 4_800; step++) {
    const order = permute(4, step).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  // Expected 200 of each, with a standard deviation of 13.8.
  expect(Math.min(...counts.values())).toBeGreaterThan(200 - 5 * 13.8);
  expect(Math.max(...counts.values())).toBeLessThan(200 + 5 * 13.8);
});
