// A benchmark as figures and as a link: what is drawn, what survives the way there and back, what is refused.
import { describe, expect, test } from 'vitest';
import { type BenchView, benchFigures, packView, speedupOf, unpackView } from '../src/bench/index.ts';
import { toVertical } from '../src/figure/figure.ts';
import { renderSvg } from '../src/figure/svg/render-svg.ts';
import { renderTerminal } from '../src/figure/terminal/render-terminal.ts';
import { displayWidth } from '../src/figure/text-width.ts';
import { RecordError } from '../src/record/record.ts';

const row = (name: string, variant: string, medianUs: number, gflops?: number) => ({
  name,
  variant,
  medianUs,
  ci95Us: [medianUs * 0.9, medianUs * 1.1] as const,
  ...(gflops !== undefined && { gflops, roofFraction: 0.5 }),
});

const kernels: BenchView = {
  suite: 'kernels',
  rows: [
    row('matmul 128×784×100', 'reference', 20_000, 1),
    row('matmul 128×784×100', 'simd128', 500, 40),
    row('argmaxRows 128×10', 'reference', 2, 0),
    row('argmaxRows 128×10', 'simd128', 1, 0),
  ],
  roof: [{ variant: 'simd128', gflops: 80, gbps: 12.5 }],
  noise: { spread: 0.2, wideRows: 4, noisy: true },
  notes: ['a note'],
  environment: { runtime: 'test' },
};

const step: BenchView = {
  ...kernels,
  suite: 'step',
  rows: [row('784-100x4-10 SGD', 'reference', 9_000), row('784-100x4-10 SGD', 'simd128', 1_000)],
  roof: [],
};

describe('figures', () => {
  const [speedups, roofs] = benchFigures(kernels);

  test('leave calls out that are over before they have begun', () => {
    expect(toVertical(speedups?.panels[0] as never).x.names).toEqual(['matmul 128×784×100']);
    expect(speedups?.panels[0]?.curves).toMatchObject([{ name: 'simd128', x: [40], y: [0] }]);
    expect(roofs?.panels[0]?.curves.map(({ name, x }) => [name, ...x])).toEqual([
      ['simd128', 50],
      ['reference', 50],
    ]);
  });

  test.each([kernels, step].flatMap(benchFigures))('$id is drawn with a bar and an interval each', (figure) => {
    const svg = renderSvg(figure);
    const bars = figure.panels.flatMap(({ curves }) => curves.flatMap(({ x }) => x)).length;
    expect(svg.match(/<line [^>]*stroke-width="1.25"/g)?.length).toBe(bars);
    expect(svg).not.toMatch(/NaN|undefined/);
    for (const line of renderTerminal(figure).split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('an interval of times faster is the widest that both allow', () => {
    const { value, low, high } = speedupOf(kernels.rows[1] as never, kernels) ?? { value: 0, low: 0, high: 0 };
    expect([value, low, high].map((each) => each.toFixed(2))).toEqual(['40.00', '32.73', '48.89']);
  });
});

describe('links', () => {
  test.each([
    ['kernels', kernels],
    ['step', step],
  ])('%s come back as they went', (_, view) => {
    const { noise, ...rest } = unpackView(packView(view));
    const { noise: before, ...expected } = view;
    expect(rest).toEqual(expected);
    expect(noise.noisy).toBe(before.noisy);
  });

  const packed = JSON.parse(packView(kernels));
  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['another suite', { ...packed, suite: 'experiments' }],
    ['a time below zero', { ...packed, rows: [['matmul', [[0, -1, 1, 2]]]] }],
    ['a number that is text', { ...packed, rows: [['matmul', [[0, '<b>', 1, 2]]]] }],
    ['a variant beyond the list', { ...packed, rows: [['matmul', [[9, 1, 1, 2]]]] }],
    ['a name as long as a book', { ...packed, rows: [['m'.repeat(10_000), []]] }],
    ['more rows than any suite has', { ...packed, rows: Array.from({ length: 1_000 }, () => ['m', []]) }],
    ['a share beyond one', { ...packed, rows: [['m', [[0, 1, 1, 1, 1, 2]]]] }],
    ['what is missing', { suite: 'kernels' }],
    ['null', null],
  ])('%s is refused', (_, value) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(() => unpackView(text)).toThrow(RecordError);
  });
});
