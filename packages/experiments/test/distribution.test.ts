import { expect, test } from 'vitest';
import { fractionWhere, histogram, meanAndStd } from '../src/training/distribution.ts';

test.each<[string, number[], number, [number, number], number[]]>([
  // numpy.histogram(values, bins, range)[0]
  ['both ends included', [0, 0.5, 1], 2, [0, 1], [1, 2]],
  ['values outside the range', [-0.1, 1.1, 0.3], 2, [0, 1], [1, 0]],
  ['values that are not finite', [Number.NaN, Number.POSITIVE_INFINITY, 0.9], 3, [0, 1], [0, 0, 1]],
  ['negative ranges', [-1, -0.5, 0, 0.5, 1], 4, [-1, 1], [1, 1, 1, 2]],
  [
    'edges of thirty bins',
    [0.49999, 0.5, 0.50001],
    30,
    [0, 1],
    Array.from({ length: 30 }, (_, i) => [0, 1, 2][i - 13] ?? 0),
  ],
])('histogram counts %s', (_, values, bins, range, counts) => {
  expect(histogram(values, bins, range)).toEqual({ low: range[0], high: range[1], counts });
});

test('meanAndStd and fractionWhere follow their formulas', () => {
  expect(meanAndStd([1, 2, 3, 4])).toEqual({ mean: 2.5, std: Math.fround(Math.sqrt(1.25)) });
  expect(meanAndStd([]).mean).toBeNaN();
  expect(fractionWhere([1, 2, 3], (value) => value > 2)).toBe(Math.fround(1 / 3));
});
