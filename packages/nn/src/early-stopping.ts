// When to stop, and with which parameters.
import * as is from './core/check.ts';
import { Tensor } from './core/tensor.ts';
import type { Sequential } from './layers/sequential.ts';

/** When to stop, and what to put back. */
export interface EarlyStoppingOptions {
  /** Epochs in a row without a better measure at which to stop: a whole number of 0 or more; 0 and 1 both stop at the first. Default 0. */
  patience?: number;
  /** A measure is better by more than this. Default 0. */
  minDelta?: number;
  /** Whether the measure is to fall (a loss) or to rise (an accuracy). Default 'min'. */
  mode?: 'min' | 'max';
  /** A model to put back to what it was at its best, once `step` says to stop. Default: none. */
  restoreBest?: Sequential;
}

/** Where it stands. `best` is null before the first epoch, for JSON has no infinity. */
export interface EarlyStoppingState {
  /** The best measure. */
  best: number | null;
  /** The epoch of the best measure, from 1 on. */
  bestEpoch: number;
  /** Epochs so far. */
  lastEpoch: number;
  /** Epochs since the best. */
  waited: number;
  /** With `restoreBest`: parameters, then running statistics, as they were at the best. */
  parameters?: Float32Array;
}

const stateRule = is.optionsOf<EarlyStoppingState>(
  {
    best: is.nullable(is.number),
    bestEpoch: is.counter,
    lastEpoch: is.counter,
    waited: is.counter,
    parameters: is.kind('a Float32Array', (value) => value instanceof Float32Array),
  },
  ['best', 'bestEpoch', 'lastEpoch', 'waited'],
);

interface WeightsSnapshot {
  readonly model: Sequential;
  readonly values: Tensor;
  readonly running: Tensor;
}

/**
 * Says when a measure has not got better for `patience` epochs (Prechelt 1998, "Early stopping — but when?"). Keras: the callback
 * `EarlyStopping`. A measure that is NaN is never better. Keeping the best takes memory when it is made, none in a step.
 *
 *     const stopping = new EarlyStopping({ patience: 5, restoreBest: model });
 *     do { … } while (!stopping.step(evaluate(model, loss, validation).loss));
 */
export class EarlyStopping {
  /** Epochs in a row without a better measure at which to stop. */
  readonly patience: number;
  /** A measure is better by more than this. */
  readonly minDelta: number;
  /** Whether the measure is to fall or to rise. */
  readonly mode: 'min' | 'max';
  readonly #keeper: WeightsSnapshot | undefined;
  #best: number;
  #bestEpoch = 0;
  #lastEpoch = 0;
  #waited = 0;

  /** @throws RangeError where an option is out of its range, TypeError where the model has no memory yet */
  constructor(options: EarlyStoppingOptions = {}) {
    is.checkArguments('EarlyStopping', arguments, {
      options: is.optionsOf<EarlyStoppingOptions>({
        patience: is.counter,
        minDelta: is.nonNegative,
        mode: is.choice('min', 'max'),
        restoreBest: is.having('stateDict', 'a model'),
      }),
    });
    const { patience = 0, minDelta = 0, mode = 'min', restoreBest } = options;
    this.patience = patience;
    this.minDelta = minDelta;
    this.mode = mode;
    this.#best = worst(mode);
    this.#keeper = restoreBest && snapshotOf(restoreBest);
  }

  /** The best measure so far; ±∞ before the first epoch. */
  get best(): number {
    return this.#best;
  }

  /** The epoch of the best measure, from 1 on; 0 where there is none. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** Calls of `step` so far. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /**
   * Ends an epoch.
   * @param measure what is to get better, such as the validation loss
   * @returns whether to stop; a model to put back is back by then
   */
  step(measure: number): boolean {
    is.checkCount('EarlyStopping.step', arguments.length, 1);
    is.check('EarlyStopping', 'measure, such as the validation loss,', measure, is.number);
    this.#lastEpoch++;
    this.#waited++;
    if (this.#isBetter(measure)) {
      this.#best = measure;
      this.#bestEpoch = this.#lastEpoch;
      this.#waited = 0;
      if (this.#keeper) save(this.#keeper);
      return false;
    }
    const stops = this.#waited >= this.patience;
    if (stops) this.restore();
    return stops;
  }

  /** Puts the model back to its best: where training ends by itself, before `step` says so. Does nothing without a best. */
  restore(): void {
    if (this.#keeper && this.#bestEpoch > 0) restore(this.#keeper);
  }

  #isBetter(measure: number): boolean {
    return this.mode === 'min' ? measure + this.minDelta < this.#best : measure - this.minDelta > this.#best;
  }

  /** A copy to go on from, also elsewhere. */
  stateDict(): EarlyStoppingState {
    const state = { bestEpoch: this.#bestEpoch, lastEpoch: this.#lastEpoch, waited: this.#waited };
    const best = this.#best === worst(this.mode) ? null : this.#best;
    if (!this.#keeper) return { best, ...state };
    const { values, running } = this.#keeper;
    return { best, ...state, parameters: Float32Array.from([...values.data, ...running.data]) };
  }

  /** @throws RangeError where a count is not a whole number, or parameters are missing or of another model */
  loadStateDict(state: EarlyStoppingState): void {
    is.checkArguments('EarlyStopping', arguments, { state: stateRule });
    const { best, bestEpoch, lastEpoch, waited, parameters } = state;
    if (this.#keeper) load(this.#keeper, parameters);
    this.#best = best ?? worst(this.mode);
    this.#bestEpoch = bestEpoch;
    this.#lastEpoch = lastEpoch;
    this.#waited = waited;
  }
}

const floats = is.tensorOf('float32');

/** What every measure is better than. */
function worst(mode: 'min' | 'max'): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

function snapshotOf(model: Sequential): WeightsSnapshot {
  const { device, values, running } = model;
  return { model, values: Tensor.zeros(device, [values.size]), running: Tensor.zeros(device, [running.size]) };
}

function save({ model, values, running }: WeightsSnapshot): void {
  copy(model.values, values);
  copy(model.running, running);
}

function restore({ model, values, running }: WeightsSnapshot): void {
  copy(values, model.values);
  copy(running, model.running);
}

function copy(from: Tensor, to: Tensor): void {
  is.check('EarlyStopping', 'the copy of the best model', from, floats);
  is.check('EarlyStopping', 'the copy of the best model', to, floats);
  is.checkSameDevice('EarlyStopping', from.device, to);
  from.device.kernels.copy(from.size, from.pointer, to.pointer);
}

function load({ values, running }: WeightsSnapshot, parameters: Float32Array | undefined): void {
  const size = values.size + running.size;
  if (parameters?.length !== size) {
    throw new RangeError(`[EarlyStopping] expected ${size} parameters but got ${parameters?.length ?? 'none'}`);
  }
  values.data.set(parameters.subarray(0, values.size));
  running.data.set(parameters.subarray(values.size));
}
