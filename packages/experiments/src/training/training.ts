// The training loop: every arm of every experiment runs `Training.run`.
import type { Device, Optimizer, Sequential, Tensor } from '@descent/nn';
import type { ImageData, Sha256 } from '@descent/nn/data';
import { digestFloats } from '../record/digest.ts';
import type { ArmRecord } from '../record/record.ts';
import { ActivationSurvey } from './activation-survey.ts';
import type { ArmSpec } from './arm.ts';
import { Classifier } from './classifier.ts';
import { createOptimizer } from './optimizers.ts';
import { type MeasuredValues, SeriesLog } from './series-log.ts';
import { SurfaceDescent } from './surface-descent.ts';
import type { Task } from './task.ts';

/** What a training needs besides its specification. */
export interface TrainingContext {
  /** The kernels and the memory. */
  readonly device: Device;
  /** Examples on the same device. Only a classifier needs them. */
  readonly data?: Pick<ImageData, 'train' | 'test'>;
  /** SHA-256 for digests. Default: a portable implementation, which is slower than that of `node:crypto`. */
  readonly sha256?: Sha256 | undefined;
}

/** The state of a training between two steps. A training that continues from it has the same result bit for bit. */
export interface Checkpoint extends MeasuredValues {
  /** Name of the arm. */
  readonly arm: string;
  /** Completed steps. */
  readonly step: number;
  /** Parameters, then the tensors of the optimizer, then running statistics, as float32 bytes. */
  readonly state: Uint8Array;
  /** State of the optimizer outside tensors. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** The last checkpoint of a network with a description of its state, for files that other programs read. */
export interface FinalState {
  /** The checkpoint after the last step. */
  readonly checkpoint: Checkpoint;
  /** Shape of one input row. */
  readonly inputShape: readonly number[];
  /** Names of the optimizer's tensors in the order of the state. */
  readonly optimizerTensors: readonly string[];
}

/** A checkpoint that does not fit its arm. */
export class CheckpointError extends Error {
  /** 'CheckpointError'. */
  override readonly name = 'CheckpointError';

  constructor(arm: string, expected: string, got: string) {
    super(
      `[Training] expected ${expected} in the checkpoint of ${arm} but got ${got}; without the checkpoint the arm starts again`,
    );
  }
}

/**
 * The training of one arm. The constructor allocates memory of the device and `release` frees it. Trainings on one
 * device must be released in reverse order of their creation.
 */
export class Training {
  /** The arm. */
  readonly spec: ArmSpec;
  /** Total steps. */
  readonly steps: number;
  readonly #task: Task;
  /** Missing if nothing is trained. */
  readonly #optimizer: Optimizer | undefined;
  #log = new SeriesLog();
  readonly #sha256: Sha256 | undefined;
  readonly #release: () => void;
  #step = 0;
  #divergence: ArmRecord['divergence'];

