// The one training loop: every arm of every experiment goes through `Training.run`.
import type { Device, Sequential, Tensor } from '@descent/nn';
import type { ImageData, Sha256 } from '@descent/nn/data';
import { digestFloats } from '../record/digest.ts';
import type { ArmRecord } from '../record/record.ts';
import { ActivationSurvey } from './activation-survey.ts';
import type { ArmSpec } from './arm.ts';
import { Classifier } from './classifier.ts';
import { type MeasuredValues, SeriesLog } from './series-log.ts';
import { SurfaceDescent } from './surface-descent.ts';
import type { Task } from './task.ts';

/** What a training needs beside its description. */
export interface TrainingContext {
  /** Whose kernels compute it and whose memory it takes. */
  readonly device: Device;
  /** Examples on the same device; only a classifier needs them. */
  readonly data?: Pick<ImageData, 'train' | 'test'>;
  /** For digests: a faster SHA-256 than the portable one, such as node:crypto's. */
  readonly sha256?: Sha256 | undefined;
}

/** A training at rest: with its description and its data it goes on to the same bits. */
export interface Checkpoint extends MeasuredValues {
  /** Name of the arm. */
  readonly arm: string;
  /** Steps done. */
  readonly step: number;
  /** Parameters, then the tensors of the optimizer, then running statistics, as float32 bytes. */
  readonly state: Uint8Array;
  /** The optimizer's numbers outside tensors. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** Where a network has come to, and what the parts of its state are: enough for a file that other programs read. */
export interface FinalState {
  /** At its last step. */
  readonly checkpoint: Checkpoint;
  /** One row of the network's input. */
  readonly inputShape: readonly number[];
  /** The tensors of the optimizer, in the order in which the state has them. */
  readonly optimizerTensors: readonly string[];
}

/** A checkpoint from which its arm cannot go on. */
export class CheckpointError extends Error {
  /** 'CheckpointError'. */
  override readonly name = 'CheckpointError';

  constructor(arm: string, expected: string, got: string) {
    super(`[Training] expected ${expected} in the checkpoint of ${arm} but got ${got}; without it the arm begins anew`);
  }
}

/**
 * One arm in training. It takes memory of the device when built and gives it back on `release`: trainings on one device
 * are released in the reverse order of their making.
 */
export class Training {
  /** What is trained. */
  readonly spec: ArmSpec;
  /** How many steps it takes from beginning to end. */
  readonly steps: number;
  readonly #task: Task;
  readonly #log: SeriesLog;
  readonly #sha256: Sha256 | undefined;
  readonly #release: () => void;
  #step: number;
  #divergence: ArmRecord['divergence'];

  /**
   * @param checkpoint where to go on; without it at the beginning
   * @throws RangeError where the memory does not suffice
   * @throws CheckpointError where the checkpoint is of another arm
   */
  constructor(spec: ArmSpec, context: TrainingContext, checkpoint?: Checkpoint) {
    const { arena } = context.device;
    const mark = arena.mark();
    this.#release = () => arena.release(mark);
    this.spec = spec;
    this.#sha256 = context.sha256;
    this.#task = this.#orRelease(() => createTask(spec, context));
    this.steps = this.#task.steps;
    this.#log = new SeriesLog(checkpoint);
    this.#step = checkpoint?.step ?? 0;
    if (checkpoint) this.#orRelease(() => this.#restore(checkpoint));
  }

