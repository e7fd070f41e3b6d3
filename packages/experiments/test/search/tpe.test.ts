// TPE, compared with Optuna 5.0.0 with its default arguments (test-data/generate_tpe.py), and the spread of the trials of a round.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { estimateDensities } from '../../src/search/samplers/tpe.ts';
import type { Point } from '../../src/search/space.ts';
import type { Trial } from '../../src/search/trial.ts';
import { cliff, fork, hill, type Planted, searchPoints } from './planted.ts';

interface Case {
  readonly space: 'hill' | 'fork';
  readonly trials: readonly { point: Point; state: 'complete' | 'pruned' | 'running'; value: number; step: number }[];
  readonly groups: readonly { at: readonly Point[]; good: readonly number[]; others: readonly number[] }[];
}

const file = new URL('../../../../test-data/golden/tpe.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

const trialOf = (index: number, point: Point, more: Partial<Trial> = {}): Trial => ({
  ...{ index, name: `trial ${index + 1}`, point, state: 'finished', value: 0, step: 1, round: 0 },
  ...more,
});

test.each(cases.map((each, i) => ({ ...each, i })))('the densities of case $i equal those of Optuna', (given) => {
  const { space } = { hill, fork }[given.space];
  const ended = given.trials.filter(({ state }) => state !== 'running');
  const history = ended.map(({ point, state, value, step }, i) =>
    trialOf(i, point, { value, step, state: state === 'pruned' ? state : 'finished' }),
  );
  const running = given.trials.filter(({ state }) => state === 'running').map(({ point }) => point);
  const densities = estimateDensities(space, history, running);
  for (const [i, { at, good, others }] of given.groups.entries())
    for (const [k, point] of at.entries()) {
      // The error of Φ, 2·10⁻⁷, affects integers.
      expect(densities[i]?.good.density(point)).toBeCloseTo(Math.exp(good[k] as number), 6);
      expect(densities[i]?.others.density(point)).toBeCloseTo(Math.exp(others[k] as number), 6);
    }
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const tpe = { kind: 'tpe', startup: 10 } as const;

/** Returns the points of each round of 10, for ten seeds. The first round is random. */
function roundsOf(planted: Planted): Point[][][] {
  return Array.from({ length: 10 }, (_, i) => {
    const points = searchPoints(planted, { sampler: tpe, roundSize: 10 }, i + 1);
    return Array.from({ length: 6 }, (_, round) => points.slice(10 * round, 10 * (round + 1)));
  });
}

test('no later round on the cliff is worse than random search or within half a decade', () => {
  for (const points of roundsOf(cliff).flatMap((rounds) => rounds.slice(1))) {
    expect(mean(points.map(cliff.value))).toBeGreaterThan(0.18);
    const rates = points.map(({ lr }) => lr as number);
    expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(0.5);
  }
});

test('rounds cover the whole range if all values are equal', () => {
  for (const rounds of roundsOf({ ...hill, value: () => 0.1 })) {
    const rates = rounds.slice(1).flatMap((points) => points.map(({ lr }) => lr as number));
    for (let low = -6; low < -2; low++)
      expect(rates.filter((lr) => lr >= low && lr < low + 1).length).toBeGreaterThan(3);
  }
});

const densityAt = (history: readonly Trial[], running: readonly Point[] = []) => {
  const [{ good, others }] = estimateDensities(hill.space, history, running) as [
    ReturnType<typeof estimateDensities>[0],
  ];
  const at = { lr: -3, weightDecay: -6 };
  return { good: good.density(at), others: others.density(at) };
};
const near = { lr: -3.1, weightDecay: -6.1 };

test('diverged trials are never good', () => {
  const diverged = Array.from({ length: 10 }, (_, i) =>
    trialOf(i, near, { state: 'diverged', value: Number.NEGATIVE_INFINITY }),
  );
  expect(densityAt(diverged).good).toBe(densityAt([]).good);
  expect(densityAt(diverged).others).toBeGreaterThan(densityAt([]).others);
});

test('trials without a value are ignored, and running trials count as others', () => {
  const trials = [trialOf(0, near, { value: 1 }), trialOf(1, { lr: -5, weightDecay: -5 })];
  expect(densityAt([...trials, trialOf(2, near, { value: Number.NaN })])).toEqual(densityAt(trials));
  expect(densityAt(trials, [near]).others).toBeGreaterThan(densityAt(trials).others);
});

test('a single round equals random search', () => {
  const points = (sampler: typeof tpe | { kind: 'random' }) =>
    searchPoints(fork, { sampler, trials: 30, roundSize: 1_000 }, 1);
  expect(points(tpe)).toEqual(points({ kind: 'random' }));
});
