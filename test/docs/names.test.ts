// docs/names.md lists every export of nn and the options that most experiments share.
import { experiments, toFlag } from '@descent/experiments';
import { expect, test } from 'vitest';
import * as nn from '../../packages/nn/src/index.ts';
import { codeSpans, read } from './markdown.ts';

const words = new Set(codeSpans(read('docs/names.md')).flatMap((code) => code.match(/-{0,2}[\w-]+/g) ?? []));

test('docs/names.md lists every export', () => {
  expect(Object.keys(nn).filter((name) => !words.has(name))).toEqual([]);
});

test('docs/names.md lists every option of at least half of the experiments', () => {
  const all = experiments.flatMap(({ options }) => Object.keys(options));
  const shared = [...new Set(all)].filter(
    (name) => 2 * all.filter((each) => each === name).length >= experiments.length,
  );
  expect(shared.map(toFlag).filter((flag) => !words.has(flag))).toEqual([]);
});
