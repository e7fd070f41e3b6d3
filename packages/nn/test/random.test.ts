// The generator: addresses, bounds, permutations.
import { describe, expect, test } from 'vitest';
import { Rng, streamOf, streams, Tensor } from '../src/index.ts';
import { device, devices } from './devices.ts';

const rng = new Rng(device, 7);
const stream = streamOf('data', 3);

test('every kind has its own streams', () => {
  expect(streamOf('weights')).toBe(65_536);
  expect(streamOf('trials', 9)).toBe(5 * 65_536 + 9);
  expect(new Set(Object.values(streams)).size).toBe(Object.keys(streams).length);
});

test('a number depends on its address and on nothing drawn before', () => {
  const [a, b] = [Tensor.zeros(device, [50]), Tensor.zeros(device, [50])];
  rng.normal(a, { stream, step: 5 });
  rng.uniform(b, { stream });
  rng.normal(b, { stream: stream + 1, step: 5 });
  expect(b.data).not.toEqual(a.data);
  rng.normal(b, { stream, step: 6 });
  expect(b.data).not.toEqual(a.data);
  rng.normal(b, { stream, step: 5 });
  expect(b.data).toEqual(a.data);
});

test('integers reach every value below the bound and none else', () => {
  const draws = Tensor.zeros(device, [500], 'int32');
  rng.integers(draws, { stream, bound: 7 });
  expect([...new Set(draws.data)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

describe.each(devices)('$variant permutes', (on) => {
  const permute = (length: number, step = 0): number[] => {
    const order = Tensor.zeros(on, [length], 'int32');
    new Rng(on, 7).permutation(order, { stream, step });
    return [...order.data];
  };

  test.each([0, 1, 2, 3, 10, 1000])('%i numbers', (length) => {
    expect(permute(length).sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
  });

  test('each order of four about equally often', () => {
    const mark = on.arena.mark();
    const counts = new Map<string, number>();
    for (let step = 0; step < 4_800; step++) {
      const order = permute(4, step).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    on.arena.release(mark);
    expect(counts.size).toBe(24);
    // 200 expected of each, standard deviation 13.8
    expect(Math.min(...counts.values())).toBeGreaterThan(200 - 5 * 13.8);
    expect(Math.max(...counts.values())).toBeLessThan(200 + 5 * 13.8);
  });
});

test('the same permutation on every variant', () => {
  const orders = devices.map((on) => {
    const order = Tensor.zeros(on, [100], 'int32');
    new Rng(on, 3).permutation(order, { stream });
    return [...order.data].join();
  });
  expect(new Set(orders).size).toBe(1);
});

const indices = Tensor.zeros(device, [3], 'int32');
const errors: [string, () => unknown, string][] = [
  [
    'negative seed',
    () => new Rng(device, -1),
    '[Rng] expected seed to be a whole number from 0 to 4294967295 but got -1',
  ],
  ['half a seed', () => new Rng(device, 0.5), '[Rng] expected seed'],
  ['a seed too large', () => new Rng(device, 2 ** 32), '[Rng] expected seed'],
  ['no such stream', () => streamOf('weights', 65_536), '[streamOf] expected index'],
  ['bound 0', () => rng.integers(indices, { stream, bound: 0 }), '[Rng] expected bound'],
  ['bound too large', () => rng.integers(indices, { stream, bound: 2 ** 20 + 1 }), '[Rng] expected bound'],
];

test.each(errors)('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
