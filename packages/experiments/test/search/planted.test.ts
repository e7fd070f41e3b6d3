// A planted best point is found: by narrowing and by TPE in nearly every seed, and better than at random.
import { describe, expect, test } from 'vitest';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import { bestOf, fork, hill, type Planted } from './planted.ts';

const SEEDS = Array.from({ length: 50 }, (_, seed) => seed + 1);
/** As many as the book makes. */
const trials = 100;
/** How close to the planted value, 1, the best of a search must come to have found it. */
const NEAR: readonly (readonly [name: string, planted: Planted, near: number])[] = [
  ['a hill over two exponents', hill, 0.995],
  ['a fork of rules, one with a dimension of its own', fork, 0.97],
];

const random: SamplerSpec = { kind: 'random' };
const learning: readonly (readonly [name: string, sampler: SamplerSpec, roundSize: number])[] = [
  ['narrowing in rounds of 20', { kind: 'narrowing', keep: 0.25 }, 20],
  ['TPE in rounds of 10', { kind: 'tpe', startup: 10 }, 10],
  ['TPE in rounds of 20', { kind: 'tpe', startup: 10 }, 20],
];

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

describe.each(NEAR)('%s', (_, planted, near) => {
  const byChance = SEEDS.map((seed) => bestOf(planted, { sampler: random, trials }, seed));

  test.each(learning)('%s finds it in 94 % of the seeds, and beats chance', (_name, sampler, roundSize) => {
    const found = SEEDS.map((seed) => bestOf(planted, { sampler, trials, roundSize }, seed));
    expect(found.filter((value) => value >= near).length).toBeGreaterThanOrEqual(0.94 * SEEDS.length);
    expect(medianOf(found)).toBeGreaterThan(medianOf(byChance));
    const ahead = found.filter((value, i) => value > (byChance[i] as number)).length;
    expect(ahead).toBeGreaterThanOrEqual(0.7 * SEEDS.length);
  });

  test('chance alone finds it seldom', () => {
    expect(byChance.filter((value) => value >= near).length).toBeLessThan(0.85 * SEEDS.length);
  });
});
