// Samplers, compared with published numbers and the rules in docs/search.md, and on functions with a known maximum.
import { describe, expect, test } from 'vitest';
import { bestFraction, computeRanges, MARGIN } from '../../src/search/samplers/narrowing.ts';
import { cdf, expBelow } from '../../src/search/samplers/normal.ts';
import { kernelWeights, kernelWidths } from '../../src/search/samplers/parzen.ts';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import { directionNumbers, sobolBits } from '../../src/search/samplers/sobol.ts';
import { checkSpace, type Space } from '../../src/search/space.ts';
import type { Trial } from '../../src/search/trial.ts';
import { fork, hill, type Planted, searchPoints } from './planted.ts';

const space: Space = [{ kind: 'float', name: 'lr', low: -6, high: -2, log: true }];

/** Creates trials of a round from pairs of exponent and value. */
const trialsOf = (round: number, ...pairs: [lr: number, value: number][]) =>
  pairs.map(([lr, value], i): Trial => {
    const index = 100 * round + i;
    return { index, name: `trial ${index}`, point: { lr }, state: 'finished', value, step: 1, round };
  });

// torch.quasirandom.SobolEngine(6).draw(8) of PyTorch 1.13, without scrambling.
test.each([
  [0, [0, 0, 0, 0, 0, 0]],
  [1, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
  [2, [0.75, 0.25, 0.25, 0.25, 0.75, 0.75]],
  [3, [0.25, 0.75, 0.75, 0.75, 0.25, 0.25]],
  [4, [0.375, 0.375, 0.625, 0.875, 0.375, 0.125]],
])("Sobol's point %d equals PyTorch's", (index, point) => {
  expect(point.map((_, dimension) => sobolBits(directionNumbers(dimension), index) / 2 ** 24)).toEqual(point);
});

test('Sobol has one of 16 points in each sixteenth of a dimension', () => {
  const points = searchPoints(fork, { sampler: { kind: 'sobol' }, trials: 16 }, 3);
  expect(new Set(points.map(({ lr }) => Math.floor((((lr as number) + 6) / 5) * 16))).size).toBe(16);
});

test('Sobol refuses more than 10 dimensions', () => {
  const wide: Space = Array.from({ length: 11 }, (_, i) => ({ kind: 'float', name: `d${i}`, low: 0, high: 1 }));
  const run = () => searchPoints({ space: wide, value: () => 0 }, { sampler: { kind: 'sobol' }, trials: 2 }, 1);
  expect(run).toThrow(/at most 10 dimensions, got 11/);
});

test('a grid has as many points as the trials allow', () => {
  const points = searchPoints(hill, { sampler: { kind: 'grid' }, trials: 30 }, 1);
  expect(points.length).toBe(25);
  expect([...new Set(points.map(({ lr }) => lr))]).toEqual([-6, -5, -4, -3, -2]);
});

describe('narrowing', () => {
  test.each<[string, number[], number[]]>([
    ['the best half', [1, 2, 3, 4], [4, 3]],
    ['a tie above the cut', [1, 1, 3, 3], [3, 3]],
    ['a tie at the cut that is nearer to the fraction', [9, 8, 2, 2, 2, 2, 1, 1, 1, 1], [9, 8, 2, 2, 2, 2]],
    ['a tie at the cut, with one better trial', [5, 2, 2, 2, 1, 1], [5, 2, 2, 2]],
    ['all if all tie', [1, 1, 1, 1], [1, 1, 1, 1]],
  ])('keeps %s', (_, values, kept) => {
    const trials = trialsOf(0, ...values.map((value): [number, number] => [-3, value]));
    for (const some of [trials, [...trials].reverse()])
      expect(bestFraction(some, 0.5).map(({ value }) => value)).toEqual(kept);
  });

  test.each<[string, Trial[], [low: number, high: number]]>([
    ['keeps the range if all trials tie', trialsOf(0, [-5, 0.1], [-4, 0.1], [-3.5, 0.1]), [-6, -2]],
    ['keeps the range with one kept trial', trialsOf(0, [-5, 0.1], [-4, 0.9], [-3.5, 0.1], [-4.5, 0.1]), [-6, -2]],
    [
      'takes the range of the kept trials and a margin',
      trialsOf(0, [-5, 0.1], [-4, 0.9], [-3, 0.8], [-4.5, 0.1], [-5.5, 0.1]),
      [-4 - MARGIN * 4, -3 + MARGIN * 4],
    ],
    ['stays inside the space', trialsOf(0, [-2.01, 0.9], [-2.2, 0.8], [-5, 0.1], [-5.9, 0]), [-2.6, -2]],
    [
      'uses the trials of earlier rounds',
      [...trialsOf(0, [-5, 0.1], [-4, 0.1], [-3, 0.1]), ...trialsOf(1, [-5.5, 0.1], [-3.8, 0.4], [-3.2, 0.5])],
      [-4.2, -2.8],
    ],
  ])('%s', (_, trials, [low, high]) => {
    for (const some of [trials, [...trials].reverse().sort((a, b) => a.round - b.round)]) {
      const range = computeRanges(space, some, 0.5).at(-1)?.lr;
      expect(range?.low).toBeCloseTo(low, 12);
      expect(range?.high).toBeCloseTo(high, 12);
    }
  });

  test('ignores diverged trials, whatever value a figure gives them', () => {
    const trials = trialsOf(0, [-2.01, 0.9], [-2.2, 0.8], [-5, 0.1], [-5.9, Number.NEGATIVE_INFINITY]);
    const shown = trials.map((each) => (each.value < 0 ? { ...each, value: 0, state: 'diverged' as const } : each));
    expect(computeRanges(space, shown, 0.6)).toEqual(computeRanges(space, trials, 0.6));
  });
});

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);
const trials = 100;
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** The best value of a search counts as the maximum, 1, from this value on. */
describe.each<[string, Planted, number]>([
  ['hill', hill, 0.995],
  ['fork', fork, 0.97],
])('on the %s', (_, planted, found) => {
  const bestValue = (sampler: SamplerSpec, roundSize: number, seed: number) =>
    Math.max(...searchPoints(planted, { sampler, trials, roundSize }, seed).map(planted.value));
  const random = SEEDS.map((seed) => bestValue({ kind: 'random' }, 10, seed));

  test.each<[SamplerSpec, number]>([
    [{ kind: 'narrowing', keep: 0.25 }, 20],
    [{ kind: 'tpe', startup: 10 }, 10],
    [{ kind: 'tpe', startup: 10 }, 20],
  ])('%j in rounds of %d finds the maximum with 9 of 10 seeds, and beats random search', (sampler, roundSize) => {
    const best = SEEDS.map((seed) => bestValue(sampler, roundSize, seed));
    expect(best.filter((value) => value >= found).length).toBeGreaterThanOrEqual(0.9 * SEEDS.length);
    expect(median(best)).toBeGreaterThan(median(random));
    expect(best.filter((value, i) => value > (random[i] as number)).length).toBeGreaterThanOrEqual(0.6 * SEEDS.length);
  });
});

