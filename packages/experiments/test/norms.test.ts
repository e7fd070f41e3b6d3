// The note's advanced part: what is measured, and every claim both ways; the convnet that follows it.
import { describe, expect, test } from 'vitest';
import { batchNormLimits } from '../src/catalog/batch-norm-limits/index.ts';
import { convnetVsPerceptron } from '../src/catalog/convnet-vs-perceptron/index.ts';
import { internalCovariateShift } from '../src/catalog/internal-covariate-shift/index.ts';
import { layerNormRnn } from '../src/catalog/layer-norm-rnn/index.ts';
import type { Experiment } from '../src/experiment.ts';
import { verdicts } from '../src/record/claims.ts';
import type { RunRecord } from '../src/record/record.ts';
import { classifier, run, tinyContext, train } from './bench.ts';

const context = await tinyContext();

type Arm = RunRecord['arms'][number];
const armOf = (record: RunRecord, name: string) => record.arms.find((arm) => arm.name === name) as Arm;
const held = (experiment: Experiment, record: RunRecord) =>
  verdicts(experiment.claims, [record]).flatMap(({ id, holds }) => (holds ? [id] : []));

/** The record with these final values. */
function withFinals(record: RunRecord, finals: Record<string, Record<string, number>>): RunRecord {
  const copy = structuredClone(record);
  for (const [name, final] of Object.entries(finals)) Object.assign(armOf(copy, name).final, final);
  return copy;
}

describe('internal_covariate_shift', async () => {
  const settings = { hiddenSizes: '8,6', batchSize: 10, steps: 40, probeEvery: 10 };
  const record = await run(internalCovariateShift, settings, 1, context);

  test('looks at every layer before training and every so many steps', () => {
    const { series } = armOf(record, 'none');
    expect(series.layer2Median?.step).toEqual([0, 10, 20, 30, 40]);
    for (const [i, low] of (series.layer1Low?.value ?? []).entries()) {
      expect(low).toBeLessThanOrEqual(series.layer1Median?.value[i] as number);
      expect(series.layer1Median?.value[i]).toBeLessThanOrEqual(series.layer1High?.value[i] as number);
    }
    expect(series.layer1Drift?.value[0]).toBe(0);
    expect(series.layer1Drift?.value[4]).toBeGreaterThan(0);
  });

  test('sees what batch norm gives: mean 0, standard deviation 1 at first', () => {
    const { series } = armOf(record, 'batch norm');
    expect(series.layer1Median?.value[0]).toBeCloseTo(0, 0);
    expect((series.layer1High?.value[0] as number) - (series.layer1Low?.value[0] as number)).toBeGreaterThan(1);
  });

  test('looking changes nothing that is learnt', async () => {
    const task = { norm: 'batch', dropout: 0.3, activation: 'tanh' } as const;
    const [often, never] = await train(context, [classifier({ ...task, probeEvery: 1 }), classifier(task, 'never')]);
    expect(often?.series.trainLoss).toEqual(never?.series.trainLoss);
    expect(often?.final.testLoss).toBe(never?.final.testLoss);
  });

  test.each<[string, [number, number], [number, number], string[]]>([
    ['holds', [1, 0.1], [2, 1], ['batch-norm-holds-inputs-still', 'batch-norm-learns-faster']],
    ['drifts more with it', [0.1, 1], [2, 1], ['batch-norm-learns-faster']],
    ['is slower with it', [1, 0.1], [1, 2], ['batch-norm-holds-inputs-still']],
    ['diverged', [Number.NaN, 1], [Number.NaN, 1], []],
  ])('%s', (_, drift, loss, claims) => {
    const copy = structuredClone(record);
    for (const [i, name] of ['none', 'batch norm'].entries()) {
      const { series } = armOf(copy, name);
      series.layer2Drift = { step: [0], value: [drift[i] as number] };
      series.trainLoss = { step: [1], value: [loss[i] as number] };
    }
    expect(held(internalCovariateShift, copy)).toEqual(claims);
  });
});

