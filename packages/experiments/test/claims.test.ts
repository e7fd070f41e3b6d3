// Every claim of every experiment, on records for which it holds and on records for which it does not.
import { describe, expect, test } from 'vitest';
import { experiments, findExperiment } from '../src/catalog/index.ts';
import { countSharpTurns, detour, optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { parseOptions } from '../src/options/options.ts';
import { assembleRecord } from '../src/record/assemble.ts';
import { type Claim, verdicts } from '../src/record/claims.ts';
import { type ArmRecord, noData, type RunRecord } from '../src/record/record.ts';
import { run } from './bench.ts';

/** Measures of an arm: a list is a series, a number the value at the end. */
type Measures = Readonly<Record<string, number | readonly number[]>>;
type Arms = Readonly<Record<string, Measures | 'diverged'>>;

function createArm(name: string, measures: Measures | 'diverged'): ArmRecord {
  const entries = Object.entries(measures === 'diverged' ? {} : measures);
  const series = entries.flatMap(([measure, value]) =>
    typeof value === 'number' ? [] : [[measure, { step: value.map((_, i) => i), value }]],
  );
  const final = entries.filter(([, value]) => typeof value === 'number');
  const status = measures === 'diverged' ? 'diverged' : 'finished';
  return {
    name,
    status,
    series: Object.fromEntries(series),
    final: Object.fromEntries(final),
    digest: '',
  } as ArmRecord;
}

function createRecord(experiment: string, options: Record<string, unknown>, arms: Arms): RunRecord {
  return assembleRecord(findExperiment(experiment), {
    options: parseOptions(findExperiment(experiment).options, options),
    seed: 1,
    data: noData,
    variant: 'simd128',
    arms: Object.entries(arms).map(([name, measures]) => createArm(name, measures)),
    environment: {},
    elapsedSeconds: 0,
  });
}

/** Arms, and the ids of the claims that hold for them. */
type Row = readonly [what: string, arms: Arms, held: readonly string[], options?: Record<string, unknown>];

const flat = (value: number, length = 20) => Array<number>(length).fill(value);
const mapEntries = <T, U>(all: Readonly<Record<string, T>>, toValue: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(all).map(([name, value]) => [name, toValue(value)]));

const zigzag = { x: [0, 1, 2, 3], y: [1, -1, 1, -1] };
const straight = { x: [0, 1, 2, 3], y: [0, 0, 0, 0] };
const paths = { SGD: zigzag, Momentum: straight, AdaGrad: straight, Adam: straight };
const naive: Row[] = [
  ['only SGD zigzags', paths, ['sgd-zigzags']],
  ['no path zigzags', { ...paths, SGD: straight }, []],
  ['two paths zigzag', { ...paths, Adam: zigzag }, []],
  ['an arm is missing', { SGD: zigzag, Momentum: straight, Adam: straight }, []],
  ['a path diverges', { ...paths, Adam: { x: [0, 1, Number.NaN], y: [0, 0, Number.NaN] } }, []],
  ['the surface is not the bowl', paths, [], { preset: 'saddle' }],
];

const losses = (sgd: number[], others: number[]): Arms =>
  mapEntries({ SGD: sgd, Momentum: others, AdaGrad: others, Adam: others }, (trainLoss) => ({ trainLoss }));
const beatSgd = ['momentum-beats-sgd', 'adagrad-beats-sgd', 'adam-beats-sgd'];
const mnist: Row[] = [
  ['the others have lower losses', losses(flat(2), flat(1)), beatSgd],
  ['all losses are equal', losses(flat(2), flat(2)), []],
  ['the others have a higher mean', losses(flat(2), [...flat(3, 19), 1]), []],
  ['SGD has the lowest last loss', losses([...flat(2, 19), 0.5], flat(1)), []],
  ['the others diverge', losses(flat(2), [...flat(1, 19), Number.NaN]), []],
  ['SGD is missing', { Adam: { trainLoss: flat(1) } }, []],
];

const layers = {
  'sigmoid, σ=1': { saturated: [0.1, 0.9] },
  'tanh, σ=1': { saturated: [0.1, 0.9] },
  ...mapEntries({ 'sigmoid, σ=0.01': 0, 'tanh, σ=0.01': 0, 'ReLU, σ=0.01': 0 }, () => ({ std: [0.1, 0.01] })),
  'sigmoid, Xavier': { std: [0.2, 0.2], saturated: [0, 0] },
  'tanh, Xavier': { std: [0.2, 0.2], saturated: [0, 0] },
  'ReLU, Xavier': { std: [1, 0.1] },
  'ReLU, He': { std: [1, 0.8] },
};
const [saturate, collapse, xavierSuits, heSuits] = [
  ...['large-weights-saturate', 'small-weights-collapse', 'xavier-suits-sigmoid-and-tanh', 'he-suits-relu'],
] as [string, string, string, string];
const histogram: Row[] = [
  ['all is as expected', layers, [saturate, collapse, xavierSuits, heSuits]],
  ['tanh does not saturate', { ...layers, 'tanh, σ=1': { saturated: [0, 0.4] } }, [collapse, xavierSuits, heSuits]],
  ['ReLU does not collapse', { ...layers, 'ReLU, σ=0.01': { std: [0.1, 0.06] } }, [saturate, xavierSuits, heSuits]],
  [
    'tanh saturates with Xavier',
    { ...layers, 'tanh, Xavier': { std: [0.2, 0.2], saturated: [0, 0.2] } },
    [saturate, collapse, heSuits],
  ],
  ['ReLU shrinks with He', { ...layers, 'ReLU, He': { std: [1, 0.1] } }, [saturate, collapse, xavierSuits]],
];

const lossesByInit = (small: number[], xavier: number[], he: number[]): Arms =>
  mapEntries({ 'σ=0.01': small, Xavier: xavier, He: he }, (trainLoss) => ({ trainLoss }));
const compare: Row[] = [
  ['He is best', lossesByInit(flat(2.3), flat(1), flat(0.5)), ['small-weights-hardly-learn', 'he-learns-fastest']],
  ['small weights learn late', lossesByInit([...flat(2.3, 19), 2], flat(1), flat(0.5)), ['he-learns-fastest']],
  ['He equals Xavier', lossesByInit(flat(2.3), flat(1), flat(1)), ['small-weights-hardly-learn']],
  ['He diverges', lossesByInit(flat(2.3), flat(1), flat(Number.NaN)), ['small-weights-hardly-learn']],
];

const [good, late, bad] = [
  [0.5, 1],
  [0.1, 0.9],
  [0.1, 0.1],
];
const byStd = (withNorm: (number[] | undefined)[], without: (number[] | undefined)[]): Arms =>
  Object.fromEntries(
    ['σ=1', 'σ=0.01', 'σ=0.0001'].flatMap((std, i) => [
      [`${std}, batch norm`, withNorm[i] ? { trainAccuracy: withNorm[i] } : 'diverged'],
      [`${std}, none`, without[i] ? { trainAccuracy: without[i] } : 'diverged'],
    ]),
  );
const bothNormClaims = ['batch-norm-learns-faster', 'batch-norm-depends-less-on-weights'];
const normTest: Row[] = [
  ['it is better with batch norm', byStd([good, good, good], [bad, late, bad]), bothNormClaims],
  ['it is better without', byStd([bad, late, bad], [good, good, good]), []],
  ['both are equal', byStd([good, late, bad], [good, late, bad]), []],
  ['one initial value is better without', byStd([late, late, late], [bad, good, bad]), bothNormClaims],
  ['most initial values are better without', byStd([bad, good, bad], [late, bad, late]), []],
  ['arms without diverge', byStd([good, good, good], [undefined, undefined, undefined]), bothNormClaims],
].map(([what, arms, held]) => [what, arms, held, { scales: 3 }] as unknown as Row);

const overfitting = (method: string, names: [string, string]): Row[] => {
  const rows: [string, [number, number], boolean][] = [
    ['the gap narrows and test accuracy falls', [0.9, 0.7], true],
    ['the gap narrows and test accuracy rises', [0.95, 0.8], true],
    ['the gap widens and test accuracy falls', [1, 0.7], false],
    ['nothing changes', [1, 0.75], false],
    ['the arm diverges', [Number.NaN, Number.NaN], false],
  ];
  return rows.flatMap(([what, [train, testAccuracy], narrows]) =>
    ['book', 'helpful'].map((preset): Row => {
      const arms = {
        [names[0]]: { trainAccuracy: [0, ...flat(1, 10)], testAccuracy: [0, ...flat(0.75, 10)] },
        [names[1]]: { trainAccuracy: [0, ...flat(train, 10)], testAccuracy: [0, ...flat(testAccuracy, 10)] },
      };
      const held = narrows ? [`${method}-narrows-gap`] : [];
      if (preset === 'book' && testAccuracy < 0.75) held.push(`${method}-lowers-test-accuracy`);
      if (preset === 'helpful' && testAccuracy > 0.75) held.push(`${method}-raises-test-accuracy`);
      return [`${what} (${preset})`, arms, held, { preset }];
    }),
  );
};

const trials = (count: number, accuracy: (lrExponent: number, i: number) => number): Arms =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const lrExponent = -6 + ((i * 37) % 100) / 25;
      const point = { lrExponent: [lrExponent], weightDecayExponent: [-6] };
      return [`trial ${i + 1}`, { ...point, validationAccuracy: [accuracy(lrExponent, i)] }];
    }),
  );
