// Whoever looks for a name finds it: docs/names.md has every export of nn and every option that most experiments share.
import { experiments, toFlag } from '@descent/experiments';
import { expect, test } from 'vitest';
import * as nn from '../../packages/nn/src/index.ts';
import { codeSpans, read } from './markdown.ts';

const words = new Set(codeSpans(read('docs/names.md')).flatMap((code) => code.match(/-{0,2}[\w-]+/g) ?? []));

test('every export', () => {
  expect(Object.keys(nn).filter((name) => !words.has(name))).toEqual([]);
});

test('every option of half of the experiments and more', () => {
  const counts = new Map<string, number>();
  for (const { options } of experiments) {
    for (const name of Object.keys(options)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const shared = [...counts].filter(([, count]) => 2 * count >= experiments.length).map(([name]) => toFlag(name));
  expect(shared.filter((flag) => !words.has(flag))).toEqual([]);
});
