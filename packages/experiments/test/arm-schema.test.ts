// The schema of arms accepts the arms of every experiment and rejects other values.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { experiments } from '../src/catalog/index.ts';
import { type Option, parseOptions } from '../src/options/options.ts';
import { ArmSpecSchema } from '../src/record/schemas.ts';
import type { ArmSpec } from '../src/training/arm.ts';

const toJson = (arm: ArmSpec): unknown => JSON.parse(JSON.stringify(arm));
const accepts = (arm: unknown) => v.is(ArmSpecSchema, arm);

/** Returns options with every choice of each option, and defaults for the others. */
function listSettings(options: Readonly<Record<string, Option>>): Record<string, unknown>[] {
  const choices = Object.entries(options).flatMap(([name, option]): Record<string, unknown>[] => {
    if (option.kind === 'enum') return option.choices.map((choice) => ({ [name]: choice }));
    return option.kind === 'boolean' ? [{ [name]: true }, { [name]: false }] : [];
  });
  return [{}, ...choices];
}

describe.each(experiments.map((experiment) => [experiment.name, experiment] as const))('%s', (_, experiment) => {
  test('has arms that the schema accepts unchanged', () => {
    for (const settings of listSettings(experiment.options)) {
      for (const arm of experiment.arms(parseOptions(experiment.options, settings) as never, 7)) {
        expect(v.parse(ArmSpecSchema, toJson(arm))).toEqual(toJson(arm));
      }
    }
  });
});

const [{ arms, options } = { arms: () => [], options: {} }] = experiments.filter(
  ({ name }) => name === 'hyperparameter_optimization',
);
const good = toJson(arms(parseOptions(options, {}) as never, 1)[0] as ArmSpec) as {
  task: { network: object; optimizer: object };
};
const withTask = (changes: object) => ({ ...good, task: { ...good.task, ...changes } });
const withNetwork = (changes: object) => withTask({ network: { ...good.task.network, ...changes } });

test.each([
  ['a string', 'arm'],
  ['an unknown key', { ...good, extra: 1 }],
  ['a task with an unknown key', withTask({ command: 'rm' })],
  ['a billion units', withNetwork({ hiddenSizes: [1e9] })],
  ['sizes that are not a list', withNetwork({ hiddenSizes: { length: 1e9 } })],
  ['infinitely many steps', withTask({ steps: Number.POSITIVE_INFINITY })],
  ['no steps', withTask({ steps: 0 })],
  ['a negative number of images', withTask({ trainSamples: -1 })],
  ['a negative seed', { ...good, seed: -1 }],
  ['a name that clears the screen', { ...good, name: '\u001b[2J' }],
  ['a prototype', JSON.parse(`{"__proto__": {"polluted": 1}, ${JSON.stringify(good).slice(1)}`)],
])('rejects %s', (_, arm) => {
  expect(accepts(arm)).toBe(false);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
