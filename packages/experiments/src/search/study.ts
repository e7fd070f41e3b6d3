// A search as data, and its rounds: which trials there are, what each tries, and which are stopped early. All of it is a pure
// function of the study, the seed and what is known of earlier trials, so that no worker, order or interruption shows in it.

import type { ArmRecord } from '../record/record.ts';
import type { ArmSpec } from '../training/arm.ts';
import type { Schedule, Segment } from '../training/segment.ts';
import type { PrunerSpec } from './pruner.ts';
import { createPruner } from './pruner.ts';
import { createSampler } from './sampler.ts';
import type { SamplerSpec } from './samplers/sampler.ts';
import { checkSpace, type Point, type Space } from './space.ts';
import { stateOf, stepOf, type Trial, valueBy } from './trial.ts';

/** A search: what trials differ in, how they are chosen and stopped, what each trains. */
export interface Study {
  /** What trials differ in. */
  readonly space: Space;
  /** What chooses the next trials. */
  readonly sampler: SamplerSpec;
  /** What stops trials early. */
  readonly pruner: PrunerSpec;
  /** At most so many; a grid may come out smaller. */
  readonly trials: number;
  /** Trials that are drawn together, and compared with each other; the last round may be smaller. */
  readonly roundSize: number;
  /** The series whose last value is to be as great as possible. */
  readonly measure: string;
  /** Steps of a trial that nothing stops. */
  readonly steps: number;
  /** What the arm of a trial is called. */
  nameOf(index: number): string;
  /** What a trial trains at a point. */
  task(point: Point): ArmSpec['task'];
}

/** Trials by round: from the first of each to before the next. One round where nothing is learnt between rounds. */
export function roundsOf(study: Study, seed: number): readonly (readonly number[])[] {
  const sampler = createSampler(study, seed);
  const isOne = !sampler.learns && study.pruner.kind === 'none';
  const size = isOne ? Math.max(1, sampler.count) : study.roundSize;
  return Array.from({ length: Math.ceil(sampler.count / size) }, (_, round) =>
    Array.from({ length: Math.min(size, sampler.count - round * size) }, (_, i) => round * size + i),
  );
}

/** The schedule of a search. */
export function scheduleStudy(study: Study, seed: number): Schedule {
  checkSpace(study.space);
  const { measure } = study;
  const sampler = createSampler(study, seed);
  const pruner = createPruner(study.pruner, study.steps);
  const rounds = roundsOf(study, seed);
  /** Rounds whose points are known, since all before them have ended. */
  const begun: Begun[][] = [];

  const next = (known: ReadonlyMap<string, ArmRecord>): Segment => {
    const history: Trial[] = [];
    const earlier: ArmRecord[] = [];
    for (const [round, indices] of rounds.entries()) {
      if (!begun[round]) {
        const points: Point[] = [];
        for (const index of indices) points.push(sampler.suggest(index, history, points));
        begun[round] = indices.map((index, i) => {
          const point = points[i] as Point;
          return { index, point, spec: { name: study.nameOf(index), seed, task: study.task(point) } };
        });
      }
      const leg = pruner.leg(
        begun[round].map(({ spec }) => spec),
        known,
        { measure, earlier },
      );
      if (leg.arms.length > 0 || leg.pruned.length > 0) return leg;
      for (const { index, point, spec } of begun[round]) {
        const record = known.get(spec.name) as ArmRecord;
        earlier.push(record);
        const [state, value, step] = [stateOf(record), valueBy(record, measure), stepOf(record)];
        history.push({ index, name: spec.name, point, state, value, step, round });
      }
    }
    return { arms: [], until: new Map(), pruned: [] };
  };
  const specOf = (name: string) => begun.flat().find(({ spec }) => spec.name === name)?.spec;
  return { planned: rounds.flat().map((index) => ({ name: study.nameOf(index), steps: study.steps })), next, specOf };
}

interface Begun {
  readonly index: number;
  readonly point: Point;
  readonly spec: ArmSpec;
}