// Optuna's default_weights, and a prior of weight 1.
test.each([
  [0, [1]],
  [3, [1, 1, 1, 1]],
  [25, Array(26).fill(1)],
  [27, [1 / 27, 1, ...Array(25).fill(1), 1]],
])('%d observations have the weights of Optuna', (count, weights: number[]) => {
  const sum = weights.reduce((a, b) => a + b, 0);
  expect(kernelWeights(count)).toEqual(weights.map((weight) => expect.closeTo(weight / sum, 12)));
});

test.each<[positions: number[], widths: number[]]>([
  [
    [1, 2, 8],
    [2, 6, 6],
  ],
  [
    [8, 1, 2],
    [6, 2, 6],
  ],
  [[4], [6]],
  [
    [5, 5],
    [2.5, 2.5],
  ],
  [[], []],
])('kernels at %j are as wide as the gap to the farther neighbor, within limits', (positions, widths) => {
  expect(kernelWidths(positions, 0, 10)).toEqual(widths);
});

test('`expBelow` has a relative error below 1e-9', () => {
  for (let x = 0; x > -137; x -= 0.0371) expect(expBelow(x) / Math.exp(x), `${x}`).toBeCloseTo(1, 9);
  expect([0, -137.1, Number.NEGATIVE_INFINITY].map(expBelow)).toEqual([1, 0, 0]);
});

// scipy.stats.norm.cdf
test.each([
  [0, 0.5],
  [1, 0.8413447460685429],
  [-1, 0.15865525393145707],
])('`cdf(%d)` equals SciPy', (z, probability) => {
  expect(Math.abs(cdf(z) - probability)).toBeLessThan(2e-7);
});

test.each<[string, Space, RegExp]>([
  ['a name that exists twice', [...space, ...space], /lr exists twice/],
  ['an integer with fractional ends', [{ kind: 'int', name: 'a', low: 0.5, high: 2 }], /a must have whole numbers/],
  ['the logarithm of 0', [{ kind: 'int', name: 'a', low: 0, high: 2, log: true }], /a must start at 1/],
  [
    'a condition on a missing dimension',
    [{ kind: 'int', name: 'a', low: 0, high: 2, when: { name: 'b', is: ['x'] } }],
    /a depends on b/,
  ],
])('`checkSpace` refuses %s', (_, invalid, message) => {
  expect(() => checkSpace(invalid)).toThrow(message);
});
