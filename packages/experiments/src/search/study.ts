// Studies: searches as data. Samplers choose the trials of a round (ask) from the results of earlier rounds (tell), and pruners stop
// trials early. All of it is a pure function of study, seed and results, independent of workers, order and interruptions.
import type { ArmRecord, RunRecord } from '../record/record.ts';
import type { ArmSpec } from '../training/arm.ts';
import type { Schedule, Segment } from '../training/segment.ts';
import { nextSegment, type PrunerSpec } from './pruner.ts';
import { gridSampler } from './samplers/grid.ts';
import { narrowingSampler } from './samplers/narrowing.ts';
import { randomSampler } from './samplers/random.ts';
import { type Sampler, type SamplerSpec, type SearchSpec, seededRng } from './samplers/sampler.ts';
import { sobolSampler } from './samplers/sobol.ts';
import { tpeSampler } from './samplers/tpe.ts';
import { checkSpace, type Point, type Space } from './space.ts';
import { createTrial, pointIn, type Trial } from './trial.ts';

/** A search: its space, sampler and pruner, and what each trial trains. */
export interface Study {
  /** The searched hyperparameters. */
  readonly space: Space;
  /** Chooses the parameters of trials. */
  readonly sampler: SamplerSpec;
  /** Stops trials early. */
  readonly pruner: PrunerSpec;
  /** Maximum number of trials; a grid can have fewer. */
  readonly trials: number;
  /** Trials per round, which are sampled together and compared with each other. The last round can be smaller. */
  readonly roundSize: number;
  /** The series whose last value is maximized. */
  readonly measure: string;
  /** Steps of a trial that is not pruned. */
  readonly steps: number;
  /** Returns the name of the arm of a trial. */
  nameOf(index: number): string;
  /** Returns what a trial trains at a point. */
  task(point: Point): ArmSpec['task'];
}

function createSampler(search: SearchSpec, seed: number): Sampler {
  const rng = seededRng(seed);
  switch (search.sampler.kind) {
    case 'random':
      return randomSampler(search, rng);
    case 'grid':
      return gridSampler(search);
    case 'sobol':
      return sobolSampler(search, rng);
    case 'narrowing':
      return narrowingSampler(search, search.sampler.keep, rng);
    case 'tpe':
      return tpeSampler(search, search.sampler.startup, rng);
  }
}

/** Returns the indices of the trials of each round: of a single one if neither sampler nor pruner uses earlier rounds. */
function createRounds(study: Study, { count, learns }: Sampler): number[][] {
  const size = learns || study.pruner.kind !== 'none' ? study.roundSize : Math.max(1, count);
  return Array.from({ length: Math.ceil(count / size) }, (_, round) =>
    Array.from({ length: Math.min(size, count - round * size) }, (_, i) => round * size + i),
  );
}

interface AskedTrial {
  readonly index: number;
  readonly point: Point;
  readonly spec: ArmSpec;
}

/** Creates the schedule of a search. */
export function scheduleStudy(study: Study, seed: number): Schedule {
  checkSpace(study.space);
  const sampler = createSampler(study, seed);
  const rounds = createRounds(study, sampler);
  const asked: AskedTrial[][] = [];

  const ask = (indices: readonly number[], history: readonly Trial[]): AskedTrial[] => {
    const points: Point[] = [];
    for (const index of indices) points.push(sampler.sample(index, history, points));
    return points.map((point, i) => {
      const index = indices[i] as number;
      return { index, point, spec: { name: study.nameOf(index), seed, task: study.task(point) } };
    });
  };

  const next = (known: ReadonlyMap<string, ArmRecord>): Segment => {
    const history: Trial[] = [];
    const earlier: ArmRecord[] = [];
    for (const [round, indices] of rounds.entries()) {
      asked[round] ??= ask(indices, history);
      const specs = asked[round].map(({ spec }) => spec);
      const segment = nextSegment(study, specs, known, earlier);
      if (segment.arms.length > 0 || segment.pruned.length > 0) return segment;
      for (const { index, point, spec } of asked[round]) {
        const record = known.get(spec.name) as ArmRecord;
        earlier.push(record);
        history.push(createTrial(record, study.measure, { index, point, round }));
      }
    }
    return { arms: [], until: new Map(), pruned: [] };
  };
  const specOf = (name: string) => asked.flat().find(({ spec }) => spec.name === name)?.spec;
  return { planned: rounds.flat().map((index) => ({ name: study.nameOf(index), steps: study.steps })), next, specOf };
}

/** Returns the trials of a record, in their order. A trial that has not started has an empty point and no value. */
export function trialsIn(study: Study, { arms, seed }: Pick<RunRecord, 'arms' | 'seed'>): Trial[] {
  const rounds = createRounds(study, createSampler(study, seed)).flatMap((indices, round) => indices.map(() => round));
  return arms.map((arm, index) =>
    createTrial(arm, study.measure, { index, point: pointIn(study.space, arm), round: rounds[index] ?? 0 }),
  );
}
