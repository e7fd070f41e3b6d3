// Groups and conditions of the options: a form shows few of them at first, and none that cannot change the results.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { experiments } from '../src/catalog/index.ts';
import type { Experiment } from '../src/experiment.ts';
import { hasEffect, type Option, parseOptions } from '../src/options/options.ts';
import { run, shortOptions, tinyContext } from './bench.ts';

const context = await tinyContext('simd128', 14);
/** With these values every measured value of a short run is in the digest. */
const MEASURED = {
  steps: 4,
  epochs: 4,
  hiddenSizes: '9,6',
  trainSamples: 40,
  testSamples: 8,
  trials: 14,
  roundSize: 4,
  lrLow: -1,
  lrHigh: 1,
  firstRung: 1,
  evaluateEvery: 1,
  probeEvery: 2,
};
/** Values that differ in the digest where the general rule of `changed` would not. */
const SPECIAL: Readonly<Record<string, unknown>> = {
  trainSamples: 30,
  evaluateEvery: 2,
  firstRung: 2,
  eta: 4,
  keep: 0.9,
  lrLow: -3,
  lrHigh: 0,
  pruner: 'halving',
  weightDecayHigh: 1,
};

type Raw = Readonly<Record<string, unknown>>;

/** Returns a different value of an option, far enough from the given one to change a result. */
function changed(name: string, option: Option, value: unknown): unknown {
  if (name in SPECIAL) return SPECIAL[name];
  switch (option.kind) {
    case 'int':
      return Number(value) + 1;
    case 'float':
      return option.max <= 1 ? (Number(value) > 0.4 ? 0.2 : 0.5) : Number(value) + 0.7;
    case 'boolean':
      return !value;
    case 'enum':
      return option.choices.find((choice) => choice !== value);
    case 'names':
      return option.choices.slice(0, 1);
    case 'ints':
      return '5,4,3';
  }
}

const shortRun = (experiment: Experiment): Raw => shortOptions(experiment, MEASURED);

const digests = new Map<string, Promise<string>>();

function digestOf(experiment: Experiment, raw: Raw, seed = 1): Promise<string> {
  const key = JSON.stringify([experiment.name, raw, seed]);
  if (!digests.has(key))
    digests.set(
      key,
      run(experiment, raw, seed, context).then(({ digest }) => digest),
    );
  return digests.get(key) as Promise<string>;
}

/** Returns whether changing an option changes the digest of a run. */
async function changesDigest(experiment: Experiment, raw: Raw, name: string): Promise<boolean> {
  const option = experiment.options[name] as Option;
  const value = parseOptions(experiment.options, raw)[name];
  return (
    (await digestOf(experiment, raw)) !== (await digestOf(experiment, { ...raw, [name]: changed(name, option, value) }))
  );
}

describe.each(experiments.map((experiment) => [experiment.name, experiment] as const))('%s', (_, experiment) => {
  const entries = Object.entries(experiment.options);

  test('has one to six options in the main group, which have an effect', () => {
    const main = entries.filter(([, { group }]) => group === 'main');
    expect(main.length).toBeGreaterThan(0);
    expect(main.length).toBeLessThanOrEqual(6);
    const defaults = parseOptions(experiment.options, {});
    for (const [, option] of main) expect(hasEffect(option, defaults)).toBe(true);
  });

  test.each(entries.map(([name]) => [name]))('%s changes the digest if and only if it is shown', async (name) => {
    const raw = shortRun(experiment);
    const isShown = hasEffect(experiment.options[name] as Option, parseOptions(experiment.options, raw));
    expect(await changesDigest(experiment, raw, name)).toBe(isShown);
  });

  test('options with a condition change the digest if and only if it holds, with any choices', async () => {
    const choices = entries.flatMap(([name, option]) =>
      option.kind === 'enum' && !['dialect', 'preset', 'kernelSize', 'sequenceSteps'].includes(name)
        ? [[name, fc.constantFrom(...option.choices)] as const]
        : [],
    );
    const conditional = entries.filter(([, { when }]) => when).map(([name]) => name);
    if (conditional.length === 0) return;
    const property = fc.asyncProperty(
      fc.record(Object.fromEntries(choices)),
      fc.constantFrom(...conditional),
      async (chosen, name) => {
        const raw = { ...shortRun(experiment), ...chosen };
        const isShown = hasEffect(experiment.options[name] as Option, parseOptions(experiment.options, raw));
        expect(await changesDigest(experiment, raw, name)).toBe(isShown);
      },
    );
    await fc.assert(property, { seed: 1, numRuns: 20 });
  });

  test('depends on the seed if and only if the seed is shown', async () => {
    const raw = shortRun(experiment);
    const isSame = (await digestOf(experiment, raw, 1)) === (await digestOf(experiment, raw, 2));
    expect(isSame).toBe(experiment.isSeeded === false);
  });
});
