// The schema of arms against the arms of every experiment, and against what no experiment can ask for.
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { experiments } from '../src/catalog/index.ts';
import { type Option, parseOptions } from '../src/options/options.ts';
import { ArmSpecSchema } from '../src/record/schemas.ts';
import type { ArmSpec } from '../src/training/arm.ts';

/** Does not compile where `ArmSpec` has become wider than the schema. */
const isKnown = (arm: ArmSpec): v.InferOutput<typeof ArmSpecSchema> => arm;

const sent = (arm: ArmSpec): unknown => JSON.parse(JSON.stringify(isKnown(arm)));
const accepts = (arm: unknown) => v.is(ArmSpecSchema, arm);

/** Every choice of an option that chooses, beside the others' defaults. */
function settingsOf(options: Readonly<Record<string, Option>>): Record<string, unknown>[] {
  const choices = Object.entries(options).flatMap(([name, option]): Record<string, unknown>[] => {
    if (option.kind === 'enum') return option.choices.map((choice) => ({ [name]: choice }));
    return option.kind === 'boolean' ? [{ [name]: true }, { [name]: false }] : [];
  });
  return [{}, ...choices];
}

describe.each(experiments.map((experiment) => [experiment.name, experiment] as const))('%s', (_, experiment) => {
  test('has arms that arrive as they were sent', () => {
    for (const settings of settingsOf(experiment.options)) {
      for (const arm of experiment.arms(parseOptions(experiment.options, settings) as never, 7)) {
        const received = v.parse(ArmSpecSchema, sent(arm));
        expect(received).toEqual(sent(arm));
      }
    }
  });
});

const [{ arms, options } = { arms: () => [], options: {} }] = experiments.filter(
  ({ name }) => name === 'hyperparameter_optimization',
);
const good = sent(arms(parseOptions(options, {}) as never, 1)[0] as ArmSpec) as {
  task: { network: object; optimizer: object };
};
const withTask = (changes: object) => ({ ...good, task: { ...good.task, ...changes } });
const withNetwork = (changes: object) => withTask({ network: { ...good.task.network, ...changes } });

test('a good arm', () => expect(accepts(good)).toBe(true));

test.each([
  ['no object', 'arm'],
  ['a key that nobody knows', { ...good, extra: 1 }],
  ['a task that nobody knows', withTask({ kind: 'shell' })],
  ['a task with a key too many', withTask({ command: 'rm' })],
  ['a billion units', withNetwork({ hiddenSizes: [1e9] })],
  ['a hundred layers', withNetwork({ hiddenSizes: new Array(100).fill(1) })],
  ['half a unit', withNetwork({ hiddenSizes: [0.5] })],
  ['sizes that are no list', withNetwork({ hiddenSizes: { length: 1e9 } })],
  ['steps beyond counting', withTask({ steps: 1e300 })],
  ['infinitely many steps', withTask({ steps: Number.POSITIVE_INFINITY })],
  ['no steps', withTask({ steps: 0 })],
  ['fewer images than none', withTask({ trainSamples: -1 })],
  ['a batch of a million', withTask({ batchSize: 1e6 })],
  ['a seed that is none', { ...good, seed: -1 }],
  ['a name that clears the screen', { ...good, name: '\u001b[2J' }],
  ['a name of two lines', { ...good, name: 'a\nb' }],
  ['a name without an end', { ...good, name: 'a'.repeat(10_000) }],
  ['a prototype', JSON.parse(`{"__proto__": {"polluted": 1}, ${JSON.stringify(good).slice(1)}`)],
])('refuses %s', (_, arm) => {
  expect(accepts(arm)).toBe(false);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
