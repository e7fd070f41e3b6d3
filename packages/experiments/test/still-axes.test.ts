// Figures of a growing record: their axes do not move, their legends are complete and ranked.
import { describe, expect, test } from 'vitest';
import { optimizerCompareMnist } from '../src/catalog/optimizer-compare-mnist/index.ts';
import { type Figure, legendNames } from '../src/figure/figure.ts';
import { copyAxes, followAxes } from '../src/figure/still-axes.ts';
import { layoutFigure, renderSvg } from '../src/figure/svg/render-svg.ts';
import type { RunRecord } from '../src/record/record.ts';
import { notStarted } from '../src/training/schedule.ts';
import { run, tinyContext } from './bench.ts';

const small = { steps: 60, hiddenSizes: '16', batchSize: 16, trainSamples: 60, testSamples: 10, evaluateEvery: 10 };
const context = await tinyContext();
const record = await run(optimizerCompareMnist, small, 1, context);

/** Returns the record as it was after some steps; arms have no series before their first step. */
function truncated(full: RunRecord, step: number): RunRecord {
  const arms = full.arms.map((arm) => {
    const series = Object.entries(arm.series).flatMap(([name, values]) => {
      const length = values.step.filter((at) => at <= step).length;
      return length === 0 ? [] : [[name, { step: values.step.slice(0, length), value: values.value.slice(0, length) }]];
    });
    return { ...notStarted(arm.name), series: Object.fromEntries(series) };
  });
  return { ...full, arms };
}

const figureOf = (of: RunRecord) => optimizerCompareMnist.figures(of)[0] as Figure;
const ticks = (figure: Figure) =>
  [...renderSvg(figure).matchAll(/<line [^>]*\/><text [^>]*text-anchor="(?:middle|end)">([^<]*)/g)].map(
    ([, tick]) => tick,
  );

describe('the figure of a growing record', () => {
  const finished = figureOf(record);

  test.each([0, 1, 3, 30, 60])('has the ticks of the finished one at step %i', (step) => {
    expect(ticks(finished).length).toBeGreaterThan(5);
    expect(ticks(followAxes(figureOf(truncated(record, step)), finished))).toEqual(ticks(finished));
    expect(ticks(copyAxes(figureOf(truncated(record, step)), finished))).toEqual(ticks(finished));
  });

  test('has the planned steps on its axis and all arms in its legend from the start', () => {
    const first = figureOf(truncated(record, 0));
    expect(layoutFigure(first).frames[0]?.x).toEqual([0, 60]);
    expect(legendNames(first)).toEqual(legendNames(finished));
  });

  test('ranks its legend by the mean loss so far, with the colors of the arms', () => {
    const svg = renderSvg(finished, { isLive: true });
    const places = [...svg.matchAll(/>(\d)\. ([^<]+)</g)].map(([, place, name]) => [Number(place), name]);
    expect(places).toEqual(finished.ranking?.map(({ name }, i) => [i + 1, name]));
    const values = finished.ranking?.map(({ value }) => value) ?? [];
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(renderSvg(finished)).not.toMatch(/>1\. /);
  });

  test('extends a vertical axis that curves leave, and says so', () => {
    const high = {
      ...finished,
      panels: finished.panels.map((panel) => ({
        ...panel,
        curves: panel.curves.map((curve) => ({ ...curve, y: curve.y.map(() => 3) })),
      })),
    };
    const low = {
      ...finished,
      panels: finished.panels.map((panel) => ({ ...panel, y: { ...panel.y, domain: [0, 1] as const } })),
    };
    const extended = followAxes(high as Figure, low as Figure);
    expect(extended.panels[0]?.y.domain).toEqual([0, 4]);
    expect(extended.caption.en).toContain('extended');
    expect(followAxes(finished, finished).caption).toBe(finished.caption);
  });
});
