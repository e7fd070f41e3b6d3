// Names of arms, which are keys of records and names of files.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { experiments, findExperiment } from '../src/catalog/index.ts';
import { parseExperimentOptions } from '../src/experiment.ts';
import { type Option, OptionError, type Options } from '../src/options/options.ts';
import { createSchedule } from '../src/training/schedule.ts';

/** Generates limits of an option, and values close to them and to each other. */
function valuesOf(option: Option): fc.Arbitrary<unknown> {
  if (option.kind === 'enum') return fc.constantFrom(...option.choices);
  if (option.kind === 'boolean') return fc.boolean();
  if (option.kind === 'names') return fc.array(fc.constantFrom(...option.choices), { minLength: 1, maxLength: 6 });
  if (option.kind === 'ints') {
    const { min, max, minLength, maxLength } = option;
    return fc.array(fc.constantFrom(min, max, min + 1), { minLength, maxLength: Math.min(maxLength, 8) });
  }
  const { min, max } = option;
  if (option.kind === 'int') return fc.constantFrom(min, Math.min(max, 100), option.default);
  const near = [1, 0.999, 0.9999999, 0.99999994, 1e-12, 1.0000001e-12, 0];
  return fc.constantFrom(min, max, option.default, ...near.filter((value) => value >= min && value <= max));
}

test.each(experiments.map((experiment) => [experiment.name, experiment] as const))(
  '%s has unique names of arms',
  (_, experiment) => {
    const fields = Object.entries(experiment.options).map(([key, option]) => [key, valuesOf(option)] as const);
    fc.assert(
      fc.property(fc.record(Object.fromEntries(fields)), (given) => {
        let options: Options<typeof experiment.options>;
        try {
          options = parseExperimentOptions(experiment, given);
        } catch (error) {
          if (error instanceof OptionError) return fc.pre(false);
          throw error;
        }
        const names = createSchedule(experiment, options, 7).planned.map(({ name }) => name.toLowerCase());
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 50, seed: 13 },
    );
  },
);

test.each<[string, Record<string, unknown>, number, string[]]>([
  ['three digits', {}, 32, ['σ=1, batch norm', 'σ=1, none', 'σ=0.541, batch norm']],
  [
    'more digits to distinguish them',
    { scales: 3, largestStd: 1, smallestStd: 0.9999 },
    6,
    ['σ=1, batch norm', 'σ=1, none', 'σ=0.99995, batch norm', 'σ=0.99995, none', 'σ=0.9999, batch norm'],
  ],
  ['as many digits as necessary', { scales: 100, largestStd: 1, smallestStd: 0.999 }, 200, ['σ=1, batch norm']],
])('batch_norm_test names its arms by standard deviations with %s', (_, given, count, first) => {
  const experiment = findExperiment('batch_norm_test');
  const names = experiment.arms(parseExperimentOptions(experiment, given), 1).map(({ name }) => name);
  expect(new Set(names).size).toBe(count);
  expect(names.slice(0, first.length)).toEqual(first);
});
