// Studies and pruners: results do not depend on order and interruptions, and pruners stop the same trials as Optuna.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ArmRecordSchema } from '../../src/record/json.ts';
import type { ArmRecord } from '../../src/record/record.ts';
import { computeRungs, nextSegment, type PrunerSpec } from '../../src/search/pruner.ts';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import { scheduleStudy } from '../../src/search/study.ts';
import type { ArmSpec } from '../../src/training/arm.ts';
import { fork, recordAt, runSegment, STEPS, search, searchPoints, studyOf } from './planted.ts';

const samplers: SamplerSpec[] = [
  { kind: 'random' },
  { kind: 'grid' },
  { kind: 'sobol' },
  { kind: 'narrowing', keep: 0.3 },
  { kind: 'tpe', startup: 5 },
];
const pruners: PrunerSpec[] = [{ kind: 'none' }, { kind: 'median', first: 5 }, { kind: 'halving', first: 3, eta: 3 }];

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Runs a search in random order, with interrupted trials and restarted schedules. */
function searchWithInterruptions(settings: { sampler: SamplerSpec; pruner: PrunerSpec }, random: () => number) {
  const study = studyOf(fork, { ...settings, trials: 23, roundSize: 6 });
  let schedule = scheduleStudy(study, 7);
  const known = new Map<string, ArmRecord>();
  for (;;) {
    if (random() < 0.3) schedule = scheduleStudy(study, 7);
    const { arms, pruned, until } = schedule.next(known);
    for (const record of pruned) known.set(record.name, record);
    if (arms.length === 0 && pruned.length === 0) break;
    for (const arm of [...arms].sort(() => random() - 0.5)) {
      const last = until.get(arm.name) ?? STEPS;
      const before = known.get(arm.name)?.series.trainLoss?.step.at(-1) ?? 0;
      const step = random() < 0.4 ? before + Math.floor(random() * (last - before)) : last;
      if (step > before) known.set(arm.name, recordAt(fork, arm, step));
    }
  }
  return schedule.planned.map(({ name }) => known.get(name));
}

describe.each(samplers.flatMap((sampler) => pruners.map((pruner) => ({ sampler, pruner }))))(
  '$sampler.kind with $pruner.kind',
  (settings) => {
    test('gives the same trials in any order and after any interruption', () => {
      const whole = search(fork, { ...settings, trials: 23, roundSize: 6 }, 7).map(({ record }) => record);
      for (let seed = 1; seed <= 8; seed++)
        expect(searchWithInterruptions(settings, createRandom(seed))).toEqual(whole);
      expect(whole.every(({ status }) => status === 'finished')).toBe(true);
    });

    test('depends on the seed, except on a grid', () => {
      const [first, second] = [1, 2].map((seed) =>
        JSON.stringify(searchPoints(fork, { ...settings, trials: 12, roundSize: 6 }, seed)),
      );
      expect(first === second).toBe(settings.sampler.kind === 'grid');
    });
  },
);

test.each<[PrunerSpec, number[]]>([
  [{ kind: 'none' }, []],
  [{ kind: 'median', first: 25 }, [25, 50, 75]],
  [{ kind: 'halving', first: 4, eta: 3 }, [4, 12, 36]],
  [{ kind: 'halving', first: 200, eta: 3 }, []],
])('%j of 100 steps has rungs at %j', (pruner, rungs) => {
  expect(computeRungs({ pruner, steps: 100 })).toEqual(rungs);
});

test('a pruned trial keeps its record, in the order of keys of a journal', () => {
  const pruner: PrunerSpec = { kind: 'halving', first: 3, eta: 3 };
  const schedule = scheduleStudy(studyOf(fork, { sampler: { kind: 'random' }, pruner, trials: 3 }), 1);
  const known = new Map(runSegment(fork, schedule.next(new Map())).map((record) => [record.name, record]));
  const { pruned, arms } = schedule.next(known);
  expect([pruned.length, arms.length]).toEqual([2, 1]);
  for (const record of pruned) {
    expect(record).toEqual({ ...known.get(record.name), status: 'finished', pruned: { step: 3 } });
    const order = Object.keys(ArmRecordSchema.entries).filter((key) => Object.hasOwn(record, key));
    expect(Object.keys(record)).toEqual(order);
  }
});

