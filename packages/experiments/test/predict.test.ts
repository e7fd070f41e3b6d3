// The question before a run, decided by the record.
import { describe, expect, test } from 'vitest';
import { experiments, findExperiment } from '../src/catalog/index.ts';
import { decide } from '../src/record/predict.ts';
import type { ArmRecord, RunRecord } from '../src/record/record.ts';
import { langs } from '../src/text.ts';
import { run, shortOptions, tinyContext } from './bench.ts';

const context = await tinyContext('simd128', 14);
describe.each(experiments.map((experiment) => [experiment.name, experiment] as const))('%s', (_, experiment) => {
  const { question, choices, measure } = experiment.predict;

  test('asks a question with two to five answers, in three languages', () => {
    expect(choices.length).toBeGreaterThanOrEqual(2);
    expect(choices.length).toBeLessThanOrEqual(5);
    for (const text of [question, measure, ...choices.map(({ label }) => label)])
      for (const lang of langs) expect(text[lang]).toMatch(/\S/);
    expect(new Set(langs.map((lang) => question[lang])).size).toBe(3);
  });

  test('a run decides it for one of the answers', async () => {
    const raw = shortOptions(experiment, { epochs: 2, hiddenSizes: '6', batchSizes: '5,2' });
    const record = await run(experiment, raw, 1, context);
    const outcome = decide(experiment.predict, record);
    const ids = choices.map(({ id }) => id);
    expect(ids).toContain(outcome?.winner);
    for (const id of outcome?.values.keys() ?? []) expect(ids).toContain(id);
    expect(decide(experiment.predict, { ...record, arms: [] })).toBeUndefined();
  });
});

const recordOf = (experiment: string, finals: Readonly<Record<string, number>>): RunRecord =>
  ({
    experiment,
    options: findExperiment(experiment).options,
    arms: Object.entries(finals).map(
      ([name, testAccuracy]) => ({ name, final: { testAccuracy } }) as unknown as ArmRecord,
    ),
  }) as unknown as RunRecord;

test.each([
  ['optimizer_compare_mnist', { SGD: 0.8, Momentum: 0.9, AdaGrad: 0.95, Adam: 0.94 }, 'AdaGrad'],
  ['optimizer_compare_mnist', { SGD: 0.8, Momentum: 0.9, AdaGrad: Number.NaN, Adam: 0.94 }, 'Adam'],
  ['convnet_vs_perceptron', { perceptron: 0.96, convnet: 0.99 }, 'few'],
  ['convnet_vs_perceptron', { perceptron: 0.96, convnet: 0.98 }, 'half'],
  ['convnet_vs_perceptron', { perceptron: 0.96, convnet: 0.95 }, 'many'],
])('%s with test accuracies %o has the winner %s', (name, finals, winner) => {
  expect(decide(findExperiment(name).predict, recordOf(name, finals))?.winner).toBe(winner);
});
