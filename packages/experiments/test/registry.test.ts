// Requirements on every experiment.

import { availableVariants } from '@descent/nn';
import { DOMParser } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { experiments, findExperiment } from '../src/catalog/index.ts';
import { markFigures } from '../src/figure/marks.ts';
import { figuresOver } from '../src/figure/over-seeds.ts';
import { parseOption, parseOptions } from '../src/options/options.ts';
import { assessClaims } from '../src/record/claims.ts';
import { stringifyRecord } from '../src/record/json.ts';
import { measureName } from '../src/record/measure-name.ts';
import { openRecord } from '../src/record/open-record.ts';
import { langs } from '../src/text.ts';
import { run, shortOptions, tinyContext } from './bench.ts';

/** Side of the images: large enough for sequences and convolutions. */
const SIDE = 14;
const context = await tinyContext(undefined, SIDE);
describe.each(experiments.map((experiment) => [experiment.name, experiment] as const))('%s', async (_, experiment) => {
  const raw = shortOptions(experiment);
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

  test('has claims whose marks are in its figures', () => {
    const figures = experiment.figures(record);
    for (const { marks } of assessClaims(experiment.claims, [record, record])) {
      const marked = markFigures(figures, marks).flatMap(({ panels }) => panels.flatMap((panel) => panel.marks ?? []));
      expect(new Set(marked)).toEqual(new Set(marks));
      for (const { levels = {} } of marks) expect(Object.values(levels)).not.toContain(Number.NaN);
    }
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
