// What each sampler is made of, against published numbers and the rules that docs/search.md states.
import { describe, expect, test } from 'vitest';
import { keptOf, MARGIN, rangesOf } from '../../src/search/samplers/narrowing.ts';
import { expBelow, shareBelow } from '../../src/search/samplers/normal.ts';
import { weightsOf, widthsOf } from '../../src/search/samplers/parzen.ts';
import { directionsOf, sobolBits } from '../../src/search/samplers/sobol.ts';
import { checkSpace, type Space } from '../../src/search/space.ts';
import type { Trial } from '../../src/search/trial.ts';
import { fork, hill, search } from './planted.ts';

const space: Space = [{ kind: 'float', name: 'lr', low: -6, high: -2, log: true }];
const trial = (index: number, round: number, lr: number, value: number): Trial => ({
  index,
  name: `trial ${index + 1}`,
  point: { lr },
  state: 'finished',
  value,
  step: 1,
  round,
});

describe('Sobol', () => {
  // torch.quasirandom.SobolEngine(6).draw(8) of PyTorch 1.13, without scrambling.
  test.each(
    [
      [0, 0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375, 0.125],
      [0.875, 0.875, 0.125, 0.375, 0.875, 0.625],
      [0.625, 0.125, 0.875, 0.625, 0.625, 0.875],
      [0.125, 0.625, 0.375, 0.125, 0.125, 0.375],
    ].map((point, index) => [index, point] as const),
  )('point %d is PyTorch’s', (index, point) => {
    expect(point.map((_, dimension) => sobolBits(directionsOf(dimension), index) / 2 ** 24)).toEqual(point);
  });

  test('a shift by the seed keeps one point in each of 16 parts, along every dimension', () => {
    const found = search(fork, { sampler: { kind: 'sobol' }, trials: 16 }, 3);
    const parts = new Set(found.map(({ point }) => Math.floor((((point.lr as number) + 6) / 5) * 16)));
    expect(parts.size).toBe(16);
  });

  test('refuses more dimensions than it has numbers for', () => {
    const wide: Space = Array.from({ length: 11 }, (_, i) => ({ kind: 'float', name: `d${i}`, low: 0, high: 1 }));
    const run = () => search({ space: wide, value: () => 0 }, { sampler: { kind: 'sobol' }, trials: 2 }, 1);
    expect(run).toThrow('[sobol] expected at most 10 dimensions but got 11; search at random');
  });
});

test('a grid is as fine as the trials suffice for', () => {
  const found = search(hill, { sampler: { kind: 'grid' }, trials: 30 }, 1);
  expect(found.length).toBe(25);
  expect([...new Set(found.map(({ point }) => point.lr))]).toEqual([-6, -5, -4, -3, -2]);
});

