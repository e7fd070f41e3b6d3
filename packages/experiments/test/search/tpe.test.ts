// TPE against Optuna 5.0.0 with its default arguments (test-data/generate_tpe.py), and how the trials of a round spread.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { densitiesOf } from '../../src/search/samplers/tpe.ts';
import type { Point } from '../../src/search/space.ts';
import type { Trial } from '../../src/search/trial.ts';
import { cliff, fork, hill, type Planted, search } from './planted.ts';

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

describe.each(cases.map((each, i) => ({ ...each, i })))('densities of case $i, in the space $space', (given) => {
  const { space } = { hill, fork }[given.space];
  const ended = given.trials.filter(({ state }) => state !== 'running');
  const history = ended.map(({ point, state, value, step }, i) =>
    trialOf(i, point, { value, step, state: state === 'pruned' ? state : 'finished' }),
  );
  const running = given.trials.filter(({ state }) => state === 'running').map(({ point }) => point);
  const densities = densitiesOf(space, history, running);

  test.each(given.groups.map((group, i) => ({ ...group, i })))('group $i is as Optuna’s', ({ at, good, others, i }) => {
    for (const [k, point] of at.entries()) {
      // Φ is within 2·10⁻⁷, which counts for an integer, whose share lies between two values of it.
      expect(densities[i]?.good.density(point)).toBeCloseTo(Math.exp(good[k] as number), 6);
      expect(densities[i]?.others.density(point)).toBeCloseTo(Math.exp(others[k] as number), 6);
    }
  });
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const SEEDS = Array.from({ length: 10 }, (_, seed) => seed + 1);
const tpe = { kind: 'tpe', startup: 10 } as const;

/** What each round of each seed tried; the first is random. */
function roundsOf(planted: Planted, roundSize: number): Point[][][] {
  return SEEDS.map((seed) => {
    const points = search(planted, { sampler: tpe, roundSize }, seed).map(({ point }) => point);
    return Array.from({ length: 60 / roundSize }, (_, i) => points.slice(i * roundSize, (i + 1) * roundSize));
  });
}

describe.each([
  ['hill', hill],
  ['fork', fork],
  ['cliff', cliff],
] as const)('on the %s, against the mean of random search over 10 seeds', (_, planted) => {
  const scoreOf = (points: readonly Point[]) => mean(points.map(planted.value));
  const byChance = mean(
    SEEDS.map((seed) => scoreOf(search(planted, { sampler: { kind: 'random' } }, seed).map(({ point }) => point))),
  );

  test('no round of 10 is worse in the mean over 10 seeds', () => {
    const seeds = roundsOf(planted, 10);
    for (let round = 1; round < 6; round++)
      expect(mean(seeds.map((rounds) => scoreOf(rounds[round] as Point[]))), `round ${round}`).toBeGreaterThan(
        byChance,
      );
  });

  test('no round of 20 is worse in any seed', () => {
    for (const rounds of roundsOf(planted, 20))
      for (const points of rounds.slice(1)) expect(scoreOf(points)).toBeGreaterThan(byChance);
  });
});

test('on the cliff no round of 10 is worse than random search in any seed, nor spent within half a decade', () => {
  for (const rounds of roundsOf(cliff, 10)) {
    for (const points of rounds.slice(1)) {
      expect(mean(points.map(cliff.value))).toBeGreaterThan(0.18);
      const rates = points.map(({ lr }) => lr as number);
      expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(0.5);
    }
  }
});

test('where all trials come to the same, rounds spread over the whole range', () => {
  for (const rounds of roundsOf({ ...hill, value: () => 0.1 }, 10)) {
    const rates = rounds.slice(1).flatMap((points) => points.map(({ lr }) => lr as number));
    for (let low = -6; low < -2; low++)
      expect(rates.filter((lr) => lr >= low && lr < low + 1).length).toBeGreaterThan(3);
  }
});

test('every round tries more than one rule', () => {
  for (const rounds of roundsOf(fork, 10))
    for (const points of rounds.slice(0, 3))
      expect(new Set(points.map(({ optimizer }) => optimizer)).size).toBeGreaterThan(1);
});

const densityAt = (history: readonly Trial[], running: readonly Point[] = []) => {
  const [{ good, others }] = densitiesOf(hill.space, history, running) as [ReturnType<typeof densitiesOf>[0]];
  const at = { lr: -3, weightDecay: -6 };
  return { good: good.density(at), others: others.density(at) };
};
const here = { lr: -3.1, weightDecay: -6.1 };

test('a trial that diverged is one of the others, even where none did better', () => {
  const diverged = Array.from({ length: 10 }, (_, i) =>
    trialOf(i, here, { state: 'diverged', value: Number.NEGATIVE_INFINITY }),
  );
  expect(densityAt(diverged).good).toBe(densityAt([]).good);
  expect(densityAt(diverged).others).toBeGreaterThan(densityAt([]).others);
});

test('a trial without a value has no say', () => {
  const trials = [trialOf(0, here, { value: 1 }), trialOf(1, { lr: -5, weightDecay: -5 })];
  expect(densityAt([...trials, trialOf(2, here, { value: Number.NaN })])).toEqual(densityAt(trials));
});

test('an earlier trial of the same round is one of the others', () => {
  expect(densityAt([trialOf(0, here)], [here]).others).toBeGreaterThan(densityAt([trialOf(0, here)]).others);
});

test('a dimension of a single value has it', () => {
  const fixed: Planted = {
    ...hill,
    space: hill.space.map((each) => ({ ...each, low: -3, high: -3 }) as (typeof hill.space)[0]),
  };
  for (const { point } of search(fixed, { sampler: tpe }, 1)) expect(point).toEqual({ lr: -3, weightDecay: -3 });
});

test('a single round is random search', () => {
  const points = (sampler: typeof tpe | { kind: 'random' }) =>
    search(fork, { sampler, trials: 30, roundSize: 1_000 }, 1).map(({ point }) => point);
  expect(points(tpe)).toEqual(points({ kind: 'random' }));
});
