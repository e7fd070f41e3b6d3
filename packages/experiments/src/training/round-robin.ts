// Trains several arms in turns on one device, none beyond a limit that the caller raises. A pool uses it to train arms in
// lockstep; see `../lockstep.ts`.
import type { ArmSpec } from './arm.ts';
import { type ExecuteOptions, type ExecutorContext, type RunEvent, trainSlice } from './executor.ts';
import { createMonitor, type Monitor } from './monitor.ts';
import { type Checkpoint, Training } from './training.ts';

/** Options of `RoundRobin.run`. */
export type RoundRobinOptions = Pick<ExecuteOptions, 'signal' | 'checkpointEvery' | 'keepFinal' | 'monitor'>;

/** Bytes beyond which the trainings of a worker are replaced by their checkpoints. */
const MAX_BYTES = 256 * 2 ** 20;

interface Turn {
  readonly spec: ArmSpec;
  /** The step at which the arm pauses or ends. */
  readonly end: number;
  /** The state from which the arm continues when it is loaded. */
  checkpoint: Checkpoint | undefined;
  /** The training in memory. */
  loaded: Loaded | undefined;
  /** Whether the arm has made a step since it was added. */
  hasMoved: boolean;
  /** Milliseconds of training since the last checkpoint. */
  unsavedMs: number;
}

interface Loaded {
  readonly training: Training;
  readonly steps: Iterator<number, void>;
  readonly monitor: Monitor | undefined;
}

/** Trains arms in turns, always the one that is furthest behind. Arms join and leave while it runs. */
export class RoundRobin {
  readonly #context: ExecutorContext;
  readonly #pause: () => Promise<void>;
  readonly #slice: number;
  readonly #maxBytes: number;
  readonly #turns = new Map<string, Turn>();
  /** Trainings in memory in the order of their creation, also those of arms that have ended or left. */
  #trainings: Training[] = [];
  /** Bytes in use before the first training. */
  #base = 0;
  #limit = 0;
  #isEnded = false;
  #wake = () => {};

  /**
   * @param pause yields to the event loop
   * @param slice milliseconds of a turn; at least one step
   * @param maxBytes limit of the memory of all trainings
   */
  constructor(context: ExecutorContext, pause: () => Promise<void>, slice = 16, maxBytes = MAX_BYTES) {
    this.#context = context;
    this.#pause = pause;
    this.#slice = slice;
    this.#maxBytes = maxBytes;
  }

  /** Adds an arm. @param end the step at which it pauses */
  add(spec: ArmSpec, end: number, checkpoint?: Checkpoint): void {
    this.#turns.set(spec.name, { spec, end, checkpoint, loaded: undefined, hasMoved: false, unsavedMs: 0 });
    this.#wake();
  }

  /**
   * Removes an arm. Returns the checkpoint from which another worker can continue, which is undefined at the beginning.
   * Returns undefined if the arm has ended.
   */
  remove(name: string): { readonly checkpoint: Checkpoint | undefined } | undefined {
    const turn = this.#turns.get(name);
    this.#turns.delete(name);
    return turn && { checkpoint: toCheckpoint(turn) };
  }

  /** Sets the step beyond which no arm trains. */
  raiseLimit(step: number): void {
    this.#limit = step;
    this.#wake();
  }

