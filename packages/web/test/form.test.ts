// Groups of the form and the count of changes.
import { experiments, findExperiment } from '@descent/experiments';
import { describe, expect, test } from 'vitest';
import {
  findChanges,
  getBaseValues,
  getDefaultValues,
  getFormSchema,
  groupOptions,
  setFormValue,
} from '../src/state/form.ts';

const experiment = findExperiment('overfit_dropout');
const schema = getFormSchema(experiment);
const defaults = getDefaultValues(schema);

test.each(experiments.map((each) => [each.name, each] as const))(
  'the form of %s has no changes at first',
  (_, each) => {
    const all = getFormSchema(each);
    expect(findChanges(each, getDefaultValues(all), getBaseValues(all, getDefaultValues(all)))).toEqual([]);
  },
);

describe('findChanges', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['a value', { lr: '0.5' }, ['lr']],
    ['the same number, typed differently', { lr: '1e-2' }, []],
    ['a value out of range', { lr: 'abc' }, ['lr']],
    ['a value without effect', { momentum: '0.5' }, []],
    ['a value that has an effect with another', { momentum: '0.5', optimizer: 'momentum' }, ['optimizer', 'momentum']],
  ])('finds %s', (_, typed, names) => {
    expect(findChanges(experiment, { ...defaults, ...typed }, defaults)).toEqual(names);
  });

  test('counts a preset as one change of the defaults', () => {
    const typed = setFormValue(schema, defaults, 'preset', 'helpful');
    expect(findChanges(experiment, typed, getBaseValues(schema, typed))).toEqual(['preset']);
    expect(findChanges(experiment, typed, defaults).length).toBeGreaterThan(4);
  });
});

test('groupOptions hides options without effect unless their value is out of range', () => {
  const names = (typed: Record<string, string>) =>
    groupOptions(experiment, { ...defaults, ...typed })
      .get('optimizer')
      ?.map(([name]) => name);
  expect(names({})).toEqual(['optimizer', 'weightDecay']);
  expect(names({ optimizer: 'adagrad' })).toEqual(['optimizer', 'weightDecay', 'adagradEps']);
  expect(names({ adamBeta1: '7' })).toEqual(['optimizer', 'weightDecay', 'adamBeta1']);
});