const rounds = { sampler: 'narrowing', trials: 6, roundSize: 2 };
const search: Row[] = [
  ['accuracy rises with the learning rate', trials(99, (lr) => 1 + lr / 10), ['narrowing-helps'], { trials: 99 }],
  ['all trials are equal', trials(99, () => 0.5), [], { trials: 99 }],
  ['there is one trial', trials(1, () => 0.5), [], { trials: 1 }],
  ['every round is better', trials(6, (_, i) => i / 10), ['rounds-help'], rounds],
  ['the last round is worse', trials(6, (_, i) => (i < 4 ? i / 10 : 0)), [], rounds],
  ['there is one round', trials(2, () => 0.5), [], { ...rounds, trials: 2 }],
];

const shift = (drifts: [number, number], lossesByNorm: [number, number]): Arms => ({
  none: { layer3Drift: [drifts[0]], trainLoss: [lossesByNorm[0]] },
  'batch norm': { layer3Drift: [drifts[1]], trainLoss: [lossesByNorm[1]] },
});
const covariateShift: Row[] = [
  ['drift and loss are lower', shift([1, 0.1], [2, 1]), ['batch-norm-holds-inputs-still', 'batch-norm-learns-faster']],
  ['the drift is greater', shift([0.1, 1], [2, 1]), ['batch-norm-learns-faster']],
  ['the loss is higher', shift([1, 0.1], [1, 2]), ['batch-norm-holds-inputs-still']],
  ['the arm without diverges', shift([Number.NaN, 1], [Number.NaN, 1]), []],
];