interface Golden {
  readonly roundSize: number;
  readonly steps: number;
  readonly cases: readonly {
    readonly first: number;
    readonly curves: readonly (readonly number[])[];
    /** The step at which Optuna stops each trial. */
    readonly stops: readonly (number | null)[];
  }[];
}

const file = new URL('../../../../test-data/golden/median-pruner.json', import.meta.url);
const { roundSize, steps, cases }: Golden = JSON.parse(readFileSync(file, 'utf8'));

function recordOf(name: string, curve: readonly number[], step: number): ArmRecord {
  const at = Array.from({ length: step }, (_, i) => i + 1);
  const series = { trainLoss: { step: at, value: at }, value: { step: at, value: curve.slice(0, step) } };
  return { name, status: step < curve.length ? 'interrupted' : 'finished', series, final: {}, digest: '' };
}

/** Returns the step at which each trial of known curves is stopped; null if it is not. */
function stopsOf(pruner: PrunerSpec, curves: readonly (readonly number[])[], size: number): (number | null)[] {
  const known = new Map<string, ArmRecord>();
  const ended = () => curves.flatMap((_, i) => known.get(String(i)) ?? []);
  for (let from = 0; from < curves.length; from += size) {
    const round = curves.slice(from, from + size).map((_, i) => ({ name: String(from + i) }) as ArmSpec);
    const earlier = ended();
    for (;;) {
      const { arms, pruned, until } = nextSegment({ pruner, steps, measure: 'value' }, round, known, earlier);
      for (const record of pruned) known.set(record.name, record);
      for (const { name } of arms)
        known.set(name, recordOf(name, curves[Number(name)] as number[], until.get(name) ?? steps));
      if (arms.length === 0 && pruned.length === 0) break;
    }
  }
  return ended().map(({ pruned }) => pruned?.step ?? null);
}

test.each(cases)(
  'median stops the same trials as Optuna, with rungs every $first steps',
  ({ first, curves, stops }) => {
    expect(stopsOf({ kind: 'median', first }, curves, roundSize)).toEqual(stops);
  },
);

const constant = (value: number) => Array<number>(steps).fill(value);
const good = constant(5);

test.each<[string, number[][], number, (number | null)[]]>([
  ['stops no trial after four complete ones', [good, good, good, good, constant(1)], 4, Array(5).fill(null)],
  ['stops a bad trial after five complete ones', [...Array(5).fill(good), constant(1)], 5, [...Array(5).fill(null), 3]],
  ['stops no trial of the first round', [...Array(6).fill(good), constant(1)], 7, Array(7).fill(null)],
  ['continues trials at the median', Array(6).fill(good), 5, Array(6).fill(null)],
  ['uses the best value so far', [...Array(5).fill(good), constant(6).fill(1, 1)], 5, Array(6).fill(null)],
  ['ignores trials of the same round', [...Array(5).fill(good), constant(6), constant(9)], 5, Array(7).fill(null)],
])('median %s', (_, curves, size, stops) => {
  expect(stopsOf({ kind: 'median', first: 3 }, curves, size)).toEqual(stops);
});

test('median ignores pruned trials', () => {
  const complete = Array.from({ length: 5 }, (_, i) => recordOf(`complete ${i}`, good, steps));
  const high: ArmRecord = { ...recordOf('pruned', constant(9), 6), status: 'finished', pruned: { step: 6 } };
  const study = { pruner: { kind: 'median', first: 3 }, steps, measure: 'value' } as const;
  const known = new Map([['trial', recordOf('trial', good, 3)]]);
  const { pruned } = nextSegment(study, [{ name: 'trial' } as ArmSpec], known, [...complete, ...Array(5).fill(high)]);
  expect(pruned).toEqual([]);
});

test.each<[string, number[], number, (number | null)[]]>([
  ['continues trials that tie with the best third', [3, 5, 5, 1, 4, 9, 5, 5, 2], 9, [2, 6, 6, 2, 2, null, 6, 6, 2]],
  ['does not depend on the order', [2, 5, 5, 9, 4, 1, 5, 5, 3], 9, [2, 6, 6, null, 2, 2, 6, 6, 2]],
  ['stops no trial if all tie', Array(6).fill(4), 3, Array(6).fill(null)],
  ['compares with earlier rounds', [5, 4, 6, 1, 2, 3], 3, [2, 2, null, 2, 2, 2]],
])('halving %s', (_, values, size, stops) => {
  expect(stopsOf({ kind: 'halving', first: 2, eta: 3 }, values.map(constant), size)).toEqual(stops);
});
