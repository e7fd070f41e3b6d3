// The benchmark's arithmetic: medians and intervals of known distributions, turns by a clock of our own, comparisons.
import { describe, expect, test } from 'vitest';
import { compareRows, rowName } from '../src/bench/compare.ts';
import { uniform01 } from '../src/bench/hash.ts';
import { measureInterleaved } from '../src/bench/measure.ts';
import { noiseOf } from '../src/bench/report.ts';
import { intervalRank, summarize } from '../src/bench/statistics.ts';

describe('summarize', () => {
  test('the middle of an odd number, the mean of the middle two of an even one', () => {
    expect(summarize([3, 1, 2]).medianUs).toBe(2);
    expect(summarize([4, 1, 2, 3]).medianUs).toBe(2.5);
    expect(summarize([4, 1, 2, 3]).leastUs).toBe(1);
    expect(() => summarize([])).toThrow('expected samples');
  });

  // Tables of the sign test, as in Conover, Practical Nonparametric Statistics.
  test.each([
    [3, 1],
    [6, 1],
    [8, 1],
    [9, 2],
    [12, 3],
    [20, 6],
    [25, 8],
    [50, 18],
    [100, 40],
    [2_000, 956],
  ])('of %i samples the interval begins at rank %i', (count, rank) => expect(intervalRank(count)).toBe(rank));

  test('the interval holds the true median in 95 of 100 runs, however skewed the distribution', () => {
    // 1 ÷ u is as heavy-tailed as a disturbed clock; its median is 2.
    const held = Array.from({ length: 2_000 }, (_, run) => {
      const { ci95Us } = summarize(Array.from({ length: 31 }, (_, i) => 1 / (1 - uniform01(run, i))));
      return ci95Us[0] <= 2 && 2 <= ci95Us[1];
    });
    const share = held.filter(Boolean).length / held.length;
    expect(share).toBeGreaterThan(0.94);
    expect(share).toBeLessThan(0.99);
  });
});

describe('takeTurns', () => {
  const plan = { rounds: 11, warmUpMs: 1, sampleMs: 1, budgetMs: 100, seed: 1 };

  /** Contestants that take so many microseconds a call, by a clock that only they advance. */
  async function race(micros: readonly number[], changes: Partial<typeof plan> = {}) {
    let now = 0;
    const order: number[] = [];
    const contestants = micros.map((us, index) => ({
      run(times: number) {
        now += (times * us) / 1000;
        order.push(index);
      },
    }));
    const shares: number[] = [];
    // A reading costs a thousandth of a microsecond: the clock of a machine never stands still.
    const host = { clock: () => (now += 1e-6), pause: async () => {}, progress: (share: number) => shares.push(share) };
    return { times: await measureInterleaved(contestants, { ...plan, ...changes }, host), order, shares };
  }

  test('a call takes what it takes, short or long', async () => {
    const { times } = await race([2, 700, 30_000]);
    expect(times.map(({ medianUs }) => Math.round(medianUs))).toEqual([2, 700, 30_000]);
    expect(times.map(({ samples }) => samples)).toEqual([11, 11, 7]);
  });

  test('every round has another order, the same for the same seed', async () => {
    const [one, same, other] = [
      await race([10, 10, 10]),
      await race([10, 10, 10]),
      await race([10, 10, 10], { seed: 2 }),
    ];
    expect(one.order).toEqual(same.order);
    expect(one.order).not.toEqual(other.order);
  });

  test('progress goes up to 1', async () => {
    const { shares } = await race([30_000, 60_000]);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeGreaterThan(0.8);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });

  test('a signal ends it', async () => {
    const host = {
      clock: () => performance.now(),
      pause: async () => {},
      signal: AbortSignal.abort(new Error('stopped')),
    };
    await expect(measureInterleaved([{ run() {} }], { ...plan, warmUpMs: 60 }, host)).rejects.toThrow('stopped');
  });
});

describe('compareRows', () => {
  const row = (medianUs: number, low: number, high: number, changes = {}) => ({
    op: 'matmul',
    shape: [2, 3, 4],
    variant: 'scalar',
    medianUs,
    ci95Us: [low, high] as const,
    leastUs: low,
    samples: 9,
    ...changes,
  });
  const verdict = (before: ReturnType<typeof row>, now: ReturnType<typeof row>) =>
    compareRows([before], [now])[0]?.verdict;

  test('slower or faster only where intervals do not touch and medians are more than 5 % apart', () => {
    expect(verdict(row(10, 9.9, 10.1), row(11, 10.9, 11.1))).toBe('slower');
    expect(verdict(row(11, 10.9, 11.1), row(10, 9.9, 10.1))).toBe('faster');
    expect(verdict(row(10, 9, 11), row(12, 10.9, 13))).toBe('same');
    expect(verdict(row(10, 9.99, 10.01), row(10.4, 10.39, 10.41))).toBe('same');
  });

  test('rows that only one run has are left out', () => {
    const [one, two] = [row(10, 9, 11), row(10, 9, 11, { variant: 'simd128' })];
    expect(compareRows([one], [two])).toEqual([]);
    expect(compareRows([one, two], [two]).map(({ name }) => name)).toEqual(['matmul 2×3×4 simd128']);
  });

  test('names tell rows of every suite apart', () => {
    expect(rowName(row(1, 1, 1, { density: 0.191 }))).toBe('matmul 2×3×4 19% scalar');
    expect(rowName({ network: '784-100x4-10', optimizer: 'SGD', batch: 128, data: 'mnist', variant: 'scalar' })).toBe(
      '784-100x4-10 SGD batch 128 mnist scalar',
    );
    expect(rowName({ experiment: 'e', jobs: 2, data: 'none', variant: 'scalar' })).toBe('none e jobs 2 scalar');
  });

  test('noise is told by the width of the intervals', () => {
    const [quiet, noisy] = [row(100, 99.5, 100.5), row(100, 90, 120)];
    expect(noiseOf([quiet, quiet, noisy, quiet])).toEqual({ spread: 0.01, wideRows: 1, noisy: false });
    expect(noiseOf([noisy, quiet, noisy])).toEqual({ spread: 0.3, wideRows: 2, noisy: true });
  });
});
