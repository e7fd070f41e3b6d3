// Requirements on every experiment.

import { availableVariants } from '@descent/nn';
import { DOMParser } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { experiments, findExperiment } from '../src/catalog/index.ts';
import { figuresOver } from '../src/figure/over-seeds.ts';
import { parseOption, parseOptions } from '../src/options/options.ts';
import { stringifyRecord } from '../src/record/json.ts';
import { measureName } from '../src/record/measure-name.ts';
import { openRecord } from '../src/record/open-record.ts';
import { langs } from '../src/text.ts';
import { run, tinyContext } from './bench.ts';

/** Side of the images: large enough for sequences and convolutions. */
const SIDE = 14;
const context = await tinyContext(undefined, SIDE);
const small = {
  steps: 3,
  epochs: 1,
  hiddenSizes: '4',
  batchSize: 5,
  trainSamples: 20,
  trials: 3,
  scales: 2,
  inputs: 6,
  samples: 20,
  batchSizes: '5,2,1',
  sequenceSteps: '14',
  hiddenSize: 4,
  channels: '2',
  kernelSize: '1',
  perceptronSizes: '4',
  evaluateEvery: 2,
};

describe.each(experiments.map((experiment) => [experiment.name, experiment] as const))('%s', async (_, experiment) => {
  const raw = Object.fromEntries(Object.entries(small).filter(([key]) => Object.hasOwn(experiment.options, key)));
  const record = await run(experiment, raw, 7, context);

  test('has a lesson with valid MathML', () => {
    const { watch, theory } = experiment.lesson;
    for (const lang of langs)
      expect([watch, ...theory.map(({ text }) => text)].map((text) => text[lang])).not.toContain('');
    const formulas = theory.flatMap(({ formula }) => formula ?? []);
    expect(formulas).not.toEqual([]);
    for (const formula of formulas) {
      const { documentElement } = new DOMParser().parseFromString(formula, 'text/xml');
      expect(documentElement.toString()).toBe(formula);
      // These elements must have two children.
      for (const pair of documentElement.querySelectorAll('msub, msup, mfrac')) expect(pair.children.length).toBe(2);
    }
  });

  test('has valid defaults in both dialects', () => {
    for (const [key, option] of Object.entries(experiment.options)) {
      expect(parseOption(key, option, option.default)).toEqual(option.default);
      if (option.book !== undefined) expect(parseOption(key, option, option.book)).toEqual(option.book);
    }
    expect(experiment.options.dialect).toMatchObject({
      kind: 'enum',
      default: 'modern',
      choices: ['modern', 'book'],
    });
  });

  test('gives a record with JSON figures and a verdict on every claim', async () => {
    expect(record.arms.every(({ status }) => status === 'finished')).toBe(true);
    const applicable = experiment.claims.filter(({ appliesTo }) => appliesTo?.(record.options) ?? true);
    expect(record.claims.map(({ id }) => id)).toEqual(applicable.map(({ id }) => id));
    const figures = experiment.figures(record);
    expect(figures.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });

  test('runs with the fewest layers that its options allow', async () => {
    const lists = Object.entries(experiment.options).filter(([key]) => /Sizes$|^channels$/.test(key));
    const least = lists.map(([key, option]) => [
      key,
      option.kind === 'ints' ? new Array(option.minLength).fill(2) : [],
    ]);
    const record = await run(experiment, { ...raw, ...Object.fromEntries(least) }, 7, context);
    expect(record.arms.every(({ status }) => status === 'finished')).toBe(true);
    expect(experiment.figures(record).length).toBeGreaterThan(0);
  });

  test('opens its own record, and refuses records with too many arms or values', async () => {
    const deep = Object.hasOwn(experiment.options, 'hiddenSizes') ? { hiddenSizes: '3x12' } : {};
    const record = await run(experiment, { ...raw, ...deep }, 7, context);
    expect(openRecord(stringifyRecord(record)).record.digest).toBe(record.digest);
    const more = { ...record, arms: [...record.arms, ...record.arms] };
    expect(() => openRecord(stringifyRecord(more))).toThrow(/expected at most \d+ arms with its options/);
    const long = { step: new Array(1e5).fill(0), value: new Array(1e5).fill(0) };
    const longer = { ...record, arms: record.arms.map((arm) => ({ ...arm, series: { long } })) };
    expect(() => openRecord(stringifyRecord(longer))).toThrow(/expected at most \d+ values of long/);
  });

  test('has names for all measures and evidence', async () => {
    const findings = experiment.claims.map((claim) => claim.test(record));
    const numbers = findings.flatMap(({ effects, evidence }) => [
      ...Object.keys(effects),
      ...Object.keys(evidence ?? {}),
    ]);
    const finals = record.arms
      .flatMap((arm) => Object.keys(arm.final))
      .filter((name) => !/^(x|y|layer\d\w+)$/.test(name));
    for (const name of new Set([...numbers, ...finals])) expect(measureName(name, 'ko'), name).toMatch(/[가-힣]|log/);
  });

  test('gives the same bits in every variant', async () => {
    const records = availableVariants().map(async (variant) =>
      run(experiment, raw, 7, await tinyContext(variant, SIDE)),
    );
    const digests = (await Promise.all(records)).map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(1);
  });

  test('has figures over several seeds', async () => {
    const records = [record, await run(experiment, raw, 8, context)];
    const figures = figuresOver(experiment, records);
    expect(figures.map(({ id }) => id)).toEqual(experiment.figures(record).map(({ id }) => id));
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });

  test('has figures of a run that stopped before its first step', async () => {
    const arms = record.arms.map((arm) => ({ ...arm, status: 'interrupted' as const, series: {}, final: {} }));
    expect(experiment.figures({ ...record, arms }).length).toBeGreaterThan(0);
  });
});

const rules = 'momentum=0.9 adagradEps=1e-10 adamBeta1=0.9 adamBeta2=0.999 adamEps=1e-8';
const perceptron = 'activation=relu init=he initStd=0.01 norm=none dropout=0';
const unnormed = 'activation=relu init=he initStd=0.01 dropout=0';
const mnist = 'trainSamples=60000 testSamples=10000 classes=10';
const sgd = `optimizer=sgd lr=0.01 weightDecay=0 ${rules}`;
const adam = `optimizer=adam lr=0.001 weightDecay=0 ${rules}`;
const six = 'hiddenSizes=100x6 batchSize=100 evaluateEvery=1';
const overfitting = `preset=book ${six} ${perceptron} ${sgd} ${mnist} trainSamples=300`;
const stds = 'inputs=100 samples=1000 hiddenSizes=100x5 largeStd=1 smallStd=0.01 bins=30';
const rates = (...[sgdLr, momentumLr, adagradLr, adamLr]: number[]) =>
  `sgdLr=${sgdLr} momentumLr=${momentumLr} adagradLr=${adagradLr} adamLr=${adamLr} ${rules}`;
const search = 'trials=100 lrLow=-6 lrHigh=-2 weightDecayLow=-8 weightDecayHigh=-4 validationShare=0.2 space=book';
const sampling = 'sampler=random pruner=none roundSize=20 keep=0.25 firstRung=5 eta=3';
const steps = (count: number) => `steps=${count} evaluateEvery=0`;

// Later values replace earlier ones. The last four experiments are not in the book.
test.each<[string, ...string[]]>([
  [
    'optimizer_compare_naive',
    'preset=bowl optimizers=SGD,Momentum,AdaGrad,Adam startX=-7 startY=2 steps=30',
    rates(0.95, 0.1, 1.5, 0.3),
  ],
  [
    'optimizer_compare_mnist',
    `hiddenSizes=100x4 ${perceptron} ${mnist} batchSize=128 weightDecay=0`,
    steps(2000),
    rates(0.01, 0.01, 0.01, 0.001),
  ],
  ['weight_init_activation_histogram', stds],
  [
    'weight_init_compare',
    'hiddenSizes=100x4 activation=relu initStd=0.01 norm=none dropout=0 batchSize=128',
    sgd,
    mnist,
    steps(2000),
  ],
  [
    'batch_norm_test',
    'hiddenSizes=100x5 activation=relu dropout=0 batchSize=100 epochs=20 evaluateEvery=1',
    sgd,
    mnist,
    'trainSamples=1000 scales=16 largestStd=1 smallestStd=0.0001',
  ],
  ['overfit_weight_decay', overfitting, 'epochs=201 weightDecay=0.1'],
  ['overfit_dropout', overfitting, 'epochs=301 dropout=0.2'],
  [
    'hyperparameter_optimization',
    'hiddenSizes=100x6 optimizer=sgd batchSize=100 epochs=50 evaluateEvery=1',
    perceptron,
    rules,
    mnist,
    search,
    sampling,
    'trainSamples=500',
  ],
  [
    'internal_covariate_shift',
    'hiddenSizes=100x3 batchSize=60 probeEvery=20',
    unnormed,
    sgd,
    mnist,
    steps(2000),
    'activation=sigmoid init=xavier lr=0.1',
  ],
  ['batch_norm_limits', 'hiddenSizes=100x4 batchSizes=128,32,8,4,2,1', unnormed, sgd, mnist, steps(1000)],
  [
    'layer_norm_rnn',
    'sequenceSteps=28 hiddenSize=100 initialGamma=1 batchSize=128 steps=1000 evaluateEvery=100',
    adam,
    mnist,
  ],
  [
    'convnet_vs_perceptron',
    'hiddenSizes=100 perceptronSizes=290 channels=16 kernelSize=5 batchSize=100',
    perceptron,
    adam,
    mnist,
    steps(600),
  ],
])('the defaults of %s are those of the book or of the study note', (name, ...expected) => {
  const { options } = findExperiment(name);
  const given = Object.fromEntries(
    ['dialect=modern', ...expected]
      .join(' ')
      .split(' ')
      .map((pair) => pair.split('=')),
  );
  expect(new Set(Object.keys(given))).toEqual(new Set(Object.keys(options)));
  expect(parseOptions(options, {})).toEqual(parseOptions(options, given));
});

test('options change the network and the optimizer', () => {
  const experiment = findExperiment('optimizer_compare_mnist');
  const raw = { dialect: 'book', hiddenSizes: '8,4', activation: 'tanh', init: 'normal', initStd: 0.1, adamLr: 0.5 };
  const arms = experiment.arms(parseOptions(experiment.options, { ...raw, evaluateEvery: 10 }), 1);
  expect(arms[3]?.task).toMatchObject({
    network: { hiddenSizes: [8, 4], activation: 'tanh', init: { kind: 'normal', std: 0.1 } },
    optimizer: { kind: 'adam', lr: 0.5, eps: 1e-7, epsilonHat: true },
    dialect: 'book',
    evaluateEvery: 10,
  });
});
