// Creates the schedule of an experiment and runs it segment by segment.

import type { Experiment } from '../experiment.ts';
import type { Options, Schema } from '../options/options.ts';
import { digestFloats } from '../record/digest.ts';
import type { ArmRecord } from '../record/record.ts';
import { scheduleStudy } from '../search/study.ts';
import { isOver, lastStep } from '../search/trial.ts';
import type { ArmSpec } from './arm.ts';
import type { ExecuteOptions, Executor, RunEvent } from './executor.ts';
import type { Schedule, Segment } from './segment.ts';

/** Creates a schedule: the rounds of a search, or one segment for any other experiment. */
export function createSchedule<S extends Schema>(
  experiment: Pick<Experiment<S>, 'arms' | 'study'>,
  options: Options<S>,
  seed: number,
): Schedule {
  if (experiment.study) return scheduleStudy(experiment.study(options), seed);
  const arms = experiment.arms(options, seed);
  return {
    planned: arms.map(({ name, task }) => ({ name, steps: task.steps })),
    next: (known) => ({ arms: arms.filter(({ name }) => !isOver(known.get(name))), until: new Map(), pruned: [] }),
    specOf: (wanted) => arms.find(({ name }) => name === wanted),
  };
}

/** Options of `runSchedule`. */
export interface RunScheduleOptions extends ExecuteOptions {
  /** Records of arms that ended in an earlier run. */
  readonly finished?: readonly ArmRecord[];
}

/**
 * Runs all segments of a schedule. An arm that pauses between two segments has an `interrupted` event and another event
 * when it has ended. A pruned arm has its event when it is pruned.
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
    // If all arms of a round were pruned, the next round follows.
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

/** Prevents an infinite loop: an arm that did not end would be in the next segment again. */
function assertProgress(
  arms: readonly ArmSpec[],
  until: Segment['until'],
  known: ReadonlyMap<string, ArmRecord>,
): void {
  for (const { name } of arms) {
    const record = known.get(name);
    const hasReachedEnd =
      isOver(record) || (record !== undefined && lastStep(record) >= (until.get(name) ?? Number.POSITIVE_INFINITY));
    if (!hasReachedEnd)
      throw new Error(`[runSchedule] expected the executor to train ${name} to the end of its segment but it did not`);
  }
}

/** Returns the record of an arm that has not started. */
export function notStarted(name: string): ArmRecord {
  return { name, status: 'interrupted', series: {}, final: {}, digest: digestFloats([]) };
}
