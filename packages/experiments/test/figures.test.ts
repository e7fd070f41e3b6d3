// Figures as SVG and in a terminal, of one run and over several seeds.
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { optimizerCompareMnist } from '../src/catalog/optimizer-compare-mnist/index.ts';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { weightInitActivationHistogram } from '../src/catalog/weight-init-activation-histogram/index.ts';
import { smooth } from '../src/figure/curves.ts';
import { averages, envelope } from '../src/figure/downsample.ts';
import type { Figure, LinePanel } from '../src/figure/figure.ts';
import { figuresOver } from '../src/figure/over-seeds.ts';
import { renderSvg } from '../src/figure/svg/render-svg.ts';
import { renderTerminal } from '../src/figure/terminal/render-terminal.ts';
import { displayWidth } from '../src/figure/text-width.ts';
import type { RunRecord } from '../src/record/record.ts';
import { langs } from '../src/text.ts';
import { run, tinyContext } from './bench.ts';

const context = await tinyContext();
const mnist = (seed: number, more = {}) =>
  run(optimizerCompareMnist, { hiddenSizes: '16', batchSize: 16, steps: 120, ...more }, seed, context);
const naive = await run(optimizerCompareNaive);
const records = [await mnist(1), await mnist(2), await mnist(3)];
const [paths] = optimizerCompareNaive.figures(naive) as [Figure];
const [losses] = optimizerCompareMnist.figures(records[0] as RunRecord) as [Figure];
const [overSeeds] = figuresOver(optimizerCompareMnist, records) as [Figure];
const histograms = weightInitActivationHistogram.figures(
  await run(weightInitActivationHistogram, { samples: 50, inputs: 20, hiddenSizes: '20x5' }),
);

const parse = (svg: string) => parseHTML(`<body>${svg}</body>`).document;
const textsOf = (figure: Figure) => [...parse(renderSvg(figure)).querySelectorAll('text')].map((t) => t.textContent);
const ansi = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
const curvesOf = (figure: Figure) => (figure.panels[0] as LinePanel).curves;

const drawn: [string, Figure][] = [
  ['paths', paths],
  ['losses', losses],
  ['losses over seeds', overSeeds],
  ['histograms', histograms[0] as Figure],
];

