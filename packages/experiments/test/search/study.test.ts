// A search does not depend on who runs what when: legs played in any order, in parts, and again from what is known.
import { describe, expect, test } from 'vitest';
import { ArmRecordSchema } from '../../src/record/json.ts';
import type { ArmRecord } from '../../src/record/record.ts';
import { type PrunerSpec, rungsOf } from '../../src/search/pruner.ts';
import type { SamplerSpec } from '../../src/search/samplers/sampler.ts';
import { scheduleStudy } from '../../src/search/study.ts';
import { fork, play, recordAt, STEPS, search, studyOf } from './planted.ts';

const samplers: SamplerSpec[] = [
  { kind: 'random' },
  { kind: 'grid' },
  { kind: 'sobol' },
  { kind: 'narrowing', keep: 0.3 },
  { kind: 'tpe', startup: 5 },
];
const pruners: PrunerSpec[] = [{ kind: 'none' }, { kind: 'median', first: 5 }, { kind: 'halving', first: 3, eta: 3 }];
const rows = samplers.flatMap((sampler) => pruners.map((pruner) => ({ sampler, pruner })));

/** A number in [0, 1) after another. */
function lots(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Plays a search with interruptions: of each leg only some arms are run, some only half-way, and then all is asked anew. */
function interrupted(settings: { sampler: SamplerSpec; pruner: PrunerSpec }, seed: number, lot: () => number) {
  let schedule = scheduleStudy(studyOf(fork, { ...settings, trials: 23, roundSize: 6 }), seed);
  const known = new Map<string, ArmRecord>();
  for (;;) {
    // A new process knows nothing but what ended, and what paused.
    if (lot() < 0.3) schedule = scheduleStudy(studyOf(fork, { ...settings, trials: 23, roundSize: 6 }), seed);
    const leg = schedule.next(known);
    for (const record of leg.pruned) known.set(record.name, record);
    if (leg.arms.length === 0 && leg.pruned.length === 0) break;
    for (const arm of [...leg.arms].sort(() => lot() - 0.5)) {
      const until = leg.until.get(arm.name) ?? STEPS;
      const before = known.get(arm.name)?.series.trainLoss?.step.at(-1) ?? 0;
      const step = lot() < 0.4 ? before + Math.floor(lot() * (until - before)) : until;
      if (step > before) known.set(arm.name, recordAt(fork, arm, step));
    }
  }
  return schedule.planned.map(({ name }) => known.get(name));
}

describe.each(rows)('$sampler.kind with $pruner.kind', (settings) => {
  test('gives one table, whatever the order and the interruptions', () => {
    const whole = search(fork, { ...settings, trials: 23, roundSize: 6 }, 7).map(({ record }) => record);
    for (let i = 1; i <= 8; i++) expect(interrupted(settings, 7, lots(i))).toEqual(whole);
    expect(whole.every(({ status }) => status === 'finished')).toBe(true);
  });

  test('another seed gives another, where anything is drawn', () => {
    const points = (seed: number) =>
      search(fork, { ...settings, trials: 12, roundSize: 6 }, seed).map(({ point }) => point);
    expect(JSON.stringify(points(1)) === JSON.stringify(points(2))).toBe(settings.sampler.kind === 'grid');
  });
});

test.each<[PrunerSpec, number, number[]]>([
  [{ kind: 'none' }, 100, []],
  [{ kind: 'median', first: 25 }, 100, [25, 50, 75]],
  [{ kind: 'halving', first: 4, eta: 3 }, 100, [4, 12, 36]],
  [{ kind: 'halving', first: 200, eta: 3 }, 100, []],
])('%j of %d steps has rungs at %j', (spec, steps, rungs) => {
  expect(rungsOf(spec, steps)).toEqual(rungs);
});

test('halving lets a third of each cohort go on', () => {
  const ends = search(
    fork,
    { sampler: { kind: 'random' }, pruner: { kind: 'halving', first: 3, eta: 3 }, trials: 9, roundSize: 9 },
    2,
  ).map(({ record }) => record.pruned?.step ?? STEPS);
  const count = (step: number) => ends.filter((each) => each === step).length;
  expect([count(3), count(9), count(STEPS)]).toEqual([6, 2, 1]);
});

test('a pruned arm keeps what it had come to', () => {
  const schedule = scheduleStudy(
    studyOf(fork, { sampler: { kind: 'random' }, pruner: { kind: 'halving', first: 3, eta: 3 }, trials: 3 }),
    1,
  );
  const known = new Map(play(fork, schedule.next(new Map())).map((record) => [record.name, record]));
  const { pruned, arms } = schedule.next(known);
  expect(pruned.length).toBe(2);
  expect(arms.length).toBe(1);
  for (const record of pruned) {
    expect(record).toEqual({ ...known.get(record.name), status: 'finished', pruned: { step: 3 } });
    // As a journal gives them back, so that a run that was resumed has the same bytes.
    expect(Object.keys(record)).toEqual(
      Object.keys(ArmRecordSchema.entries).filter((key) => Object.hasOwn(record, key)),
    );
  }
});
