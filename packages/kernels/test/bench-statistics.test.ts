// Statistics of the benchmark: medians, confidence intervals, interleaved measurement with a fake clock, comparison.
import { describe, expect, test } from 'vitest';
import { uniform01 } from '../src/bench/hash.ts';
import { type Candidate, measureInterleaved } from '../src/bench/measure.ts';
import { compareRows, intervalRank, measureNoise, rowName, summarize } from '../src/bench/report.ts';

describe('summarize', () => {
  test.each([
    [[3, 1, 2], 2, 1],
    [[4, 1, 2, 3], 2.5, 1],
  ])('returns the median and the minimum of %j', (samples, medianUs, leastUs) => {
    expect(summarize(samples)).toMatchObject({ medianUs, leastUs, samples: samples.length });
  });

  test('refuses no samples', () => expect(() => summarize([])).toThrow('expected samples'));

  // Tables of the sign test, as in Conover, Practical Nonparametric Statistics.
  test.each([
    [3, 1],
    [8, 1],
    [9, 2],
    [12, 3],
    [20, 6],
    [50, 18],
    [100, 40],
    [2_000, 956],
  ])('intervalRank of %i samples is %i', (count, rank) => expect(intervalRank(count)).toBe(rank));

  test('gives intervals that contain the median of a heavy-tailed distribution in 95 % of runs', () => {
    // The median of 1 ÷ u is 2.
    const contain = Array.from({ length: 2_000 }, (_, run) => {
      const { ci95Us } = summarize(Array.from({ length: 31 }, (_, i) => 1 / (1 - uniform01(run, i))));
      return ci95Us[0] <= 2 && 2 <= ci95Us[1];
    });
    const share = contain.filter(Boolean).length / contain.length;
    expect(share).toBeGreaterThan(0.94);
    expect(share).toBeLessThan(0.99);
  });
});

describe('measureInterleaved', () => {
  const plan = { rounds: 11, warmUpMs: 1, sampleMs: 1, budgetMs: 100, seed: 1 };

  /** Measures calls of these lengths with a clock that only they advance. */
  async function measure(micros: readonly number[], changes: Partial<typeof plan> = {}, isAsync = false) {
    let now = 0;
    const order: number[] = [];
    const candidates = micros.map((us, index): Candidate => {
      const run = (times: number) => {
        now += (times * us) / 1000;
        order.push(index);
      };
      return { run: isAsync ? async (times) => run(times) : run };
    });
    const shares: number[] = [];
    const host = { clock: () => (now += 1e-6), pause: async () => {}, progress: (share: number) => shares.push(share) };
    return { times: await measureInterleaved(candidates, { ...plan, ...changes }, host), order, shares };
  }

  test.each([false, true])('measures short and long calls (async: %s)', async (isAsync) => {
    const { times } = await measure([2, 700, 30_000], {}, isAsync);
    expect(times.map(({ medianUs }) => Math.round(medianUs))).toEqual([2, 700, 30_000]);
    expect(times.map(({ samples }) => samples)).toEqual([11, 11, 7]);
  });

  test('makes one call per sample if sampleMs is 0, after one warm-up call', async () => {
    const { times, order } = await measure([7], { sampleMs: 0, rounds: 3 });
    expect(times[0]?.samples).toBe(3);
    expect(order.length).toBe(Math.ceil(plan.warmUpMs / 0.007) + 3);
  });

  test('orders each round by the seed', async () => {
    const [one, same, other] = await Promise.all([1, 1, 2].map((seed) => measure([10, 10, 10], { seed })));
    expect(one?.order).toEqual(same?.order);
    expect(one?.order).not.toEqual(other?.order);
  });

  test('reports progress up to 1', async () => {
    const { shares } = await measure([30_000, 60_000]);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  test('stops at its signal', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    const host = { clock: () => performance.now(), pause: async () => {}, signal };
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

  test.each([
    ['slower', row(10, 9.9, 10.1), row(11, 10.9, 11.1)],
    ['faster', row(11, 10.9, 11.1), row(10, 9.9, 10.1)],
    ['same', row(10, 9, 11), row(12, 10.9, 13)],
    ['same', row(10, 9.99, 10.01), row(10.4, 10.39, 10.41)],
  ])('calls a row %s', (verdict, before, now) => expect(compareRows([before], [now])[0]?.verdict).toBe(verdict));

  test('compares rows of the same name only', () => {
    const [one, two] = [row(10, 9, 11), row(10, 9, 11, { variant: 'simd128' })];
    expect(compareRows([one, two], [two]).map(({ name }) => name)).toEqual(['matmul 2×3×4 simd128']);
  });

  test.each([
    ['matmul 2×3×4 19% scalar', row(1, 1, 1, { density: 0.191 })],
    [
      '784-100x4-10 SGD batch 128 mnist scalar',
      { network: '784-100x4-10', optimizer: 'SGD', batch: 128, data: 'mnist', variant: 'scalar' },
    ],
    ['none e jobs 2 scalar', { experiment: 'e', jobs: 2, data: 'none', variant: 'scalar' }],
  ])('rowName returns %s', (name, row) => expect(rowName(row)).toBe(name));

  test('measureNoise counts wide intervals', () => {
    const [quiet, noisy] = [row(100, 99.5, 100.5), row(100, 90, 120)];
    expect(measureNoise([quiet, quiet, noisy, quiet])).toEqual({ spread: 0.01, wideRows: 1, noisy: false });
    expect(measureNoise([noisy, quiet, noisy])).toEqual({ spread: 0.3, wideRows: 2, noisy: true });
  });
});
