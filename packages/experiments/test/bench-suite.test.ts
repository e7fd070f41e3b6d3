// The suites `step` and `experiments`, and the figures and tables of reports.
import { setImmediate as pause } from 'node:timers/promises';
import { type Device, loadDevice } from '@descent/nn';
import type { ImageData } from '@descent/nn/data';
import { describe, expect, test } from 'vitest';
import {
  type BenchPool,
  benchExperiments,
  benchFigures,
  benchStep,
  benchTables,
  type KernelsReport,
  WrongKernelError,
} from '../src/bench/index.ts';
import { toVertical } from '../src/figure/figure.ts';
import { renderSvg } from '../src/figure/svg/render-svg.ts';
import { renderTerminal } from '../src/figure/terminal/render-terminal.ts';
import { displayWidth } from '../src/figure/text-width.ts';
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

describe('figures and tables', () => {
  const row = (variant: 'reference' | 'simd128', medianUs: number) => ({
    variant,
    medianUs,
    ci95Us: [medianUs * 0.9, medianUs * 1.1] as const,
    leastUs: medianUs,
    samples: 9,
  });
  const common = { format: 'descent-bench/1', noise: { spread: 0.2, wideRows: 4, noisy: true }, notes: [] } as const;
  const rates = {
    gbps: 1,
    roofFraction: 0.5,
    bestRoofFraction: 0.5,
    limit: 'arithmetic',
    speedupOverReference: 1,
  } as const;
  const call = (op: string, shape: number[], gflops: number) => ({ op, shape, gflops, ...rates });
  const matmul = call('matmul', [128, 784, 100], 1);
  const kernels = {
    ...common,
    suite: 'kernels' as const,
    environment: {},
    roof: {},
    rows: [
      { ...matmul, ...row('reference', 20_000) },
      { ...matmul, ...row('simd128', 500), gflops: 40 },
      { ...call('argmaxRows', [128, 10], 0), ...row('reference', 2) },
      { ...call('argmaxRows', [128, 10], 0), ...row('simd128', 1) },
    ],
  } satisfies KernelsReport;
  const names = { network: '784-100x4-10', optimizer: 'SGD', batch: 128, data: 'mnist' };
  const step = {
    ...common,
    suite: 'step' as const,
    environment: {},
    rows: [
      { ...names, ...row('reference', 9_000) },
      { ...names, ...row('simd128', 1_000) },
    ],
  };

  test('figures omit short calls', () => {
    const [speedups, roofs] = benchFigures(kernels);
    expect(toVertical(speedups?.panels[0] as never).x.names).toEqual(['matmul 128×784×100']);
    const [curve] = speedups?.panels[0]?.curves ?? [];
    expect(curve).toMatchObject({ name: 'simd128', x: [40], y: [0] });
    // The widest interval that both intervals allow.
    expect(curve?.band?.map(([edge]) => edge?.toFixed(2))).toEqual(['32.73', '48.89']);
    expect(roofs?.panels[0]?.curves.map(({ name, x }) => [name, ...x])).toEqual([
      ['simd128', 50],
      ['reference', 50],
    ]);
  });

  test.each([kernels, step].flatMap((report) => benchFigures(report)))(
    '$id has a bar and an interval per row',
    (figure) => {
      const svg = renderSvg(figure);
      const bars = figure.panels.flatMap(({ curves }) => curves.flatMap(({ x }) => x)).length;
      expect(svg.match(/<path [^>]*stroke-width="1.25"/g)?.length).toBe(bars);
      expect(svg).not.toMatch(/NaN|undefined/);
      for (const line of renderTerminal(figure).split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    },
  );

  test('tables have one row per call or step, and a column per variant', () => {
    expect(benchTables(kernels)[1]?.rows).toEqual([
      ['matmul 128×784×100', '20000', '500', '±10 %', '40 GF/s', '50 %', '50 %', '1'],
      ['argmaxRows 128×10', '2', '1', '±10 %', '0 GF/s', '50 %', '50 %', '1'],
    ]);
    expect(benchTables(step)[0]?.rows).toEqual([['784-100x4-10', 'SGD', '9000', '1000', '±10 %', '1000']]);
  });
});