  #restore(checkpoint: Checkpoint): void {
    checkFit(this.#task, checkpoint);
    restoreState(this.#task, checkpoint);
  }

  /** What cannot be made leaves no memory taken. */
  #orRelease<T>(make: () => T): T {
    try {
      return make();
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** Whether nothing is left to train. */
  get isDone(): boolean {
    return this.#step === this.steps || this.#divergence !== undefined;
  }

  /** The network that names images, as the last step left it; none where the arm has none. To look at, not to change: `inspect`. */
  get model(): Sequential | undefined {
    return this.#task.model;
  }

  /**
   * Trains until the last step or the first at which the loss or a parameter is not finite.
   * @yields the loss of each step
   */
  *run(): Generator<number, void> {
    if (this.#log.isEmpty) this.#task.begin(this.#log);
    while (!this.isDone) {
      const loss = this.#task.update(this.#step + 1, this.#log);
      this.#step++;
      if (this.#task.hasDiverged) this.#divergence = { step: this.#step, ...this.#task.locateDivergence() };
      yield loss;
    }
  }

  /** A copy of all that the next step depends on. Between steps only. */
  snapshot(): Checkpoint {
    const tensors = stateTensors(this.#task);
    const floats = new Float32Array(sizeOfAll(tensors));
    let offset = 0;
    for (const { data } of tensors) {
      floats.set(data, offset);
      offset += data.length;
    }
    const state = new Uint8Array(floats.buffer);
    const scalars = { ...this.#task.optimizer?.state().scalars };
    return { arm: this.spec.name, step: this.#step, state, scalars, ...this.#log.values() };
  }

  /** What has been measured since this was last asked, or since the checkpoint. */
  takeNewSeries(): MeasuredValues['series'] {
    return this.#log.takeNew();
  }

  /** The state as it stands, with what names its parts; undefined where the arm trains no network. */
  finalState(): FinalState | undefined {
    const { model, optimizer } = this.#task;
    if (!model || !optimizer) return undefined;
    const optimizerTensors = Object.keys(optimizer.state().tensors);
    return { checkpoint: this.snapshot(), inputShape: [...model.inputShape], optimizerTensors };
  }

  /** The arm as it stands: finished, diverged, or else interrupted. */
  record(): ArmRecord {
    const isFinished = this.#step === this.steps && !this.#divergence;
    const measured = this.#log.values();
    return {
      name: this.spec.name,
      status: this.#divergence ? 'diverged' : isFinished ? 'finished' : 'interrupted',
      ...measured,
      final: { ...this.#log.last(), ...(isFinished ? this.#task.finish() : {}) },
      ...(this.#divergence && { divergence: this.#divergence }),
      digest: digestArm(this.#task, measured, this.#sha256),
    };
  }

  /** Gives the memory back; the training is over. */
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

/** Everything a step changes: parameters, the optimizer's tensors, running statistics. */
function stateTensors({ values, optimizer, running }: Task): Tensor[] {
  return [values, ...Object.values(optimizer?.state().tensors ?? {}), ...(running ? [running] : [])];
}

/**
 * SHA-256 over float32 bytes: parameters; the optimizer's tensors, running statistics, the optimizer's numbers; the values
 * of every series, series in the order of their names; the counts of every histogram likewise.
 */
function digestArm(task: Task, { series, histograms = {} }: MeasuredValues, sha256: Sha256 | undefined): string {
  const scalars = Object.values(task.optimizer?.state().scalars ?? {});
  const values = sortedByName(series).map(({ value }) => value);
  const counts = sortedByName(histograms).map((histogram) => histogram.counts);
  const tensors = stateTensors(task).map(({ data }) => data);
  return digestFloats([...tensors, scalars, ...values, ...counts], sha256);
}

function sortedByName<T>(record: Readonly<Record<string, T>>): T[] {
  return Object.keys(record)
    .sort()
    .map((name) => record[name] as T);
}

/** A checkpoint is a file, and so may be anything. */
function checkFit(task: Task, { arm, step, state, scalars }: Checkpoint): void {
  const isWhole = Number.isInteger(step) && step >= 0 && step <= task.steps;
  if (!isWhole) throw new CheckpointError(arm, `a step from 0 to ${task.steps}`, String(step));
  const bytes = 4 * sizeOfAll(stateTensors(task));
  if (state.byteLength !== bytes) throw new CheckpointError(arm, `${bytes} bytes`, String(state.byteLength));
  const [names, got] = [Object.keys(task.optimizer?.state().scalars ?? {}), Object.keys(scalars)];
  if (names.join() === got.join()) return;
  throw new CheckpointError(arm, `numbers called ${listed(names)}`, listed(got));
}

const sizeOfAll = (tensors: readonly Tensor[]) => tensors.reduce((sum, { size }) => sum + size, 0);

const listed = (names: readonly string[]) => names.slice(0, 4).join(', ').slice(0, 100) || 'nothing';

function restoreState(task: Task, { step, state, scalars }: Checkpoint): void {
  // Not `slice`: that of a Buffer is no copy.
  const floats = new Float32Array(new Uint8Array(state).buffer);
  let offset = 0;
  for (const { data } of stateTensors(task)) {
    data.set(floats.subarray(offset, offset + data.length));
    offset += data.length;
  }
  task.optimizer?.loadStateDict({ ...task.optimizer.stateDict(), scalars: { ...scalars } });
  task.resume(step);
}