const byBatch = (accuracies: Record<string, [largest: number, smallest: number | 'diverged']>): Arms =>
  Object.fromEntries(
    Object.entries(accuracies).flatMap(([norm, ends]) =>
      ends.map((accuracy, i) => [
        `${norm}, batch ${i === 0 ? 20 : 1}`,
        accuracy === 'diverged' ? accuracy : { testAccuracy: accuracy, batchAccuracy: accuracy },
      ]),
    ),
  );
const [fails, loses, needsNoBatch] = [
  ...['batch-norm-fails-with-one-example', 'batch-norm-loses-its-lead', 'layer-norm-needs-no-batch'],
] as [string, string, string];
const accuracies = { none: [0.9, 0.8], 'batch norm': [0.95, 0.1], 'layer norm': [0.95, 0.85] } as const;
const limits: Row[] = [
  ['all is as expected', {}, [fails, loses, needsNoBatch]],
  ['batch norm diverges with one image', { 'batch norm': [0.95, 'diverged'] }, [fails, loses, needsNoBatch]],
  ['batch norm does not fail', { 'batch norm': [0.95, 0.9] }, []],
  ['batch norm is never ahead', { 'batch norm': [0.85, 0.1] }, [fails, needsNoBatch]],
  ['layer norm fails too', { 'layer norm': [0.95, 0.1] }, [loses]],
].map(([what, change, held]) => {
  const arms = byBatch({ ...accuracies, ...(change as object) } as never);
  return [what, arms, held, { batchSizes: '20,1' }] as unknown as Row;
});

const finals = (accuracy: Record<string, number>): Arms => mapEntries(accuracy, (testAccuracy) => ({ testAccuracy }));
const unsuitable = 'batch-norm-does-not-suit-rnn';
const rnn: Row[] = [
  ['layer norm is best', { none: 0.9, 'batch norm': 0.8, 'layer norm': 0.95 }, [unsuitable, 'layer-norm-suits-rnn']],
  ['batch norm helps', { none: 0.8, 'batch norm': 0.9, 'layer norm': 0.95 }, ['layer-norm-suits-rnn']],
  ['layer norm does not help', { none: 0.9, 'batch norm': 0.8, 'layer norm': 0.85 }, [unsuitable]],
  ['accuracies are missing', { 'batch norm': 0.8 }, []],
].map(([what, accuracy, held]) => [what, finals(accuracy as Record<string, number>), held] as unknown as Row);
const convnet: Row[] = [
  ['the convnet is better', finals({ perceptron: 0.9, convnet: 0.95 }), ['convnet-beats-perceptron']],
  ['both are equal', finals({ perceptron: 0.9, convnet: 0.9 }), []],
];

const rowsByExperiment: Record<string, Row[]> = {
  optimizer_compare_naive: naive,
  optimizer_compare_mnist: mnist,
  weight_init_activation_histogram: histogram,
  weight_init_compare: compare,
  batch_norm_test: normTest,
  overfit_weight_decay: overfitting('weight-decay', ['λ=0', 'λ=0.1']),
  overfit_dropout: overfitting('dropout', ['no dropout', 'dropout 0.2']),
  hyperparameter_optimization: search,
  internal_covariate_shift: covariateShift,
  batch_norm_limits: limits,
  layer_norm_rnn: rnn,
  convnet_vs_perceptron: convnet,
};

