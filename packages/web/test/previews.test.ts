// Previews of the page: `npm run previews` writes them.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Experiment, experiments, langs, pageFigures, parseOptions, type RunRecord } from '@descent/experiments';
import { layoutFigure, renderSvg } from '@descent/experiments/svg';
import { describe, expect, test } from 'vitest';
import cards from '../previews/cards.json' with { type: 'json' };
import { readPreview } from '../src/state/preview.ts';

const { createPicture } = await import(new URL('../scripts/cards.js', import.meta.url).href);
const fileOf = ({ name }: Experiment) => readFileSync(new URL(`../previews/${name}.json`, import.meta.url), 'utf8');
const recordOf = (experiment: Experiment): RunRecord => readPreview(experiment, JSON.parse(fileOf(experiment)));
const seriesOf = ({ arms }: RunRecord) => arms.flatMap(({ series }) => Object.values(series));

describe.each(experiments.map((experiment) => [experiment.name, experiment] as const))('the preview of %s', (_, of) => {
  test('has the default settings', () => {
    const { options, seed } = recordOf(of);
    expect(options).toEqual(parseOptions(of.options, {}));
    expect(seed).toBe(1);
  });

  test('has at most 5.5 kB gzipped and 200 points per series', () => {
    expect(gzipSync(fileOf(of), { level: 9 }).length).toBeLessThanOrEqual(5_500);
    expect(Math.max(0, ...seriesOf(recordOf(of)).map(({ step }) => step.length))).toBeLessThanOrEqual(200);
  });

  test('has a curve in every panel, and no number that cannot be drawn', () => {
    const figures = pageFigures(of, recordOf(of));
    for (const { panels } of figures) for (const { curves } of panels) expect(curves.length).toBeGreaterThan(0);
    expect(figures.map((figure) => renderSvg(figure)).join('')).not.toMatch(/NaN|undefined/);
  });

  test.each(langs)('fits a phone in the language %s', (lang) => {
    for (const figure of pageFigures(of, recordOf(of))) {
      const { width, frames, legend } = layoutFigure(figure, { width: 400, lang, isLive: true });
      for (const frame of frames) expect(frame.left + frame.width).toBeLessThanOrEqual(width);
      for (const { label, x } of legend) expect(x + 35 + 6 * label.length, label).toBeLessThanOrEqual(width);
    }
  });

  test('has its picture on the home page', () => {
    expect(cards.cards[of.name as keyof typeof cards.cards].picture).toEqual(createPicture(of, recordOf(of)));
  });

  test('has a verdict for every claim', () => {
    const { options, claims } = recordOf(of);
    const applying = of.claims.filter((claim) => claim.appliesTo?.(options) ?? true);
    expect(claims.map(({ id }) => id)).toEqual(applying.map(({ id }) => id));
    for (const { text } of claims) expect(text.en).not.toBe('');
  });
});
