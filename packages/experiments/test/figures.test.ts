// Figures: what is in them, and how the two renderers draw them. The snapshots are also the gallery.
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { optimizerCompareMnist } from '../src/catalog/optimizer-compare-mnist/index.ts';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { smooth } from '../src/figure/curves.ts';
import { averages, envelope } from '../src/figure/downsample.ts';
import type { Figure, LinePanel } from '../src/figure/figure.ts';
import { renderSvg } from '../src/figure/svg/render-svg.ts';
import { renderTerminal } from '../src/figure/terminal/render-terminal.ts';
import { displayWidth } from '../src/figure/text-width.ts';
import { palettes } from '../src/figure/theme.ts';
import type { RunRecord } from '../src/record/record.ts';
import { langs } from '../src/text.ts';
import { run, tinyContext } from './bench.ts';

const [paths] = optimizerCompareNaive.figures(await run(optimizerCompareNaive)) as [Figure];
const learned = await run(
  optimizerCompareMnist,
  { hiddenSizes: '16', batchSize: 16, steps: 120 },
  1,
  await tinyContext(),
);
const [losses] = optimizerCompareMnist.figures(learned) as [Figure];
const figures = [paths, losses];

const parse = (svg: string) => parseHTML(`<body>${svg}</body>`).document;
const ansi = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

