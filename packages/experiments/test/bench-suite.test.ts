// The suites `step` and `experiments`, and the figures and tables of reports.
import { setImmediate as pause } from 'node:timers/promises';
import { type Device, loadDevice } from '@descent/nn';
import type { ImageData } from '@descent/nn/data';
import { describe, expect, test } from 'vitest';
import { type BenchPool, benchExperiments, benchStep, WrongKernelError } from '../src/bench/index.ts';
import { experiments } from '../src/index.ts';
import { tinyData } from './bench.ts';

const realHost = { clock: () => performance.now(), pause: async () => void (await pause()) };

describe('benchStep', () => {
  const images = (device: Device) => {
    const { train, test } = tinyData(device, 200) as Pick<ImageData, 'train' | 'test'>;
    return { train, test, sha256: '' };
  };
  const options = { quick: true, only: '4-10 Adam', data: 'tiny', images } as const;

  test('measures the training loop, with a profile', async () => {
    const report = await benchStep(realHost, { ...options, variants: ['simd128'], profile: true });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({ format: 'descent-bench/1', suite: 'step' });
    expect(report.rows).toMatchObject([
      { network: '16-100x4-10', optimizer: 'Adam', batch: 128, data: 'tiny', variant: 'simd128' },
    ]);
    const ops = report.profile?.ops ?? [];
    expect(new Set(ops.map(({ phase }) => phase))).toEqual(new Set(['batch', 'forward', 'loss', 'backward', 'update']));
    const parameters = 17 * 100 + 3 * 101 * 100 + 101 * 10;
    expect(ops).toContainEqual(expect.objectContaining({ phase: 'update', op: 'adam', shape: [parameters], calls: 1 }));
    expect(ops).toContainEqual(expect.objectContaining({ phase: 'batch', op: 'randomIntegers', shape: [128] }));
  });

  test('refuses variants whose steps differ', async () => {
    const load = async (wanted: Parameters<typeof loadDevice>[0]) => {
      const device = await loadDevice(wanted);
      const { adam } = device.kernels;
      const wrong: typeof adam = (n, stepSize, ...rest) => adam(n, stepSize * 1.001, ...rest);
      return device.variant === 'scalar' ? { ...device, kernels: { ...device.kernels, adam: wrong } } : device;
    };
    const run = benchStep(realHost, { ...options, variants: ['simd128', 'scalar'], load });
    await expect(run).rejects.toThrow(WrongKernelError);
    await expect(run).rejects.toThrow(/16-100x4-10 Adam differs .* in simd128, but .* in scalar/);
  });
});

describe('benchExperiments', () => {
  let now = 0;
  const host = { clock: () => now, pause: async () => {} };

  /** Creates a pool that advances the clock by `milliseconds` per arm. */
  function createPool(jobs: number, milliseconds: number, by: BenchPool['by'] = 'threads') {
    const runs: string[] = [];
    const executor: BenchPool['executor'] = {
      async *run(arms) {
        runs.push(arms.map(({ name }) => name).join());
        now += milliseconds * arms.length;
        for (const { name } of arms) {
          yield { kind: 'arm', record: { name, status: 'finished', series: {}, final: {}, digest: '' } };
        }
      },
    };
    return { jobs, variant: 'scalar' as const, executor, by, runs };
  }

  test('runs every experiment on every pool five times after a warm-up, then the trials', async () => {
    const [one, two, queue] = [createPool(1, 20), createPool(2, 10), createPool(2, 15, 'queue')];
    const report = await benchExperiments(host, { pools: [one, two, queue], data: 'mnist' });
    expect(report).toMatchObject({ format: 'descent-bench/1', suite: 'experiments' });
    const runs = report.rows.filter((row) => !('trials' in row));
    expect(runs.map(({ experiment, jobs }) => `${experiment} ${jobs}`)).toEqual(
      experiments.flatMap(({ name }) => [`${name} 1`, `${name} 2`]),
    );
    const naive = runs.filter(({ experiment }) => experiment === 'optimizer_compare_naive');
    expect(naive.map(({ medianUs, samples, data }) => [medianUs, samples, data])).toEqual([
      [80_000, 5, 'none'],
      [40_000, 5, 'none'],
    ]);
    expect(report.rows.filter((row) => 'trials' in row)).toMatchObject([
      { network: '784-10-10', by: 'threads', jobs: 1, medianUs: 20_000, perSecond: 50, trials: 50, samples: 7 },
      { network: '784-10-10', by: 'threads', jobs: 2, medianUs: 10_000 },
      { network: '784-10-10', by: 'queue', jobs: 2, medianUs: 15_000, overheadMs: 5 },
      { network: '784-100x6-10', by: 'threads', jobs: 1, trials: 10 },
      { network: '784-100x6-10', by: 'threads', jobs: 2 },
      { network: '784-100x6-10', by: 'queue', jobs: 2 },
    ]);
    expect(one.runs.length).toBe(6 * experiments.length + 2 * 8);
    expect(queue.runs.length).toBe(2 * 8);
  });

  test.each([
    ['compare_mnist', ['optimizer_compare_mnist'], 1],
    ['100x6', ['trials'], 0],
    ['trials', ['trials', 'trials'], 0],
  ])('quick with only %s runs %j', async (only, names, notes) => {
    const report = await benchExperiments(host, { pools: [createPool(1, 5)], data: 'mnist', quick: true, only });
    expect(report.rows.map(({ experiment }) => experiment)).toEqual(names);
    expect(report.notes.length).toBe(notes);
  });
});
