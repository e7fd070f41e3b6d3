// Runs arms and reports events. The executor of this file runs them in the calling thread; worker pools and queues have
// the same interface.
import type { ArmRecord } from '../record/record.ts';
import type { ArmSpec } from './arm.ts';
import type { NetworkHistograms } from './histograms.ts';
import { createMonitor, type MonitorOptions, type Observation } from './monitor.ts';
import type { Checkpoint, FinalState } from './training.ts';
import { Training, type TrainingContext } from './training.ts';

/** An event of a run. Events are plain data that can be sent to another thread. */
export type RunEvent = ProgressEvent | CheckpointEvent | ArmEvent;

/** Progress of an arm. */
export interface ProgressEvent {
  /** The discriminant. */
  readonly kind: 'progress';
  /** Name of the arm. */
  readonly arm: string;
  /** Completed steps. */
  readonly step: number;
  /** Total steps. */
  readonly steps: number;
  /** Training loss of each step since the last progress event, up to and including `step`. */
  readonly losses: readonly number[];
  /** What the monitor observed since the last event. Only if arms are monitored. */
  readonly observation?: Observation;
}

/** A checkpoint from which an arm can continue. */
export interface CheckpointEvent {
  /** The discriminant. */
  readonly kind: 'checkpoint';
  /** The checkpoint, which has the name of its arm. */
  readonly checkpoint: Checkpoint;
}

/** The end of an arm: finished, diverged or interrupted. Each arm has one such event. */
export interface ArmEvent {
  /** The discriminant. */
  readonly kind: 'arm';
  /** The record of the arm. */
  readonly record: ArmRecord;
  /** The final state of a finished arm, if it was requested. */
  readonly final?: FinalState;
}

/** Options of a run of arms. */
export interface ExecuteOptions {
  /**
   * Interrupts the run: the running arm emits a checkpoint, and all arms that have not ended are reported as
   * interrupted.
   */
  readonly signal?: AbortSignal;
  /** Checkpoints to continue from, by name of the arm. Other arms start at the beginning. */
  readonly checkpoints?: ReadonlyMap<string, Checkpoint>;
  /** Milliseconds between checkpoints of an arm. Default: a checkpoint only at an interruption. */
  readonly checkpointEvery?: number;
  /**
   * Steps after which an arm pauses, by name: it emits a checkpoint, if it made a step, and is reported as interrupted.
   * An arm that ends at that step or before ends as usual. Other arms run to their ends.
   */
  readonly until?: ReadonlyMap<string, number>;
  /**
   * Largest number of steps that an arm may be ahead of the slowest. Only a pool whose workers can train arms in turns
   * has such a limit. Default: none.
   */
  readonly maxLead?: number;
  /** Whether the event of a finished network includes its final state. Default: false. */
  readonly keepFinal?: boolean;
  /** What to observe while arms train. Default: only the loss. */
  readonly monitor?: MonitorOptions | undefined;
}

/** What an executor needs to run arms. */
export interface ExecutorContext extends TrainingContext {
  /** Reads the histograms of an arm, or undefined for an arm without a network. Default: no histograms. */
  readonly readHistograms?: ((training: Training) => NetworkHistograms | undefined) | undefined;
}

/** Runs arms, in this thread, in a pool of workers or by a queue of machines. Which one never changes a result. */
export interface Executor {
  /**
   * Runs arms in parallel or one after the other. Events of several arms can be mixed; the `arm` event is the last of
   * each.
   */
  run(arms: readonly ArmSpec[], options?: ExecuteOptions): AsyncIterable<RunEvent>;
}

/**
 * Creates an executor that runs one arm after the other in the calling thread.
 * @param pause yields to the event loop, so that signals, timers and painting are handled
 * @param slice milliseconds of work between two pauses; at least one step. Default 16, a frame of a page at 60 Hz
 */
export function createExecutor(context: ExecutorContext, pause: () => Promise<void>, slice = 16): Executor {
  return {
    async *run(arms, options = {}) {
      for (const spec of arms) {
        const training = new Training(spec, context, options.checkpoints?.get(spec.name));
        try {
          yield* runArm(training, { pause, slice, readHistograms: context.readHistograms }, options);
        } finally {
          training.release();
        }
      }
    },
  };
}

interface LoopOptions extends Pick<ExecutorContext, 'readHistograms'> {
  readonly pause: () => Promise<void>;
  readonly slice: number;
}

async function* runArm(
  training: Training,
  { pause, slice, readHistograms }: LoopOptions,
  { signal, until, keepFinal, monitor: plan, checkpointEvery = Number.POSITIVE_INFINITY }: ExecuteOptions,
): AsyncGenerator<RunEvent> {
  const { name } = training.spec;
  const end = Math.min(until?.get(name) ?? training.steps, training.steps);
  const steps = training.run();
  const first = training.step;
  const monitor = plan && createMonitor(training, plan, readHistograms);
  let saved = performance.now();
  while (!training.isDone) {
    if (signal?.aborted || training.step >= end) {
      // Without a step the arm is still at the checkpoint that it started from.
      if (training.step > first) yield { kind: 'checkpoint', checkpoint: training.snapshot() };
      break;
    }
    monitor?.update();
    const next = Math.min(end, monitor?.nextStep ?? end);
    const losses = trainSlice(steps, next - training.step, performance.now() + slice);
    monitor?.update();
    const observation = monitor && { observation: monitor.takeObservation() };
    yield { kind: 'progress', arm: name, step: training.step, steps: training.steps, losses, ...observation };
    if (!training.isDone && performance.now() - saved >= checkpointEvery) {
      yield { kind: 'checkpoint', checkpoint: training.snapshot() };
      saved = performance.now();
    }
    await pause();
  }
  const record = training.record();
  const final = keepFinal && record.status === 'finished' ? training.finalState() : undefined;
  yield { kind: 'arm', record, ...(final && { final }) };
}

/** Trains until the deadline, but at least one step and at most `maxSteps`. Returns the losses. */
export function trainSlice(steps: Iterator<number, void>, maxSteps: number, deadline: number): number[] {
  const losses: number[] = [];
  do {
    const { value, done } = steps.next();
    if (done) break;
    losses.push(value as number);
  } while (losses.length < maxSteps && performance.now() < deadline);
  return losses;
}