describe('narrowing', () => {
  const first = [-5.5, -4.5, -3.5, -2.5, -3, -2.1].map((lr, i) =>
    trial(i, 0, lr, [0.1, 0.2, 0.9, 0.7, 0.8, 0.3][i] as number),
  );

  test('the next range is that of the best share and a margin', () => {
    const [whole, next] = rangesOf(space, first, 0.5);
    expect(whole).toEqual({ lr: { low: -6, high: -2 } });
    expect(next?.lr?.low).toBeCloseTo(-3.5 - MARGIN * 4, 12);
    expect(next?.lr?.high).toBeCloseTo(-2.5 + MARGIN * 4, 12);
  });

  test('it never leaves the whole range, and a trial that diverged has no say', () => {
    const others = [trial(2, 0, -5, 0.1), trial(3, 0, -5.9, Number.NEGATIVE_INFINITY)];
    const best = [trial(0, 0, -2.01, 0.9), trial(1, 0, -2.2, 0.8), ...others];
    expect(rangesOf(space, best, 0.6).at(-1)?.lr).toEqual({ low: expect.closeTo(-2.6, 6), high: -2 });
    // As a figure shows it.
    const shown = best.map((each) => (each.value < 0 ? { ...each, value: 0, state: 'diverged' as const } : each));
    expect(rangesOf(space, shown, 0.6)).toEqual(rangesOf(space, best, 0.6));
  });

  test('one trial alone narrows nothing', () => {
    expect(rangesOf(space, first.slice(0, 1), 0.5).at(-1)).toEqual({ lr: { low: -6, high: -2 } });
  });

  // By value; the share is a half.
  test.each<[string, number[], number[]]>([
    ['the best half', [1, 2, 3, 4], [4, 3]],
    ['half of an odd number and one', [1, 2, 3], [3, 2]],
    ['a tie that the cut does not part', [1, 1, 3, 3], [3, 3]],
    ['a tie at the cut, with two better ones: dropped whole', [5, 2, 2, 2, 4, 1], [5, 4]],
    ['a tie at the cut that is nearer to the share: kept whole', [9, 8, 2, 2, 2, 2, 1, 1, 1, 1], [9, 8, 2, 2, 2, 2]],
    ['a tie as near as none of it: dropped whole', [5, 4, 3, 3, 1], [5, 4]],
    ['a tie at the cut, with one better: kept whole', [5, 2, 2, 2, 1, 1], [5, 2, 2, 2]],
    ['a tie of the best: kept whole', [3, 3, 3, 2], [3, 3, 3]],
    ['all tie: all', [1, 1, 1, 1], [1, 1, 1, 1]],
    ['one', [1], [1]],
    ['none', [], []],
  ])('keeps %s', (_, values, kept) => {
    const trials = values.map((value, i) => trial(i, 0, -3, value));
    for (const some of [trials, [...trials].reverse()])
      expect(keptOf(some, 0.5).map(({ value }) => value)).toEqual(kept);
  });

  const at = (round: number, ...some: [lr: number, value: number][]) =>
    some.map(([lr, value], i) => trial(100 * round + i, round, lr, value));
  test.each<[string, Trial[], [low: number, high: number]]>([
    ['all at chance: the range stays', at(0, [-5, 0.1], [-4, 0.1], [-3.5, 0.1], [-4.5, 0.1]), [-6, -2]],
    ['all but one at chance: it stays', at(0, [-5, 0.1], [-4, 0.9], [-3.5, 0.1], [-4.5, 0.1]), [-6, -2]],
    ['two above chance: theirs', at(0, [-5, 0.1], [-4, 0.9], [-3, 0.8], [-4.5, 0.1], [-5.5, 0.1]), [-4.4, -2.6]],
    ['the best tie: theirs', at(0, [-4, 0.9], [-3, 0.9], [-3.5, 0.9], [-5, 0.2]), [-4.4, -2.6]],
    ['none has a value: it stays', at(0, [-5, Number.NaN], [-4, Number.NEGATIVE_INFINITY]), [-6, -2]],
    [
      'at chance, then two better: theirs',
      [...at(0, [-5, 0.1], [-4, 0.1], [-3, 0.1]), ...at(1, [-5.5, 0.1], [-3.8, 0.4], [-3.2, 0.5])],
      [-4.2, -2.8],
    ],
  ])('%s', (_, trials, [low, high]) => {
    for (const some of [trials, [...trials].reverse().sort((a, b) => a.round - b.round)]) {
      const range = rangesOf(space, some, 0.5).at(-1)?.lr;
      expect(range?.low).toBeCloseTo(low, 12);
      expect(range?.high).toBeCloseTo(high, 12);
    }
  });

  test('every trial lies where its round looks', () => {
    const found = search(hill, { sampler: { kind: 'narrowing', keep: 0.25 }, trials: 40, roundSize: 10 }, 5);
    const spread = (from: number) => {
      const rates = found.slice(from, from + 10).map(({ point }) => point.lr as number);
      return Math.max(...rates) - Math.min(...rates);
    };
    expect(spread(30)).toBeLessThan(spread(0) / 2);
  });
});

describe('the Parzen estimator', () => {
  // Optuna's default_weights, and a prior of weight 1 behind them.
  test.each([
    [0, [1]],
    [3, [1, 1, 1, 1]],
    [25, Array(26).fill(1)],
    [27, [1 / 27, 1, ...Array(25).fill(1), 1]],
  ])('of %d observations weighs the old ones less', (count, weights) => {
    const sum = (weights as number[]).reduce((a, b) => a + b, 0);
    const got = weightsOf(count);
    expect(got.length).toBe(weights.length);
    for (const [i, weight] of got.entries()) expect(weight).toBeCloseTo((weights[i] as number) / sum, 12);
  });

  // The least is the range over one more than the kernels, the prior's among them.
  test.each<[number[], number[]]>([
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
  ])('the kernels of %j are as wide as the gap to the farther neighbor, within limits', (places, widths) => {
    expect(widthsOf(places, 0, 10)).toEqual(widths);
  });
});

test('the exponential function below 0', () => {
  for (let x = 0; x > -137; x -= 0.0371) expect(expBelow(x) / Math.exp(x), `${x}`).toBeCloseTo(1, 9);
  expect([0, -137.1, Number.NEGATIVE_INFINITY].map(expBelow)).toEqual([1, 0, 0]);
});

// scipy.stats.norm.cdf
test.each([
  [0, 0.5],
  [1, 0.8413447460685429],
  [-1, 0.15865525393145707],
  [-2.5, 0.006209665325776132],
  [4, 0.9999683287581669],
])('the share below %d', (z, share) => {
  expect(Math.abs(shareBelow(z) - share)).toBeLessThan(2e-7);
});

describe('a space that makes no sense is refused', () => {
  test.each<[string, Space, RegExp]>([
    ['one name twice', [...space, ...space], /lr to be the name of one dimension/],
    [
      'ends the wrong way',
      [{ kind: 'float', name: 'a', low: 1, high: 0 }],
      /a to reach from low to high but got 1 to 0/,
    ],
    ['a fraction', [{ kind: 'int', name: 'a', low: 0.5, high: 2 }], /a to have whole ends/],
    ['the logarithm of 0', [{ kind: 'int', name: 'a', low: 0, high: 2, log: true }], /a to start at 1 or above/],
    ['no choice', [{ kind: 'categorical', name: 'a', choices: [] }], /a to have a choice/],
    [
      'a condition on nothing',
      [{ kind: 'int', name: 'a', low: 0, high: 2, when: { name: 'b', is: ['x'] } }],
      /a to depend on a choice of an earlier dimension but b has no x/,
    ],
  ])('%s', (_, strange, message) => {
    expect(() => checkSpace(strange)).toThrow(message);
  });
});
