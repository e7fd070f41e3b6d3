// Experiments that count epochs: steps, measurements, validation sets.
import { describe, expect, test } from 'vitest';
import { batchNormTest, geomspace } from '../src/catalog/batch-norm-test/index.ts';
import { hyperparameterOptimization } from '../src/catalog/hyperparameter-optimization/index.ts';
import { overfitDropout } from '../src/catalog/overfit-dropout/index.ts';
import { overfitWeightDecay } from '../src/catalog/overfit-weight-decay/index.ts';
import type { Experiment } from '../src/experiment.ts';
import { parseOptions } from '../src/options/options.ts';
import type { ClassifierTask } from '../src/training/arm.ts';
import { classifier, run, tinyContext, train } from './bench.ts';

const tasksOf = (experiment: Experiment, dialect: string) =>
  experiment.arms(parseOptions(experiment.options, { dialect }), 1).map(({ task }) => task as ClassifierTask);

/** Number of arms, steps per dialect, and steps between measurements, as in the programs of the book. */
test.each<[Experiment, number, number, number, number]>([
  [overfitWeightDecay, 2, 603, 601, 3],
  [overfitDropout, 2, 903, 903, 3],
  [batchNormTest, 32, 200, 191, 10],
  [hyperparameterOptimization, 100, 200, 200, 4],
])('$name has the steps and measurements of the book', (experiment, arms, modern, book, every) => {
  for (const [dialect, steps] of [
    ['modern', modern],
    ['book', book],
  ] as const) {
    const tasks = tasksOf(experiment, dialect);
    expect(tasks).toHaveLength(arms);
    expect(new Set(tasks.map((task) => `${task.steps} ${task.evaluateEvery}`))).toEqual(new Set([`${steps} ${every}`]));
  }
});

test('curves are over epochs, and start after the first update in the dialect of the book', async () => {
  const settings = { trainSamples: 40, batchSize: 10, epochs: 3, hiddenSizes: '4' };
  for (const dialect of ['modern', 'book']) {
    const record = await run(overfitWeightDecay, { ...settings, dialect }, 1, await tinyContext());
    const [curve] = overfitWeightDecay.figures(record)[0]?.panels[0]?.curves ?? [];
    expect(curve?.x).toEqual(dialect === 'book' ? [0, 1, 2] : [0, 1, 2, 3]);
    expect(record.arms[0]?.series.trainAccuracy?.step).toEqual(dialect === 'book' ? [1, 5, 9] : [0, 4, 8, 12]);
    expect(record.arms[0]?.final.testAccuracy).toBe(record.arms[0]?.series.testAccuracy?.value.at(-1));
  }
});

test('`geomspace` equals numpy.geomspace', () => {
  const scales = geomspace(1, 1e-4, 16);
  expect(scales).toHaveLength(16);
  scales.forEach((scale, i) => {
    expect(Math.abs(scale / 10 ** ((-4 * i) / 15) - 1)).toBeLessThan(1e-14);
  });
  expect(geomspace(2, 8, 3)).toEqual([2, 4, 8]);
  expect(geomspace(0.5, 0.1, 1)).toEqual([0.5]);
});

describe('validation', async () => {
  const context = await tinyContext();

  test('uses the same validation set in every trial of a seed', async () => {
    const task = { validationShare: 0.25, measures: ['train', 'validation'], evaluateEvery: 3 } as const;
    const arms = [0, 1].map((index) => classifier({ ...task, trial: { index } }, `trial ${index}`));
    const [one, two] = await train(context, arms);
    expect(one?.series.validationAccuracy).toEqual(two?.series.validationAccuracy);
    const [other] = await train(context, [classifier({ ...task }, 'other seed', 5)]);
    expect(other?.series.trainLoss).not.toEqual(one?.series.trainLoss);
  });

  test('refuses to measure without a validation set', async () => {
    await expect(train(context, [classifier({ measures: ['validation'] })])).rejects.toThrow(/validationShare/);
  });
});
