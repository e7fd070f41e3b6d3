// Figures over several seeds: means, bands, points; and panels of every kind as pictures.
import { describe, expect, test } from 'vitest';
import { weightInitActivationHistogram as histogram } from '../src/catalog/weight-init-activation-histogram/index.ts';
import { weightInitCompare as compare } from '../src/catalog/weight-init-compare/index.ts';
import type { Figure, LinePanel } from '../src/figure/figure.ts';
import { figuresOver } from '../src/figure/over-seeds.ts';
import { renderSvg } from '../src/figure/svg/render-svg.ts';
import { renderTerminal } from '../src/figure/terminal/render-terminal.ts';
import { displayWidth } from '../src/figure/text-width.ts';
import type { RunRecord } from '../src/record/record.ts';
import { langs } from '../src/text.ts';
import { run, tinyContext } from './bench.ts';

const context = await tinyContext();
const records: RunRecord[] = [];
for (const seed of [1, 2, 3])
  records.push(await run(compare, { hiddenSizes: '8', batchSize: 8, steps: 30 }, seed, context));
const [loss] = figuresOver(compare, records) as [Figure];
const curves = (loss.panels[0] as LinePanel).curves;

describe('figures over seeds', () => {
  test('of one run are its own', () => {
    expect(figuresOver(compare, records.slice(0, 1))).toEqual(compare.figures(records[0] as RunRecord));
  });

  test('have the mean of every smooth curve, with the seeds beside it', () => {
    expect(curves.map(({ name, role }) => [name, role])).toEqual(
      ['σ=0.01', 'Xavier', 'He'].map((name) => [name, 'smooth']),
    );
    const he = curves[2];
    expect(he?.seeds).toHaveLength(3);
    const third = he?.seeds?.map((values) => values[3] as number) as number[];
    expect(he?.y[3]).toBeCloseTo(third.reduce((sum, value) => sum + value, 0) / 3, 12);
  });

  test('go on with those that go on', () => {
    const short = structuredClone(records);
    const { trainLoss } = (short[1] as RunRecord).arms[2]?.series ?? {};
    if (!trainLoss) throw new Error('He has no losses');
    trainLoss.step.splice(12);
    trainLoss.value.splice(12);
    const [figure] = figuresOver(compare, short) as [Figure];
    const he = (figure.panels[0] as LinePanel).curves[2];
    expect(he?.y).toHaveLength(30);
    expect(he?.y.every(Number.isFinite)).toBe(true);
  });

  test('are drawn with a band and points, and say so', () => {
    expect(renderSvg(loss).match(/fill-opacity="0.18"/g)).toHaveLength(3);
    for (const lang of langs) expect(renderSvg(loss, { lang })).toMatch(/seeds;|시드 3개|3 個のシード/);
    expect(renderSvg(loss)).not.toMatch(/NaN|Infinity/);
  });
});

test('points of all seeds lie together, and have neither mean nor band', () => {
  const curve = { name: 'one', x: [1], y: [2], role: 'smooth' as const };
  const axis = { label: { en: 'x', ko: 'x', ja: 'x' } };
  const points: Figure = { ...loss, panels: [{ kind: 'scatter', x: axis, y: axis, curves: [curve] }] };
  const [all] = figuresOver({ figures: () => [points] }, records) as [Figure];
  expect(all.panels[0]?.curves).toEqual([curve, curve, curve]);
  expect(all.caption.en).toMatch(/ All 3 seeds together\.$/);
});

test('in a terminal, the span of the seeds has dotted edges', () => {
  const alone = structuredClone(loss) as unknown as { panels: { curves: { seeds?: unknown }[] }[] };
  for (const { curves } of alone.panels) for (const curve of curves) delete curve.seeds;
  const cells = (figure: Figure) => renderTerminal(figure).match(/[\u2801-\u28ff]/g)?.length ?? 0;
  expect(cells(loss)).toBeGreaterThan(cells(alone as unknown as Figure));
});

describe('histograms', async () => {
  const record = await run(histogram, { samples: 50, inputs: 20, hiddenSizes: '20x5' });
  const figures = histogram.figures(record);

  test('are one figure an activation function, with a panel for every layer of every arm', () => {
    expect(figures.map(({ id, panels }) => [id, panels.length])).toEqual([
      ['activations-sigmoid', 20],
      ['activations-tanh', 20],
      ['activations-relu', 20],
    ]);
  });

  test('label the outer sides only, and cut bars with their height', () => {
    const svg = renderSvg(figures[2] as Figure);
    expect(svg.match(/>Activation</g)).toHaveLength(5);
    expect(svg.match(/>Share of activations \(%\)</g)).toHaveLength(1);
    expect(svg).toMatch(/>\d\d%</);
  });

  test('in a terminal look like this', () => {
    expect(renderTerminal(figures[0] as Figure)).toMatchSnapshot();
  });

  test.each([60, 80, 132])('keep within %i columns, in every language', (columns) => {
    for (const figure of figures) {
      for (const lang of langs) {
        for (const line of renderTerminal(figure, { columns, lang }).split('\n')) {
          expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        }
      }
    }
  });
});

describe('a cloud of points', () => {
  const axis = { label: { en: 'a', ko: 'a', ja: 'a' }, domain: [0, 1] as const };
  const curve = { name: 'trial', x: [0.1, 0.5, 2], y: [0.2, 0.9, 0.5], role: 'smooth' as const };
  const figure: Figure = {
    id: 'cloud',
    title: axis.label,
    caption: axis.label,
    columns: 1,
    panels: [{ kind: 'scatter', x: axis, y: axis, curves: [curve] }],
  };

  test('shows those within the axes', () => {
    expect(renderSvg(figure).match(/translate\(/g)).toHaveLength(3);
    expect(renderTerminal(figure).match(/●/g)).toHaveLength(3);
  });
});