describe.each(experiments)('the claims of $name', ({ name, claims }) => {
  const rows = (rowsByExperiment[name] ?? []).map(([what, arms, held, options = {}]) => ({
    what,
    arms,
    held,
    options,
  }));

  test.each(rows)('if $what', ({ arms, held, options }) => {
    const found = createRecord(name, options, arms).claims;
    expect(found.flatMap(({ id, holds }) => (holds ? [id] : []))).toEqual(held);
    for (const { id, holds, text, evidence } of found) {
      const claim = claims.find((each) => each.id === id);
      expect(text).toBe(holds ? claim?.text : claim?.otherwise);
      expect(Object.values(evidence).every(Number.isFinite)).toBe(true);
    }
  });

  test('hold for one record and fail for another', () => {
    for (const { id } of claims) {
      const verdictsOf = rows.flatMap(({ arms, options }) =>
        createRecord(name, options, arms)
          .claims.filter((each) => each.id === id)
          .map(({ holds }) => holds),
      );
      expect(new Set(verdictsOf), id).toEqual(new Set([true, false]));
    }
  });
});

test('SGD makes 29 sharp turns with the settings of the book', async () => {
  const [verdict] = (await run(optimizerCompareNaive)).claims;
  expect(verdict?.holds).toBe(true);
  const others = { sharpTurnsMomentum: 0, sharpTurnsAdaGrad: 0, sharpTurnsAdam: 0 };
  expect(verdict?.evidence).toMatchObject({ sharpTurnsSGD: 29, ...others });
  expect(verdict?.evidence.detourSGD).toBeCloseTo(5.35, 2);
});

test.each<[string, number[], number[], number, number]>([
  ['a straight path', [0, 1, 2], [0, 0, 0], 0, 1],
  ['a right angle', [0, 1, 1], [0, 0, 1], 0, Math.SQRT2],
  ['a reversal', [0, 2, 1], [0, 0, 0], 1, 3],
  ['a zigzag', [0, 1, 2, 3], [0, 9, 0, 9], 2, (3 * Math.sqrt(82)) / Math.sqrt(90)],
  ['a single point', [0], [0], 0, Number.NaN],
])('sharp turns and detour of %s', (_, x, y, turns, length) => {
  expect(countSharpTurns(x, y)).toBe(turns);
  if (Number.isNaN(length)) expect(detour(x, y)).toBeNaN();
  else expect(detour(x, y)).toBeCloseTo(length, 12);
});

describe('verdicts over seeds', () => {
  const text = { en: 'yes', ko: 'yes', ja: 'yes' };
  const otherwise = { en: 'no', ko: 'no', ja: 'no' };
  const createClaim = (effects: readonly number[], more: Partial<Claim> = {}): Claim => {
    const evaluate = ({ seed }: RunRecord) => ({ effects: { gain: effects[seed] as number }, evidence: { seed } });
    return { id: 'gain', text, otherwise, test: evaluate, ...more };
  };
  const record = createRecord('optimizer_compare_naive', {}, paths);
  const records = (count: number) => Array.from({ length: count }, (_, seed) => ({ ...record, seed }));

  test.each<[string, number[], boolean, number]>([
    ['hold if the interval is above 0', [0.02, 0.03, -0.002, 0.025, 0.02], true, 4],
    ['do not hold if only the mean is above 0', [0.2, -0.1, 0.1, -0.05, 0.05], false, 3],
    ['do not hold if every seed is below 0', [-1, -1.1, -0.9], false, 0],
    ['do not hold with a NaN', [1, 1, Number.NaN], false, 2],
    ['do not hold without records', [], false, 0],
  ])('%s', (_, effects, holds, holdsIn) => {
    const [verdict] = verdicts([createClaim(effects)], records(effects.length));
    expect(verdict).toMatchObject({ holds, text: holds ? text : otherwise });
    if (effects.length > 0) expect(verdict?.evidence).toMatchObject({ holdsIn, seeds: effects.length });
    expect(Object.values(verdict?.evidence ?? {}).every(Number.isFinite)).toBe(true);
  });

  test('have the mean of effects and evidence, and the interval of effects', () => {
    const [{ evidence } = { evidence: {} }] = verdicts([createClaim([2, 2])], records(2));
    expect(evidence).toEqual({ gain: 2, seed: 0.5, gainLow: 2, gainHigh: 2, seeds: 2, holdsIn: 2 });
  });

  test('skip claims that do not apply, and interrupted runs', () => {
    expect(verdicts([createClaim([1], { appliesTo: () => false })], records(1))).toEqual([]);
    const arms = record.arms.map((arm, i): ArmRecord => (i === 3 ? { ...arm, status: 'interrupted' } : arm));
    expect(assembleRecord(optimizerCompareNaive, { ...record, arms }).claims).toEqual([]);
  });
});
