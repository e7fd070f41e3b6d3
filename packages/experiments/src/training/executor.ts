// Runs arms and tells how they fare. This one works in the thread it is called from; pools of workers, in the command
// line and the page, stand behind the same interface.

import type { ArmRecord } from '../record/record.ts';
import type { ArmSpec } from './arm.ts';
import type { NetworkHistograms } from './histograms.ts';
import { createMonitor, type MonitorOptions, type Observation } from './monitor.ts';
import type { Checkpoint, FinalState } from './training.ts';
import { Training, type TrainingContext } from './training.ts';

/** What an executor tells. All of it is data that can cross to another thread. */
export type RunEvent = ProgressEvent | CheckpointEvent | ArmEvent;

/** Some steps of an arm are done. */
export interface ProgressEvent {
  /** What tells events apart. */
  readonly kind: 'progress';
  /** Name of the arm. */
  readonly arm: string;
  /** Steps done. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** Training loss of each step since the last such event, up to and including `step`. */
  readonly losses: readonly number[];
  /** Where arms are watched. */
  readonly sight?: Observation;
}

/** A place from which an arm can go on. */
export interface CheckpointEvent {
  /** What tells events apart. */
  readonly kind: 'checkpoint';
  /** It has the name of its arm. */
  readonly checkpoint: Checkpoint;
}

/** An arm has ended: finished, diverged, or interrupted. Every arm has one such event. */
export interface ArmEvent {
  /** What tells events apart. */
  readonly kind: 'arm';
  /** What came of it. */
  readonly record: ArmRecord;
  /** Where it was asked for, of an arm that finished. */
  readonly final?: FinalState;
}

/** How arms are run, beside what they are. */
export interface ExecuteOptions {
  /** When it fires, the arm at work gives a checkpoint, and all that have not ended are reported as interrupted. */
  readonly signal?: AbortSignal;
  /** Where arms go on, by name; the others begin at the beginning. */
  readonly checkpoints?: ReadonlyMap<string, Checkpoint>;
  /** Milliseconds between checkpoints of an arm. Default: none but at an interruption. */
  readonly checkpointEvery?: number;
  /**
   * Steps after which an arm pauses, by name: it gives a checkpoint, if it has made a step, and is reported as interrupted. One that
   * ends by then ends as ever. The others go to their ends.
   */
  readonly until?: ReadonlyMap<string, number>;
  /** Whether a network that has been trained to its end hands out its last state with its record. Default: it does not. */
  readonly keepFinal?: boolean;
  /** What to tell of an arm as it goes, beside its loss. Default: nothing. */
  readonly watch?: MonitorOptions | undefined;
}

/** What arms need, and with what eyes they are looked into. */
export interface ExecutorContext extends TrainingContext {
  /** Sees nothing in an arm without a network; missing: nobody looks. */
  readonly look?: ((training: Training) => NetworkHistograms | undefined) | undefined;
}

/** Something that runs arms: this thread, a pool of workers, a queue of machines. Which one never changes a bit. */
export interface Executor {
  /** Runs arms side by side or one after the other. Progress of several may come mixed; each has its `arm` event last. */
  run(arms: readonly ArmSpec[], options?: ExecuteOptions): AsyncIterable<RunEvent>;
}

/**
 * One arm after the other, in this thread.
 * @param pause gives way to the event loop, so that signals, timers and paint come through
 * @param slice milliseconds of work between two pauses, at least a step. Default 16: a frame of a page at 60 Hz
 */
export function createExecutor(context: ExecutorContext, pause: () => Promise<void>, slice = 16): Executor {
  const pace: Pace = { pause, slice, look: context.look };
  return {
    async *run(arms, options = {}) {
      for (const spec of arms) {
        const training = new Training(spec, context, options.checkpoints?.get(spec.name));
        try {
          yield* runArm(training, pace, options);
        } finally {
          training.release();
        }
      }
    },
  };
}

interface Pace extends Pick<ExecutorContext, 'look'> {
  readonly pause: () => Promise<void>;
  readonly slice: number;
}

async function* runArm(
  training: Training,
  { pause, slice, look }: Pace,
  { signal, until, keepFinal, watch: plan, checkpointEvery = Number.POSITIVE_INFINITY }: ExecuteOptions,
): AsyncGenerator<RunEvent> {
  const { name } = training.spec;
  const end = Math.min(until?.get(name) ?? training.steps, training.steps);
  const steps = training.run();
  const first = training.step;
  const watcher = plan && createMonitor(training, plan, look);
  let saved = performance.now();
  while (!training.isOver) {
    if (signal?.aborted || training.step >= end) {
      // One that has made no step is where its own checkpoint is.
      if (training.step > first) yield { kind: 'checkpoint', checkpoint: training.snapshot() };
      break;
    }
    watcher?.look();
    const next = Math.min(end, watcher?.next ?? end);
    const losses = work(steps, next - training.step, performance.now() + slice);
    watcher?.look();
    const sight = watcher && { sight: watcher.sight() };
    yield { kind: 'progress', arm: name, step: training.step, steps: training.steps, losses, ...sight };
    if (!training.isOver && performance.now() - saved >= checkpointEvery) {
      yield { kind: 'checkpoint', checkpoint: training.snapshot() };
      saved = performance.now();
    }
    await pause();
  }
  const record = training.record();
  const final = keepFinal && record.status === 'finished' ? training.final() : undefined;
  yield { kind: 'arm', record, ...(final && { final }) };
}

/** Steps until the time is up, at least one and at most so many. */
function work(steps: Iterator<number, void>, atMost: number, time: number): number[] {
  const losses: number[] = [];
  do {
    const { value, done } = steps.next();
    if (done) break;
    losses.push(value as number);
  } while (losses.length < atMost && performance.now() < time);
  return losses;
}
