// Measurements of the experiments on initial weights and norms, beyond their claims.
import { describe, expect, test } from 'vitest';
import { batchNormLimits } from '../src/catalog/batch-norm-limits/index.ts';
import { internalCovariateShift } from '../src/catalog/internal-covariate-shift/index.ts';
import { weightInitActivationHistogram } from '../src/catalog/weight-init-activation-histogram/index.ts';
import { parseRecord, stringifyRecord } from '../src/record/json.ts';
import type { ArmRecord, RunRecord } from '../src/record/record.ts';
import { findArm } from '../src/record/series.ts';
import { compareRecords } from '../src/record/verify.ts';
import { classifier, run, tinyContext, train } from './bench.ts';

const context = await tinyContext();
const armOf = (record: RunRecord, name: string) => findArm(record, name) as ArmRecord;

describe('internal_covariate_shift', async () => {
  const settings = { hiddenSizes: '8,6', batchSize: 10, steps: 40, probeEvery: 10 };
  const record = await run(internalCovariateShift, settings, 1, context);

  test('measures every layer before training and at regular steps', () => {
    const { series } = armOf(record, 'none');
    expect(series.layer2Median?.step).toEqual([0, 10, 20, 30, 40]);
    for (const [i, low] of (series.layer1Low?.value ?? []).entries()) {
      expect(low).toBeLessThanOrEqual(series.layer1Median?.value[i] as number);
      expect(series.layer1Median?.value[i]).toBeLessThanOrEqual(series.layer1High?.value[i] as number);
    }
    expect(series.layer1Drift?.value[0]).toBe(0);
    expect(series.layer1Drift?.value[4]).toBeGreaterThan(0);
  });

  test('trains to the same values with and without measurements', async () => {
    const task = { norm: 'batch', dropout: 0.3, activation: 'tanh' } as const;
    const [often, never] = await train(context, [classifier({ ...task, probeEvery: 1 }), classifier(task, 'never')]);
    expect(often?.series.trainLoss).toEqual(never?.series.trainLoss);
    expect(often?.final.testLoss).toBe(never?.final.testLoss);
  });
});

test('batch_norm_limits has each batch size once, and one class for all images with batches of one', async () => {
  const record = await run(batchNormLimits, { hiddenSizes: '6', batchSizes: '1,1', steps: 30 }, 1, context);
  expect(record.arms).toHaveLength(3);
  expect(armOf(record, 'batch norm, batch 1')).toMatchObject({
    status: 'finished',
    final: { batchAccuracy: Math.fround(0.1) },
  });
});

test('a recurrent network refuses a number of steps that does not divide the pixels', async () => {
  const network = { kind: 'recurrent', sequenceSteps: 5, hiddenSize: 4, norm: 'none', initialGamma: 1 } as const;
  const spec = classifier();
  const arms = [{ ...spec, task: { ...spec.task, network } as typeof spec.task }];
  await expect(train(context, arms)).rejects.toThrow(/sequenceSteps/);
});

describe('weight_init_activation_histogram', async () => {
  const record = await run(weightInitActivationHistogram, { samples: 200 });

  test('counts every activation once, inside or outside the histogram', () => {
    for (const { histograms = {}, series } of record.arms)
      for (const [i, { counts }] of Object.values(histograms).entries()) {
        const inside = counts.reduce((total, value) => total + value, 0);
        expect(inside + Math.round((series.beyond?.value[i] ?? 0) * 20_000)).toBe(20_000);
      }
  });

  test('uses the same inputs and the same random weights in every arm', () => {
    const [small, xavier] = ['σ=0.01', 'Xavier'].map((init) => armOf(record, `ReLU, ${init}`).series.std?.value[0]);
    expect((xavier as number) / (small as number)).toBeCloseTo(10, 4);
    const saturated = ['σ=1', 'σ=0.01', 'Xavier', 'He'].map((init) => armOf(record, `ReLU, ${init}`).series.saturated);
    for (const each of saturated) expect(each?.value).toEqual(saturated[0]?.value);
  });

  test('has the range of the book in its dialect, and the whole range of tanh otherwise', async () => {
    const book = await run(weightInitActivationHistogram, { samples: 10, dialect: 'book' });
    expect(armOf(book, 'tanh, He').histograms?.layer1).toMatchObject({ low: 0, high: 1 });
    expect(armOf(record, 'tanh, He').histograms?.layer1).toMatchObject({ low: -1, high: 1 });
  });

  test('the record reads back with its histograms, which verify compares', () => {
    const again = parseRecord(stringifyRecord(record));
    expect(again).toEqual(record);
    (armOf(again, 'sigmoid, He').histograms?.layer2?.counts as number[])[7] = 1e6;
    expect(compareRecords(record, again)).toMatchObject({ arm: 'sigmoid, He', field: 'layer2', bin: 7, got: 1e6 });
    const shifted = structuredClone(record);
    (armOf(shifted, 'sigmoid, He').histograms?.layer2 as { low: number }).low = -1;
    expect(compareRecords(record, shifted)).toMatchObject({ arm: 'sigmoid, He', field: 'layer2' });
  });
});
