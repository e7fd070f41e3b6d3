// The claims of the experiments counted in epochs, both ways.
import { describe, expect, test } from 'vitest';
import { batchNormTest } from '../src/catalog/batch-norm-test/index.ts';
import { hyperparameterOptimization } from '../src/catalog/hyperparameter-optimization/index.ts';
import { overfitDropout } from '../src/catalog/overfit-dropout/index.ts';
import { overfitWeightDecay } from '../src/catalog/overfit-weight-decay/index.ts';
import type { Experiment } from '../src/experiment.ts';
import { verdicts } from '../src/record/claims.ts';
import type { RunRecord } from '../src/record/record.ts';
import { type CompletedTrial, narrowingRounds } from '../src/search/narrowing-claims.ts';
import { run, tinyContext } from './bench.ts';

const context = await tinyContext();
const small = { hiddenSizes: '4', trainSamples: 20, batchSize: 10, epochs: 2 };

type Arm = RunRecord['arms'][number];

/** The record with these values as the whole of a series of an arm. */
function doctored(record: RunRecord, changes: Record<string, Record<string, number[]>>): RunRecord {
  const copy = structuredClone(record);
  for (const [name, series] of Object.entries(changes)) {
    const arm = copy.arms.find((each) => each.name === name) as Arm;
    for (const [measure, value] of Object.entries(series))
      arm.series[measure] = { step: value.map((_, i) => i), value };
  }
  return copy;
}

const held = (experiment: Experiment, record: RunRecord) =>
  Object.fromEntries(verdicts(experiment.claims, [record]).map(({ id, holds }) => [id, holds]));

describe.each([
  [overfitWeightDecay, 'weight-decay', 'λ=0', 'λ=0.1'],
  [overfitDropout, 'dropout', 'no dropout', 'dropout 0.2'],
] as const)('$name', async (experiment, key, off, on) => {
  const record = await run(experiment, small, 1, context);
  const helpful = { ...record, options: { ...record.options, preset: 'helpful' } };
  const arm = (train: number, test: number) => ({
    trainAccuracy: [0, ...new Array(10).fill(train)],
    testAccuracy: [0, ...new Array(10).fill(test)],
  });

  test.each<[string, [number, number], [number, number], boolean, boolean]>([
    ['the gap narrows, test accuracy falls', [1, 0.75], [0.9, 0.7], true, true],
    ['the gap narrows, test accuracy rises', [1, 0.75], [0.95, 0.8], true, false],
    ['the gap widens, test accuracy falls', [1, 0.75], [1, 0.7], false, true],
    ['nothing changes', [1, 0.75], [1, 0.75], false, false],
    ['one diverged', [1, 0.75], [Number.NaN, Number.NaN], false, false],
  ])('%s', (_, without, withIt, narrows, falls) => {
    const change = { [off]: arm(...without), [on]: arm(...withIt) };
    const verdict = held(experiment, doctored(record, change));
    expect(verdict).toEqual({ [`${key}-narrows-gap`]: narrows, [`${key}-lowers-test-accuracy`]: falls });
    const rises = withIt[1] > without[1];
    const other = held(experiment, doctored(helpful, change));
    expect(other).toEqual({ [`${key}-narrows-gap`]: narrows, [`${key}-raises-test-accuracy`]: rises });
  });

  test('has one arm where there is nothing to compare', async () => {
    const option = key === 'dropout' ? { dropout: 0 } : { weightDecay: 0 };
    const alone = await run(experiment, { ...small, ...option }, 1, context);
    expect(alone.arms.map(({ name }) => name)).toEqual([off]);
    expect(Object.values(held(experiment, alone))).toEqual([false, false]);
  });

  test('takes other defaults with its other preset', async () => {
    const preset = await run(experiment, { ...small, preset: 'helpful' }, 1, context);
    expect(preset.options.preset).toBe('helpful');
    expect(preset.options).not.toEqual({ ...record.options, preset: 'helpful' });
  });
});

