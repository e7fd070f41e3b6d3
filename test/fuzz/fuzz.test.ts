// A few mutants of every target in each test run; `npm run fuzz` gives 100,000 of each.
import { expect, test } from 'vitest';
import { fuzz, trySeeds } from './fuzz.ts';
import { targets } from './targets.ts';

const COUNT = 300;

test.each(targets.map((target) => [target.name, target] as const))('%s: good inputs are taken', async (_, target) => {
  expect(await trySeeds(target)).toEqual([]);
});

test.each(targets.map((target) => [target.name, target] as const))(
  `%s: ${COUNT} bad inputs end in a sentence`,
  async (_, target) => {
    const { tried, findings } = await fuzz(target, { count: COUNT });
    expect(findings).toEqual([]);
    expect(tried).toBe(COUNT);
  },
);
