// Runs arms and tells how they fare. This one works in the thread it is called from; pools of workers, in the command
// line and the page, stand behind the same interface.
import type { ArmSpec } from './arm.ts';
import type { ArmRecord } from './record.ts';
import type { Checkpoint } from './training.ts';
import { Training, type TrainingContext } from './training.ts';

/** What an executor tells. All of it is data that can cross to another thread. */
export type RunEvent =
  /** Some steps of an arm are done; `losses` are those since the last such event, up to and including `step`. */
  | {
      readonly kind: 'progress';
      readonly arm: string;
      readonly step: number;
      readonly steps: number;
      readonly losses: readonly number[];
    }
  /** A place from which the arm can go on. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  /** The arm has ended: finished, diverged, or interrupted. Every arm has one such event. */
  | { readonly kind: 'arm'; readonly record: ArmRecord };

export interface ExecuteOptions {
  /** When it fires, the arm at work gives a checkpoint, and all that have not ended are reported as interrupted. */
  readonly signal?: AbortSignal;
  /** Where arms go on, by name; the others begin at the beginning. */
  readonly checkpoints?: ReadonlyMap<string, Checkpoint>;
  /** Milliseconds between checkpoints of an arm. Default: none but at an interruption. */
  readonly checkpointEvery?: number;
}

export interface Executor {
  run(arms: readonly ArmSpec[], options?: ExecuteOptions): AsyncIterable<RunEvent>;
}

/**
 * One arm after the other, in this thread.
 * @param pause gives way to the event loop, so that signals, timers and paint come through
 * @param slice milliseconds of work between two pauses, at least a step. Default 16: a frame of a page at 60 Hz
 */
export function createExecutor(context: TrainingContext, pause: () => Promise<void>, slice = 16): Executor {
  const pace: Pace = { pause, slice };
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

interface Pace {
  readonly pause: () => Promise<void>;
  readonly slice: number;
}

async function* runArm(
  training: Training,
  { pause, slice }: Pace,
  { signal, checkpointEvery = Number.POSITIVE_INFINITY }: ExecuteOptions,
): AsyncGenerator<RunEvent> {
  const { name } = training.spec;
  const steps = training.run();
  let saved = performance.now();
  for (;;) {
    if (signal?.aborted) {
      if (training.step > 0) yield { kind: 'checkpoint', checkpoint: training.snapshot() };
      break;
    }
    const { losses, done } = work(steps, performance.now() + slice);
    if (losses.length > 0) yield { kind: 'progress', arm: name, step: training.step, steps: training.steps, losses };
    if (done) break;
    if (performance.now() - saved >= checkpointEvery) {
      yield { kind: 'checkpoint', checkpoint: training.snapshot() };
      saved = performance.now();
    }
    await pause();
  }
  yield { kind: 'arm', record: training.record() };
}

/** Steps until the time is up, at least one. */
function work(steps: Iterator<number>, until: number): { losses: number[]; done: boolean } {
  const losses: number[] = [];
  do {
    const { value, done } = steps.next();
    if (done) return { losses, done };
    losses.push(value);
  } while (performance.now() < until);
  return { losses, done: false };
}
