import { expect, test } from 'vitest';
import { confidenceInterval } from '../src/record/claims.ts';

test.each<[string, number[], [number, number]]>([
  ['one value', [3], [3, 3]],
  ['equal values', [2, 2, 2], [2, 2]],
  // scipy.stats.t.interval(0.95, n - 1, loc=mean, scale=sem)
  ['two values', [0, 1], [-5.853102, 6.853102]],
  ['five values', [1, 2, 3, 4, 5], [1.036757, 4.963243]],
])('confidenceInterval of %s equals that of SciPy', (_, values, [low, high]) => {
  const interval = confidenceInterval(values);
  expect(interval[0]).toBeCloseTo(low, 3);
  expect(interval[1]).toBeCloseTo(high, 3);
});

test('confidenceInterval uses the quantile of 31 values for more values', () => {
  const values = Array.from({ length: 101 }, (_, i) => i);
  expect(confidenceInterval(values)[1] - 50).toBeCloseTo((2.042 * Math.sqrt(858.5)) / Math.sqrt(101), 6);
});

test('confidenceInterval of NaN is NaN', () => {
  expect(confidenceInterval([1, Number.NaN]).every(Number.isNaN)).toBe(true);
});