  /**
   * @param checkpoint the state to continue from. Default: the beginning
   * @throws RangeError if there is not enough memory
   * @throws CheckpointError if the checkpoint does not fit the arm
   */
  constructor(spec: ArmSpec, context: TrainingContext, checkpoint?: Checkpoint) {
    const { arena } = context.device;
    const mark = arena.mark();
    this.#release = () => arena.release(mark);
    this.spec = spec;
    this.#sha256 = context.sha256;
    try {
      const { task } = spec;
      this.#task = createTask(spec, context);
      this.#optimizer = 'optimizer' in task ? createOptimizer(task.optimizer, this.#task.parameters) : undefined;
      this.steps = task.steps;
      if (checkpoint) this.restore(checkpoint);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /**
   * Returns to a checkpoint of this arm.
   * @throws CheckpointError if the checkpoint belongs to another arm
   */
  restore(checkpoint: Checkpoint): void {
    this.#checkCompatible(checkpoint);
    const { step, state, scalars } = checkpoint;
    // `slice` of a Buffer would not copy.
    const floats = new Float32Array(new Uint8Array(state).buffer);
    let offset = 0;
    for (const { data } of this.#stateTensors()) {
      data.set(floats.subarray(offset, offset + data.length));
      offset += data.length;
    }
    this.#optimizer?.loadStateDict({ ...this.#optimizer.stateDict(), scalars: { ...scalars } });
    this.#task.resume(step);
    this.#log = new SeriesLog(checkpoint);
    this.#step = step;
    this.#divergence = undefined;
  }

  /** @throws CheckpointError if the checkpoint, which may come from any file, does not fit the arm */
  #checkCompatible({ arm, step, state, scalars }: Checkpoint): void {
    const isValidStep = Number.isInteger(step) && step >= 0 && step <= this.steps;
    if (!isValidStep) throw new CheckpointError(arm, `a step from 0 to ${this.steps}`, String(step));
    const bytes = 4 * totalSize(this.#stateTensors());
    if (state.byteLength !== bytes) throw new CheckpointError(arm, `${bytes} bytes`, String(state.byteLength));
    const [names, got] = [Object.keys(this.#scalars), Object.keys(scalars)];
    if (names.join() === got.join()) return;
    throw new CheckpointError(arm, `numbers called ${formatNames(names)}`, formatNames(got));
  }

  /** Returns all tensors that a step changes: parameters, the optimizer's tensors, running statistics. */
  #stateTensors(): Tensor[] {
    const { values, running } = this.#task;
    return [values, ...Object.values(this.#optimizer?.state().tensors ?? {}), ...(running ? [running] : [])];
  }

  /** The numbers of the optimizer that a step changes. */
  get #scalars(): Readonly<Record<string, number>> {
    return this.#optimizer?.state().scalars ?? {};
  }

  /** Completed steps. */
  get step(): number {
    return this.#step;
  }

  /** Whether the training has finished or diverged. */
  get isDone(): boolean {
    return this.#step === this.steps || this.#divergence !== undefined;
  }

  /** The network after the last step, if the arm has one. It must not be changed; see `inspect`. */
  get model(): Sequential | undefined {
    return this.#task.model;
  }

  /**
   * Trains until the last step, or the first step whose loss or parameters are not finite.
   * @yields the loss of each step
   */
  *run(): Generator<number, void> {
    if (this.#log.isEmpty) this.#task.begin(this.#log);
    while (!this.isDone) {
      const loss = this.#task.update(this.#step + 1, this.#log, this.#optimizer);
      this.#step++;
      if (this.#task.hasDiverged) this.#divergence = { step: this.#step, ...this.#task.locateDivergence() };
      yield loss;
    }
  }

  /** Returns a copy of all state that the next step depends on. */
  snapshot(): Checkpoint {
    const tensors = this.#stateTensors();
    const floats = new Float32Array(totalSize(tensors));
    let offset = 0;
    for (const { data } of tensors) {
      floats.set(data, offset);
      offset += data.length;
    }
    const state = new Uint8Array(floats.buffer);
    return { arm: this.spec.name, step: this.#step, state, scalars: { ...this.#scalars }, ...this.#log.values() };
  }

  /** Returns the values measured since the last call, or since the checkpoint. */
  takeNewSeries(): MeasuredValues['series'] {
    return this.#log.takeNew();
  }

  /** Returns the current state with a description, or undefined if the arm trains no network. */
  finalState(): FinalState | undefined {
    const { model } = this.#task;
    if (!model || !this.#optimizer) return undefined;
    const optimizerTensors = Object.keys(this.#optimizer.state().tensors);
    return { checkpoint: this.snapshot(), inputShape: [...model.inputShape], optimizerTensors };
  }

  /** Returns the record of the arm: finished, diverged, or otherwise interrupted. */
  record(): ArmRecord {
    const isFinished = this.#step === this.steps && !this.#divergence;
    const measured = this.#log.values();
    return {
      name: this.spec.name,
      status: this.#divergence ? 'diverged' : isFinished ? 'finished' : 'interrupted',
      ...measured,
      final: { ...this.#log.last(), ...(isFinished ? this.#task.finish() : {}) },
      ...(this.#divergence && { divergence: this.#divergence }),
      digest: this.#digest(measured),
    };
  }

  /**
   * Computes the SHA-256 of float32 bytes: parameters, the optimizer's tensors, running statistics, the optimizer's
   * numbers, then the values of every series and the counts of every histogram, both sorted by name.
   */
  #digest({ series, histograms = {} }: MeasuredValues): string {
    const values = sortByName(series).map(({ value }) => value);
    const counts = sortByName(histograms).map((histogram) => histogram.counts);
    const tensors = this.#stateTensors().map(({ data }) => data);
    return digestFloats([...tensors, Object.values(this.#scalars), ...values, ...counts], this.#sha256);
  }

  /** Frees the memory. The training cannot be used afterwards. */
  release(): void {
    this.#release();
  }
}

function createTask({ name, seed, task }: ArmSpec, { device, data }: TrainingContext): Task {
  if (task.kind === 'surface') return new SurfaceDescent(task, device);
  if (task.kind === 'activations') return new ActivationSurvey(task, seed, device);
  if (!data) throw new TypeError(`[Training] expected data for ${name} but got none; load a data set first`);
  return new Classifier(task, seed, device, data);
}

function sortByName<T>(record: Readonly<Record<string, T>>): T[] {
  return Object.keys(record)
    .sort()
    .map((name) => record[name] as T);
}

const totalSize = (tensors: readonly Tensor[]) => tensors.reduce((sum, { size }) => sum + size, 0);

const formatNames = (names: readonly string[]) => names.slice(0, 4).join(', ').slice(0, 100) || 'nothing';