describe('batch_norm_limits', async () => {
  const settings = { hiddenSizes: '6', batchSizes: '20,1', steps: 30 };
  const record = await run(batchNormLimits, settings, 1, context);
  const finals = (none: number[], batch: number[], layer: number[]) =>
    Object.fromEntries(
      Object.entries({ none, 'batch norm': batch, 'layer norm': layer }).flatMap(
        ([name, [largest = 0, smallest = 0]]) => [
          [`${name}, batch 20`, { testAccuracy: largest, batchAccuracy: largest }],
          [`${name}, batch 1`, { testAccuracy: smallest, batchAccuracy: smallest }],
        ],
      ),
    );
  const [fails, loses, layer] = batchNormLimits.claims.map(({ id }) => id);

  test('with one example gives the same logits whatever the image, so that accuracy is that of one class', () => {
    const { final, status } = armOf(record, 'batch norm, batch 1');
    expect(status).toBe('finished');
    expect(final.batchAccuracy).toBe(Math.fround(0.1));
  });

  test('has every batch size once', async () => {
    const again = await run(batchNormLimits, { ...settings, batchSizes: '4,4' }, 1, context);
    expect(again.arms).toHaveLength(3);
    expect(again.claims.map(({ id }) => id)).toEqual([loses, layer]);
  });

  test.each<[string, number[], number[], number[], (string | undefined)[]]>([
    ['as the note has it', [0.9, 0.8], [0.95, 0.1], [0.95, 0.85], [fails, loses, layer]],
    ['batch norm does not fail', [0.9, 0.8], [0.95, 0.9], [0.95, 0.85], []],
    ['batch norm was never ahead', [0.9, 0.8], [0.85, 0.1], [0.95, 0.85], [fails, layer]],
    ['layer norm fails too', [0.9, 0.8], [0.95, 0.1], [0.95, 0.1], [loses]],
  ])('%s', (_, none, batch, layerNorm, claims) => {
    expect(held(batchNormLimits, withFinals(record, finals(none, batch, layerNorm)))).toEqual(claims);
  });

  test('an arm that diverged counts as guessing', () => {
    const copy = withFinals(record, finals([0.9, 0.8], [0.95, 0.9], [0.95, 0.85]));
    armOf(copy, 'batch norm, batch 1').status = 'diverged';
    expect(held(batchNormLimits, copy)).toEqual([fails, loses, layer]);
  });
});

describe('layer_norm_rnn', async () => {
  const small = { sequenceSteps: '7', hiddenSize: 4, batchSize: 5, steps: 4, evaluateEvery: 2 };
  const wide = await tinyContext(undefined, 14);
  const record = await run(layerNormRnn, small, 1, wide);
  const [batch, layer] = layerNormRnn.claims.map(({ id }) => id);

  test('reads the same images in pieces, under three norms from the same weights', () => {
    expect(record.arms.map(({ name, status }) => [name, status])).toEqual([
      ['none', 'finished'],
      ['batch norm', 'finished'],
      ['layer norm', 'finished'],
    ]);
  });

  test('refuses pieces that do not come out even', () => {
    const [arm] = record.arms;
    expect(arm).toBeDefined();
    const network = { kind: 'recurrent', sequenceSteps: 5, hiddenSize: 4, norm: 'none', initialGamma: 1 } as const;
    const spec = classifier();
    return expect(train(wide, [{ ...spec, task: { ...spec.task, network } as typeof spec.task }])).rejects.toThrow(
      '[network] expected sequenceSteps to divide 196 pixels evenly but got 5',
    );
  });

  test.each<[string, number[], (string | undefined)[]]>([
    ['as the note has it', [0.9, 0.8, 0.95], [batch, layer]],
    ['batch norm helps', [0.8, 0.9, 0.95], [layer]],
    ['layer norm does not', [0.9, 0.8, 0.85], [batch]],
    ['nothing is known', [Number.NaN, 0.8, 0.95], []],
  ])('%s', (_, [none = 0, batchNorm = 0, layerNorm = 0], claims) => {
    const finals = {
      none: { testAccuracy: none },
      'batch norm': { testAccuracy: batchNorm },
      'layer norm': { testAccuracy: layerNorm },
    };
    expect(held(layerNormRnn, withFinals(record, finals))).toEqual(claims);
  });
});

describe('convnet_vs_perceptron', async () => {
  const wide = await tinyContext(undefined, 14);
  const settings = { channels: '3', kernelSize: '3', hiddenSizes: '6', perceptronSizes: '6', batchSize: 5, steps: 4 };
  const record = await run(convnetVsPerceptron, settings, 1, wide);

  test.each([
    [0.9, 0.95, true],
    [0.9, 0.9, false],
    [0.95, 0.9, false],
  ])('perceptron %d, convnet %d', (perceptron, convnet, holds) => {
    const finals = { perceptron: { testAccuracy: perceptron }, convnet: { testAccuracy: convnet } };
    expect(held(convnetVsPerceptron, withFinals(record, finals))).toEqual(holds ? ['convnet-beats-perceptron'] : []);
  });
});