  /** Ends the run. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Trains until `end` is called. After an interruption all arms are reported as interrupted. */
  async *run(options: RoundRobinOptions): AsyncGenerator<RunEvent> {
    const { signal } = options;
    const wake = () => this.#wake();
    signal?.addEventListener('abort', wake);
    this.#base = this.#context.device.arena.used;
    try {
      while (!this.#isEnded) {
        const turn = this.#next(signal?.aborted ?? false);
        if (turn) {
          yield* signal?.aborted ? this.#close(turn, options) : this.#train(turn, options);
          await this.#pause();
        } else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal?.removeEventListener('abort', wake);
      this.#releaseAll();
    }
  }

  /** Returns the arm that is furthest behind, if it may train. */
  #next(isStopped: boolean): Turn | undefined {
    const turns = [...this.#turns.values()];
    const waiting = turns.filter((turn) => isStopped || stepOf(turn) < this.#limit || stepOf(turn) >= turn.end);
    return waiting.length === 0 ? undefined : waiting.reduce((a, b) => (stepOf(b) < stepOf(a) ? b : a));
  }

  async *#train(turn: Turn, options: RoundRobinOptions): AsyncGenerator<RunEvent> {
    const { training, steps, monitor } = this.#load(turn, options);
    if (!training.isDone && training.step < turn.end) {
      const began = performance.now();
      const end = Math.min(turn.end, this.#limit, monitor?.nextStep ?? turn.end);
      monitor?.update();
      const losses = trainSlice(steps, Math.max(1, end - training.step), began + this.#slice);
      monitor?.update();
      turn.hasMoved = true;
      turn.unsavedMs += performance.now() - began;
      const observation = monitor && { observation: monitor.takeObservation() };
      const { name } = turn.spec;
      yield { kind: 'progress', arm: name, step: training.step, steps: training.steps, losses, ...observation };
    }
    if (training.isDone || training.step >= turn.end) yield* this.#close(turn, options);
    else if (turn.unsavedMs >= (options.checkpointEvery ?? Number.POSITIVE_INFINITY)) {
      turn.unsavedMs = 0;
      yield { kind: 'checkpoint', checkpoint: training.snapshot() };
    }
  }

  /** Reports the end of an arm, or its interruption. */
  async *#close(turn: Turn, options: RoundRobinOptions): AsyncGenerator<RunEvent> {
    const { training } = this.#load(turn, options);
    if (!training.isDone && turn.hasMoved) yield { kind: 'checkpoint', checkpoint: training.snapshot() };
    const record = training.record();
    const final = options.keepFinal && record.status === 'finished' ? training.finalState() : undefined;
    this.#turns.delete(turn.spec.name);
    yield { kind: 'arm', record, ...(final && { final }) };
  }

  #load(turn: Turn, { monitor: plan }: RoundRobinOptions): Loaded {
    if (turn.loaded) return turn.loaded;
    const training = this.#restore(turn) ?? this.#create(turn);
    const monitor = plan && createMonitor(training, plan, this.#context.readHistograms);
    turn.loaded = { training, steps: training.run(), monitor };
    turn.checkpoint = undefined;
    return turn.loaded;
  }

  /** Reuses the memory of an arm that was here before. */
  #restore({ spec, checkpoint }: Turn): Training | undefined {
    const training = this.#trainings.find((each) => each.spec.name === spec.name);
    if (training && checkpoint) training.restore(checkpoint);
    return training;
  }

  /** Creates a training. If there is not enough memory, all others become checkpoints first. */
  #create({ spec, checkpoint }: Turn): Training {
    const create = () => {
      const training = new Training(spec, this.#context, checkpoint);
      this.#trainings.push(training);
      return training;
    };
    if (this.#context.device.arena.used - this.#base > this.#maxBytes) this.#unloadAll();
    try {
      return create();
    } catch (error) {
      if (!(error instanceof RangeError) || this.#trainings.length === 0) throw error;
      this.#unloadAll();
      return create();
    }
  }

  /** Replaces all trainings by their checkpoints. */
  #unloadAll(): void {
    for (const turn of this.#turns.values()) {
      turn.checkpoint = toCheckpoint(turn);
      turn.loaded = undefined;
    }
    this.#releaseAll();
  }

  /** Frees all memory, in reverse order of the allocation. */
  #releaseAll(): void {
    for (const training of this.#trainings.reverse()) training.release();
    this.#trainings = [];
  }
}

function stepOf({ loaded, checkpoint }: Turn): number {
  return loaded?.training.step ?? checkpoint?.step ?? 0;
}

function toCheckpoint({ loaded, checkpoint }: Turn): Checkpoint | undefined {
  if (!loaded) return checkpoint;
  return loaded.training.step === 0 ? undefined : loaded.training.snapshot();
}