describe('batch_norm_test', async () => {
  const record = await run(batchNormTest, { ...small, scales: 3 }, 1, context);
  const both = (withIt: number[][], without: number[][]) =>
    Object.fromEntries(
      ['σ=1', 'σ=0.01', 'σ=0.0001'].flatMap((name, i) => [
        [`${name}, batch norm`, { trainAccuracy: withIt[i] as number[] }],
        [`${name}, none`, { trainAccuracy: without[i] as number[] }],
      ]),
    );
  const [good, late, bad] = [
    [0.5, 1],
    [0.1, 0.9],
    [0.1, 0.1],
  ] as [number[], number[], number[]];

  test.each<[string, number[][], number[][], boolean, boolean]>([
    ['with it is better', [good, good, good], [bad, late, bad], true, true],
    ['without it is better', [bad, late, bad], [good, good, good], false, false],
    ['both are alike', [good, late, bad], [good, late, bad], false, false],
    ['with it more succeed, but one is ahead without', [late, late, late], [bad, good, bad], true, true],
    ['with it the best, but most are behind', [bad, good, bad], [late, bad, late], false, false],
  ])('%s', (_, withIt, without, faster, less) => {
    expect(held(batchNormTest, doctored(record, both(withIt, without)))).toEqual({
      'batch-norm-learns-faster': faster,
      'batch-norm-depends-less-on-weights': less,
    });
  });

  test('an arm that diverged counts as guessing', () => {
    const copy = doctored(record, both([good, good, good], [good, good, good]));
    for (const arm of copy.arms) if (arm.name.endsWith('none')) arm.status = 'diverged';
    expect(Object.values(held(batchNormTest, copy))).toEqual([true, true]);
  });
});

describe('narrowing', async () => {
  const trial = (i: number, accuracy: (lr: number) => number): CompletedTrial => {
    const lrExponent = -6 + ((i * 37) % 100) / 25;
    return { lrExponent, value: accuracy(lrExponent) };
  };
  const trials = (accuracy: (lr: number) => number) => Array.from({ length: 99 }, (_, i) => trial(i, accuracy));

  test('finds where trials are good', () => {
    const [whole, first, second] = narrowingRounds(trials((lr) => lr / 10));
    expect(first.accuracy).toBeGreaterThan(whole.accuracy);
    expect(second.accuracy).toBeGreaterThan(first.accuracy);
    expect(second.decades).toBeLessThan(first.decades);
    expect(whole.count).toBe(33);
  });

  test('finds nothing where all are alike, or there are too few', () => {
    const [whole, first] = narrowingRounds(trials(() => 0.5));
    expect(first.accuracy - whole.accuracy).toBe(0);
    expect(narrowingRounds([])[1].accuracy).toBeNaN();
  });

  test.each([
    { trials: 1 },
    { trials: 2 },
    { trials: 4, sampler: 'narrowing', roundSize: 2 },
    { trials: 4, sampler: 'narrowing', roundSize: 9 },
  ])('has no NaN in the verdicts of %j', async (few) => {
    const { claims } = await run(hyperparameterOptimization, { ...small, ...few }, 1, context);
    expect(claims.length).toBe(1);
    for (const { holds, evidence } of claims) {
      expect(holds).toBe(false);
      expect(Object.values(evidence).filter((value) => !Number.isFinite(value))).toEqual([]);
    }
  });

  test('is claimed where it helps, and not where it does not', async () => {
    const record = await run(hyperparameterOptimization, { ...small, trials: 90 }, 1, context);
    const change = (accuracy: (lr: number) => number) =>
      doctored(
        record,
        Object.fromEntries(
          record.arms.map(({ name, final }) => [name, { validationAccuracy: [accuracy(final.lrExponent as number)] }]),
        ),
      );
    expect(
      held(
        hyperparameterOptimization,
        change((lr) => 1 + lr / 10),
      ),
    ).toEqual({ 'narrowing-helps': true });
    expect(
      held(
        hyperparameterOptimization,
        change(() => 0.5),
      ),
    ).toEqual({ 'narrowing-helps': false });
  });
});