describe.each(figures.map((figure) => [figure.id, figure] as const))('%s in SVG', (_, figure) => {
  const svg = renderSvg(figure);
  const page = parse(svg);

  test('is one document that says what it shows', () => {
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(page.querySelector('svg > title')?.textContent).toBe(figure.title.en);
    expect(page.querySelector('svg > desc')?.textContent).toBe(figure.caption.en);
    expect(svg).not.toMatch(/<style|NaN|undefined|currentColor"\s+d=/);
  });

  test('is the same text for the same figure', () => {
    expect(renderSvg(figure)).toBe(svg);
  });

  test('labels both axes of every panel', () => {
    const texts = [...page.querySelectorAll('text')].map((text) => text.textContent);
    for (const panel of figure.panels)
      expect(texts).toEqual(expect.arrayContaining([panel.x.label.en, panel.y.label.en]));
  });

  test('clips what lies beyond the axes, under ids of its own', () => {
    const ids = [...svg.matchAll(/<clipPath id="([^"]+)"/g)].map(([, id]) => id as string);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id.startsWith(`${figure.id}-clip-`)).toBe(true);
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  test.each(langs)('is told in %s', (lang) => {
    expect(parse(renderSvg(figure, { lang })).querySelector('svg > title')?.textContent).toBe(figure.title[lang]);
  });

  test('is dark on demand', () => {
    const dark = renderSvg(figure, { theme: 'dark' });
    expect(dark).toContain(`fill="${palettes.dark.background}"`);
    for (const color of palettes.light.curves.slice(0, 4)) expect(dark).not.toContain(color);
  });
});

describe('legends', () => {
  const textsOf = (figure: Figure) => [...parse(renderSvg(figure)).querySelectorAll('text')].map((t) => t.textContent);

  test('name every curve, each in a color of its own', () => {
    expect(textsOf(losses)).toEqual(expect.arrayContaining(['SGD', 'Momentum', 'AdaGrad', 'Adam']));
    const svg = renderSvg(losses);
    for (const color of palettes.light.curves.slice(0, 4)) expect(svg).toContain(color);
  });

  test('are left out where each panel is titled by its curve', () => {
    expect(textsOf(paths).filter((text) => text === 'SGD')).toHaveLength(1);
  });
});

describe.each(figures.map((figure) => [figure.id, figure] as const))('%s in a terminal', (_, figure) => {
  test('looks like this', () => {
    expect(renderTerminal(figure)).toMatchSnapshot();
  });

  test.each([60, 80, 132])('keeps within %i columns, in every language', (columns) => {
    for (const lang of langs) {
      for (const line of renderTerminal(figure, { columns, lang }).split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('differs by colors alone when there are some', () => {
    const colored = renderTerminal(figure, { color: true });
    expect(colored).toMatch(ansi);
    expect(colored.replaceAll(ansi, '')).toBe(renderTerminal(figure));
  });
});

describe('figures of odd runs', async () => {
  const flee = await run(optimizerCompareNaive, { sgdLr: 100, steps: 60 });
  const still = await run(optimizerCompareNaive, { startX: 0, startY: 0, steps: 1 });
  const emptied = (record: RunRecord) => ({ ...record, arms: record.arms.map((arm) => ({ ...arm, series: {} })) });
  const one = await run(optimizerCompareMnist, { hiddenSizes: 'none', steps: 1, batchSize: 2 }, 1, await tinyContext());
  const gone = await run(
    optimizerCompareMnist,
    { hiddenSizes: 'none', sgdLr: 1000, init: 'normal', initStd: 100 },
    1,
    await tinyContext(),
  );

  test.each<[string, Figure | undefined]>([
    ['one arm flees', optimizerCompareNaive.figures(flee)[0]],
    ['nothing moves', optimizerCompareNaive.figures(still)[0]],
    ['no way was gone', optimizerCompareNaive.figures(emptied(flee))[0]],
    ['one step', optimizerCompareMnist.figures(one)[0]],
    ['no step', optimizerCompareMnist.figures(emptied(one))[0]],
    ['great losses', optimizerCompareMnist.figures(gone)[0]],
  ])('%s', (_, figure) => {
    expect(renderSvg(figure as Figure)).not.toMatch(/NaN|Infinity/);
    expect(renderTerminal(figure as Figure)).not.toMatch(/NaN|Infinity/);
  });
});

describe('the training loss', () => {
  const curves = (losses.panels[0] as LinePanel).curves;

  test('is shown raw beside smoothed, for every arm', () => {
    expect(curves.map(({ name, role }) => `${name} ${role}`)).toEqual(
      learned.arms.flatMap(({ name }) => [`${name} raw`, `${name} smooth`]),
    );
    expect(curves[0]?.y).toEqual(learned.arms[0]?.series.trainLoss?.value);
  });
});

describe('smooth', () => {
  test('keeps what is constant or short, and halves noise', () => {
    expect(smooth([1, 2, 3])).toEqual([1, 2, 3]);
    for (const value of smooth(new Array(30).fill(2))) expect(value).toBeCloseTo(2, 12);
    const noise = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    for (const value of smooth(noise).slice(5, -5)) expect(Math.abs(value)).toBeLessThan(0.1);
  });

  test('is the window of numpy.kaiser(11, 2)', () => {
    const impulse = new Array(31).fill(0);
    impulse[15] = 1;
    // np.kaiser(11, 2) / np.kaiser(11, 2).sum()
    const window = [0.05244517, 0.07309418, 0.09177804, 0.1066608, 0.11624519, 0.11955325];
    for (const [i, value] of smooth(impulse).slice(10, 16).entries()) expect(value).toBeCloseTo(window[i] as number, 6);
  });
});

describe('thinned curves', () => {
  const x = Array.from({ length: 1000 }, (_, i) => i);
  const y = x.map((i) => (i === 617 ? 99 : i === 42 ? -99 : i % 10));

  test('keep every peak', () => {
    const thin = envelope({ x, y }, 50);
    expect(thin.x).toHaveLength(100);
    expect(thin.y).toContain(99);
    expect(thin.y).toContain(-99);
    expect([...thin.x].sort((a, b) => a - b)).toEqual(thin.x);
  });

  test('or their means', () => {
    const thin = averages({ x, y: x }, 50);
    expect(thin.y).toHaveLength(50);
    expect(thin.y[0]).toBe(9.5);
    expect(thin.x).toEqual(thin.y);
  });

  test.each([envelope, averages])('are left alone where they are short', (thin) => {
    const curve = { x: [0, 1], y: [2, 3] };
    expect(thin(curve, 50)).toBe(curve);
  });
});
