// What to train when. Whoever runs an experiment asks for the next leg until there is none.

import type { Experiment } from '../experiment.ts';
import type { Options, Schema } from '../options/options.ts';
import { digestFloats } from '../record/digest.ts';
import type { ArmRecord } from '../record/record.ts';
import { scheduleStudy } from '../search/study.ts';
import { isOver, stepOf } from '../search/trial.ts';
import type { ArmSpec } from './arm.ts';
import type { ExecuteOptions, Executor, RunEvent } from './executor.ts';
import type { Schedule, Segment } from './segment.ts';

/** Whatever an experiment is: a search has its rounds, any other is one leg. */
export function createSchedule<S extends Schema>(
  experiment: Pick<Experiment<S>, 'arms' | 'study'>,
  options: Options<S>,
  seed: number,
): Schedule {
  if (experiment.study) return scheduleStudy(experiment.study(options), seed);
  const arms = experiment.arms(options, seed);
  return {
    // What only looks at a network is done in one go.
    planned: arms.map(({ name, task }) => ({ name, steps: task.steps })),
    next: (known) => ({ arms: arms.filter(({ name }) => !isOver(known.get(name))), until: new Map(), pruned: [] }),
    specOf: (wanted) => arms.find(({ name }) => name === wanted),
  };
}

/** How the legs of a schedule are run, and what has been run of them before. */
export interface RunScheduleOptions extends ExecuteOptions {
  /** Arms that ended before. */
  readonly finished?: readonly ArmRecord[];
}

/**
 * Runs all legs of a schedule. An arm that pauses between two legs is told of as interrupted, and again when it has ended; one
 * that is pruned is told of when that is decided.
 */
export async function* runSchedule(
  schedule: Schedule,
  executor: Executor,
  { finished = [], checkpoints: before, ...options }: RunScheduleOptions = {},
): AsyncGenerator<RunEvent> {
  const known = new Map(finished.map((record) => [record.name, record]));
  const checkpoints = new Map(before);
  for (;;) {
    const { arms, until, pruned } = schedule.next(known);
    for (const record of pruned) {
      known.set(record.name, record);
      yield { kind: 'arm', record };
    }
    // All of a round may be stopped at once: then the next round is asked for.
    if (arms.length === 0 && pruned.length > 0) continue;
    if (arms.length === 0) return;
    for await (const event of executor.run(arms, { ...options, checkpoints, until })) {
      if (event.kind === 'checkpoint') checkpoints.set(event.checkpoint.arm, event.checkpoint);
      if (event.kind === 'arm') {
        known.set(event.record.name, event.record);
        if (isOver(event.record)) checkpoints.delete(event.record.name);
      }
      yield event;
    }
    if (options.signal?.aborted) return;
    assertProgress(arms, until, known);
  }
}

/** Else the same leg would come again, for ever. */
function assertProgress(
  arms: readonly ArmSpec[],
  until: Segment['until'],
  known: ReadonlyMap<string, ArmRecord>,
): void {
  for (const { name } of arms) {
    const record = known.get(name);
    const isThere =
      isOver(record) || (record !== undefined && stepOf(record) >= (until.get(name) ?? Number.POSITIVE_INFINITY));
    if (!isThere)
      throw new Error(`[conduct] expected the executor to train ${name} to the end of its leg but it did not`);
  }
}

/** The record of an arm that has not begun. */
export function notStarted(name: string): ArmRecord {
  return { name, status: 'interrupted', series: {}, final: {}, digest: digestFloats([]) };
}