describe.each(drawn)('the figure of %s', (_, figure) => {
  test('is an SVG document with title, description and own clip paths', () => {
    const svg = renderSvg(figure);
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).not.toMatch(/<style|NaN|Infinity|undefined/);
    for (const lang of langs) {
      const page = parse(renderSvg(figure, { lang }));
      expect(page.querySelector('svg > title')?.textContent).toBe(figure.title[lang]);
      expect(page.querySelector('svg > desc')?.textContent).toBe(figure.caption[lang]);
    }
    const ids = [...svg.matchAll(/<clipPath id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(figure.panels.length);
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  test('has the labels of both axes', () => {
    for (const { x, y } of figure.panels)
      expect(textsOf(figure)).toEqual(expect.arrayContaining([x.label.en, y.label.en]));
  });

  test('fits into the columns of a terminal, in every language', () => {
    for (const columns of [60, 80, 132])
      for (const lang of langs)
        for (const line of renderTerminal(figure, { columns, lang }).split('\n'))
          expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });

  test('differs in a terminal only by color sequences if it is colored', () => {
    const colored = renderTerminal(figure, { color: true });
    expect(colored).toMatch(ansi);
    expect(colored.replaceAll(ansi, '').replace(/ +$/gm, '')).toBe(renderTerminal(figure));
  });
});

test.each([
  ['paths', paths],
  ['losses', losses],
  ['histograms', histograms[0] as Figure],
])('%s in a terminal equal the snapshot', (_, figure) => {
  expect(renderTerminal(figure)).toMatchSnapshot();
});

const axis = { label: { en: 'a', ko: 'a', ja: 'a' }, domain: [0, 1] as const };
const points = { name: 'trial', x: [0.1, 0.5, 2], y: [0.2, 0.9, 0.5], role: 'smooth' as const };
const scatter: Figure = { ...losses, panels: [{ kind: 'scatter', x: axis, y: axis, curves: [points] }] };

test('a scatter panel has the points inside its axes', () => {
  expect(renderSvg(scatter).match(/M[\d.]+,[\d.]+a/g)).toHaveLength(3);
  expect(renderTerminal(scatter).match(/●/g)).toHaveLength(3);
});

describe('unusual runs have figures without NaN', async () => {
  const withoutSeries = (record: RunRecord) => ({
    ...record,
    arms: record.arms.map((arm) => ({ ...arm, series: {} })),
  });
  const still = await run(optimizerCompareNaive, { startX: 0, startY: 0, steps: 1 });
  const single = await mnist(1, { hiddenSizes: 'none', steps: 1, batchSize: 2 });
  const large = await mnist(1, { hiddenSizes: 'none', sgdLr: 1000, init: 'normal', initStd: 100 });

  test.each<[string, Figure | undefined]>([
    ['a path diverges', optimizerCompareNaive.figures(await run(optimizerCompareNaive, { sgdLr: 100, steps: 60 }))[0]],
    ['no path moves', optimizerCompareNaive.figures(still)[0]],
    ['there are no paths', optimizerCompareNaive.figures(withoutSeries(still))[0]],
    ['there is one step', optimizerCompareMnist.figures(single)[0]],
    ['there are no steps', optimizerCompareMnist.figures(withoutSeries(single))[0]],
    ['losses are large', optimizerCompareMnist.figures(large)[0]],
  ])('%s', (_, figure) => {
    expect(renderSvg(figure as Figure)).not.toMatch(/NaN|Infinity/);
    expect(renderTerminal(figure as Figure)).not.toMatch(/NaN|Infinity/);
  });
});

describe('figures over seeds', () => {
  test('of one run equal its own figures', () => {
    const one = records.slice(0, 1);
    expect(figuresOver(optimizerCompareMnist, one)).toEqual(optimizerCompareMnist.figures(one[0] as RunRecord));
  });

  test('have the mean of every smooth curve, and the curve of each seed', () => {
    expect(curvesOf(overSeeds).map(({ name, role }) => [name, role])).toEqual(
      ['SGD', 'Momentum', 'AdaGrad', 'Adam'].map((name) => [name, 'smooth']),
    );
    const { y, seeds = [] } = curvesOf(overSeeds)[3] as LinePanel['curves'][0];
    expect(seeds).toHaveLength(3);
    expect(y[3]).toBeCloseTo(seeds.reduce((sum, values) => sum + (values[3] as number), 0) / 3, 12);
  });

  test('average the seeds that have a value', () => {
    const shorter = structuredClone(records);
    const { trainLoss } = (shorter[1] as RunRecord).arms[2]?.series ?? {};
    for (const values of [trainLoss?.step, trainLoss?.value]) (values as number[]).splice(12);
    const [figure] = figuresOver(optimizerCompareMnist, shorter) as [Figure];
    expect(curvesOf(figure)[2]?.y).toHaveLength(120);
    expect(curvesOf(figure)[2]?.y.every(Number.isFinite)).toBe(true);
  });

  test('have the points of all seeds in scatter panels', () => {
    const [all] = figuresOver({ figures: () => [scatter] }, records) as [Figure];
    expect(all.panels[0]?.curves).toEqual([points, points, points]);
    expect(all.caption.en).toMatch(/ All 3 seeds together\.$/);
  });
});

test('the training loss is drawn raw and smoothed', () => {
  const { arms } = records[0] as RunRecord;
  expect(curvesOf(losses).map(({ name, role }) => `${name} ${role}`)).toEqual(
    arms.flatMap(({ name }) => [`${name} raw`, `${name} smooth`]),
  );
  expect(curvesOf(losses)[0]?.y).toEqual(arms[0]?.series.trainLoss?.value);
});

test('`smooth` keeps constant and short curves, and has the window of numpy.kaiser(11, 2)', () => {
  expect(smooth([1, 2, 3])).toEqual([1, 2, 3]);
  for (const value of smooth(new Array(30).fill(2))) expect(value).toBeCloseTo(2, 12);
  const impulse = new Array(31).fill(0).with(15, 1);
  // np.kaiser(11, 2) / np.kaiser(11, 2).sum()
  const window = [0.05244517, 0.07309418, 0.09177804, 0.1066608, 0.11624519, 0.11955325];
  for (const [i, value] of smooth(impulse).slice(10, 16).entries()) expect(value).toBeCloseTo(window[i] as number, 6);
});

test('`envelope` keeps every peak and `averages` the means, and short curves stay as they are', () => {
  const x = Array.from({ length: 1000 }, (_, i) => i);
  const peaks = envelope({ x, y: x.map((i) => (i === 617 ? 99 : i === 42 ? -99 : i % 10)) }, 50);
  expect(peaks.x).toHaveLength(100);
  expect(peaks.y).toEqual(expect.arrayContaining([99, -99]));
  expect([...peaks.x].sort((a, b) => a - b)).toEqual(peaks.x);
  const means = averages({ x, y: x }, 50);
  expect(means.y).toHaveLength(50);
  expect(means.y[0]).toBe(9.5);
  expect(means.x).toEqual(means.y);
  const short = { x: [0, 1], y: [2, 3] };
  for (const reduce of [envelope, averages]) expect(reduce(short, 50)).toBe(short);
});
