// The experiments on initial weights: what they measure, and their claims both ways.
import { describe, expect, test } from 'vitest';
import { weightInitActivationHistogram as histogram } from '../src/catalog/weight-init-activation-histogram/index.ts';
import { weightInitCompare as compare } from '../src/catalog/weight-init-compare/index.ts';
import { verdicts } from '../src/record/claims.ts';
import { parseRecord, stringifyRecord } from '../src/record/json.ts';
import type { RunRecord } from '../src/record/record.ts';
import { compareRecords } from '../src/record/verify.ts';
import { run, tinyContext } from './bench.ts';

type Arm = RunRecord['arms'][number];
const armOf = (record: RunRecord, name: string) => record.arms.find((arm) => arm.name === name) as Arm;
const setLast = (record: RunRecord, arm: string, series: string, value: number) => {
  armOf(record, arm).series[series]?.value.splice(-1, 1, value);
};

describe('weight_init_activation_histogram', async () => {
  const record = await run(histogram, { samples: 200 });
  const counts = (arm: string, layer: number) => armOf(record, arm).histograms?.[`layer${layer}`]?.counts ?? [];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  test('counts every activation once, or as beyond', () => {
    for (const { histograms = {}, series } of record.arms) {
      for (const [i, { counts: each }] of Object.values(histograms).entries()) {
        expect(sum(each) + Math.round((series.beyond?.value[i] ?? 0) * 20_000)).toBe(20_000);
      }
    }
  });

  test('begins every arm from the same inputs and the same draws of its weights', () => {
    const stds = ['σ=0.01', 'Xavier'].map((init) => armOf(record, `ReLU, ${init}`).series.std?.value[0] ?? 0);
    expect((stds[1] as number) / (stds[0] as number)).toBeCloseTo(10, 4);
    const zeros = ['σ=1', 'σ=0.01', 'Xavier', 'He'].map(
      (init) => armOf(record, `ReLU, ${init}`).series.saturated?.value,
    );
    for (const each of zeros) expect(each).toEqual(zeros[0]);
  });

  test('spans what the book spans in its dialect, and all of tanh in ours', async () => {
    const book = await run(histogram, { samples: 10, dialect: 'book' });
    expect(armOf(book, 'tanh, He').histograms?.layer1).toMatchObject({ low: 0, high: 1 });
    expect(armOf(record, 'tanh, He').histograms?.layer1).toMatchObject({ low: -1, high: 1 });
    expect(counts('tanh, Xavier', 1)).toHaveLength(30);
  });

  test('reads back with its histograms, whose bins verify compares', () => {
    const again = parseRecord(stringifyRecord(record));
    expect(again).toEqual(record);
    (armOf(again, 'sigmoid, He').histograms?.layer2?.counts as number[])[7] = 1e6;
    expect(compareRecords(record, again)).toMatchObject({ arm: 'sigmoid, He', field: 'layer2', bin: 7, got: 1e6 });
    const shifted = structuredClone(record);
    (armOf(shifted, 'sigmoid, He').histograms?.layer2 as { low: number }).low = -1;
    expect(compareRecords(record, shifted)).toMatchObject({ arm: 'sigmoid, He', field: 'layer2' });
  });

  test('has one arm where both σ are the same', async () => {
    const same = await run(histogram, { samples: 10, largeStd: 0.01 });
    expect(same.arms).toHaveLength(9);
  });

  test('its claims hold', () => {
    expect(record.claims.map(({ id, holds }) => [id, holds])).toEqual([
      ['large-weights-saturate', true],
      ['small-weights-collapse', true],
      ['xavier-suits-sigmoid-and-tanh', true],
      ['he-suits-relu', true],
    ]);
  });

  test.each<[string, (r: RunRecord) => void]>([
    ['large-weights-saturate', (r) => setLast(r, 'tanh, σ=1', 'saturated', 0.4)],
    ['large-weights-saturate', (r) => (armOf(r, 'sigmoid, σ=1').series = {})],
    ['small-weights-collapse', (r) => setLast(r, 'ReLU, σ=0.01', 'std', 0.06)],
    ['xavier-suits-sigmoid-and-tanh', (r) => setLast(r, 'sigmoid, Xavier', 'std', 0.01)],
    ['xavier-suits-sigmoid-and-tanh', (r) => setLast(r, 'tanh, Xavier', 'saturated', 0.2)],
    ['he-suits-relu', (r) => setLast(r, 'ReLU, He', 'std', 0.01)],
    ['he-suits-relu', (r) => (armOf(r, 'ReLU, Xavier').series = armOf(r, 'ReLU, He').series)],
  ])('%s does not hold on a doctored record', (id, doctor) => {
    const doctored = structuredClone(record);
    doctor(doctored);
    const failed = verdicts(histogram.claims, [doctored]).filter(({ holds }) => !holds);
    expect(failed.map((verdict) => verdict.id)).toEqual([id]);
    expect(failed[0]?.text).toBe(histogram.claims.find((claim) => claim.id === id)?.otherwise);
  });
});

describe('weight_init_compare', async () => {
  const settings = { hiddenSizes: '16x3', batchSize: 16, steps: 80, lr: 0.05, initStd: 0.001 };
  const record = await run(compare, settings, 1, await tinyContext());
  const loss = (r: RunRecord, arm: string) => armOf(r, arm).series.trainLoss?.value as number[];

  test('its claims hold', () => {
    expect(record.claims.map(({ id, holds }) => [id, holds])).toEqual([
      ['small-weights-hardly-learn', true],
      ['he-learns-fastest', true],
    ]);
  });

  test.each<[string, (r: RunRecord) => void]>([
    ['small-weights-hardly-learn', (r) => loss(r, 'σ=0.001').fill(2, -4)],
    ['he-learns-fastest', (r) => (armOf(r, 'Xavier').series = armOf(r, 'He').series)],
    ['he-learns-fastest', (r) => loss(r, 'Xavier').fill(0, -4)],
    ['he-learns-fastest', (r) => loss(r, 'He').splice(9, 71, Number.NaN)],
  ])('%s does not hold on a doctored record', (id, doctor) => {
    const doctored = structuredClone(record);
    doctor(doctored);
    const failed = verdicts(compare.claims, [doctored]).filter(({ holds }) => !holds);
    expect(failed.map((verdict) => verdict.id)).toEqual([id]);
  });
});
