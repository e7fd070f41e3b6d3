// Suggestions come within a third of the word's letters; a swap of neighbors is one edit.
import { experiments, nearest } from '@descent/experiments';
import { expect, test } from 'vitest';

const names = experiments.map(({ name }) => name);

test.for([
  ['nope', names, undefined],
  ['optimizer_compare_nave', names, 'optimizer_compare_naive'],
  ['', names, undefined],
  ['x'.repeat(100_000), names, undefined],
  ['fr', ['en', 'ko', 'ja'], undefined],
  ['rnu', ['run', 'worker'], 'run'],
  ['ab', ['abc'], undefined],
  ['abx', ['abc'], 'abc'],
  ['axx', ['abc'], undefined],
  ['boko', ['modern', 'book'], 'book'],
  ['ADAM', ['sgd', 'adam', 'adamw'], 'adam'],
  ['adgard', ['sgd', 'adagrad'], 'adagrad'],
  ['momentun', ['momentum'], 'momentum'],
  ['momxxtun', ['momentum'], undefined],
] as const)('%s among %s: %s', ([word, among, expected]) => {
  expect(nearest(word, among)).toBe(expected);
});
