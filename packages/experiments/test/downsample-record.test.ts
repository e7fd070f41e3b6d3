// Downsampled records: small, with figures like those of the full record.
import { expect, test } from 'vitest';
import { findExperiment } from '../src/catalog/index.ts';
import { smooth } from '../src/figure/curves.ts';
import { downsampleRecord } from '../src/figure/downsample-record.ts';
import { parseOptions } from '../src/options/options.ts';
import type { RunRecord } from '../src/record/record.ts';

const experiment = findExperiment('optimizer_compare_mnist');
const step = Array.from({ length: 2_000 }, (_, i) => i + 1);
/** A loss that falls from 2 to 0.5 with some noise, and one outlier. */
const value = step.map((at) => (at === 777 ? 9 : 2 - (1.5 * at) / 2_000 + 0.1 * Math.sin(at * at)));
const full: RunRecord = {
  ...{ format: 'descent-run/1', experiment: experiment.name, seed: 1, variant: 'simd128', claims: [], digest: 'd' },
  ...{ data: { name: 'mnist', sha256: '' }, environment: {}, elapsedSeconds: 1 },
  options: parseOptions(experiment.options, {}),
  arms: ['SGD', 'Adam'].map((name) => ({
    ...{ name, status: 'finished', digest: '', final: { trainLoss: 0.5, testAccuracy: 0.9 } },
    series: { trainLoss: { step, value }, gradientNorm: { step, value } },
  })),
};
const thin = downsampleRecord(full, experiment.figures, 200);

test('a downsampled record has only the series of the figures, at most 200 points each', () => {
  expect(Object.keys(thin.arms[0]?.series ?? {})).toEqual(['trainLoss', 'trainLossSmoothed']);
  for (const { series, final } of thin.arms) {
    for (const each of Object.values(series)) expect(each.step.length).toBeLessThanOrEqual(200);
    expect(final).toEqual({});
  }
});

test('its figures have the curves of the full record, with the same ends and extremes', () => {
  const [curves, thinCurves] = [full, thin].map((record) => experiment.figures(record)[0]?.panels[0]?.curves ?? []);
  expect(thinCurves?.map(({ name, role }) => [name, role])).toEqual(curves?.map(({ name, role }) => [name, role]));
  const [raw, smoothed] = thinCurves ?? [];
  expect(Math.max(...(raw?.y ?? []))).toBe(9);
  expect([smoothed?.x[0], smoothed?.x.at(-1)]).toEqual([1, 2_000]);
});

test('its smoothed curve is on that of the full record: it is not smoothed twice', () => {
  const exact = smooth(value);
  const smoothed = experiment.figures(thin)[0]?.panels[0]?.curves[1];
  for (const [i, x] of (smoothed?.x ?? []).entries()) expect(smoothed?.y[i]).toBeCloseTo(exact[x - 1] as number, 2);
});
