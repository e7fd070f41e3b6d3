// Early stopping, and restoring the best parameters.
import * as is from './core/check.ts';
import { Tensor } from './core/tensor.ts';
import type { Sequential } from './layers/sequential.ts';
import { toStoredBest, worstValue } from './schedules/plateau.ts';

/** Options of `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /** Consecutive epochs without improvement at which to stop: a whole number of 0 or more; 0 and 1 both stop at the first. Default 0. */
  patience?: number;
  /** An improvement must be greater than this. Default 0. */
  minDelta?: number;
  /** Whether lower values are better (a loss) or higher ones (an accuracy). Default 'min'. */
  mode?: 'min' | 'max';
  /** A model whose best parameters are restored when `step` returns true. Default: none. */
  restoreBest?: Sequential;
}

/** The state of `EarlyStopping`. `best` is null before the first epoch, because JSON has no infinity. */
export interface EarlyStoppingState {
  /** The best metric. */
  best: number | null;
  /** The epoch of the best metric, from 1 on. */
  bestEpoch: number;
  /** Number of calls of `step`. */
  lastEpoch: number;
  /** Epochs since the best. */
  waited: number;
  /** With `restoreBest`: the best parameters, then the running statistics of that epoch. */
  parameters?: Float32Array;
}

const stateRule = is.optionsOf<EarlyStoppingState>(
  {
    best: is.nullable(is.number),
    bestEpoch: is.counter,
    lastEpoch: is.counter,
    waited: is.counter,
    parameters: is.floatsLike,
  },
  ['best', 'bestEpoch', 'lastEpoch', 'waited'],
);

/**
 * Reports when a metric has not improved for `patience` epochs (Prechelt 1998, "Early stopping — but when?"). NaN is never better.
 * Keras: the callback `EarlyStopping`. It allocates the memory of the best parameters at creation, and none in a step.
 *
 *     const stopping = new EarlyStopping({ patience: 5, restoreBest: model });
 *     do { … } while (!stopping.step(evaluate(model, loss, validation).loss));
 */
export class EarlyStopping {
  readonly #options: Required<Omit<EarlyStoppingOptions, 'restoreBest'>>;
  readonly #snapshot: WeightsSnapshot | undefined;
  #state: { best: number; bestEpoch: number; lastEpoch: number; waited: number };

  /** @throws RangeError if an option is out of its range, TypeError if the model has no memory yet */
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
    this.#options = { patience, minDelta, mode };
    this.#state = { best: worstValue(mode), bestEpoch: 0, lastEpoch: 0, waited: 0 };
    this.#snapshot = restoreBest && new WeightsSnapshot(restoreBest);
  }

  /** The best metric so far; ±∞ before the first epoch. */
  get best(): number {
    return this.#state.best;
  }

  /** The epoch of the best metric, from 1 on; 0 if there is none. */
  get bestEpoch(): number {
    return this.#state.bestEpoch;
  }

  /** Number of calls of `step`. */
  get lastEpoch(): number {
    return this.#state.lastEpoch;
  }

  /**
   * Ends an epoch.
   * @param metric such as the validation loss
   * @returns whether to stop; the best parameters are restored then
   */
  step(metric: number): boolean {
    is.checkCount('EarlyStopping.step', arguments.length, 1);
    is.check('EarlyStopping', 'measure, such as the validation loss,', metric, is.number);
    const { patience, minDelta, mode } = this.#options;
    const state = this.#state;
    const isBetter = mode === 'min' ? metric + minDelta < state.best : metric - minDelta > state.best;
    state.lastEpoch++;
    state.waited++;
    if (isBetter) {
      state.best = metric;
      state.bestEpoch = state.lastEpoch;
      state.waited = 0;
      this.#snapshot?.save();
      return false;
    }
    const stops = state.waited >= patience;
    if (stops) this.restore();
    return stops;
  }

  /** Restores the best parameters, if training ends before `step` returns true. Does nothing without a best epoch. */
  restore(): void {
    if (this.#state.bestEpoch > 0) this.#snapshot?.restore();
  }

  /** Returns a copy of the state. */
  stateDict(): EarlyStoppingState {
    const state = { ...this.#state, best: toStoredBest(this.#state.best, this.#options.mode) };
    return this.#snapshot ? { ...state, parameters: this.#snapshot.parameters } : state;
  }

  /** Loads a state. @throws RangeError if a count is not a whole number, or parameters are missing or of another model */
  loadStateDict(state: EarlyStoppingState): void {
    is.checkArguments('EarlyStopping', arguments, { state: stateRule });
    const { best, bestEpoch, lastEpoch, waited, parameters } = state;
    this.#snapshot?.load(parameters);
    this.#state = { best: best ?? worstValue(this.#options.mode), bestEpoch, lastEpoch, waited };
  }
}

const floats = is.tensorOf('float32');

/** A copy of the parameters and running statistics of a model. */
class WeightsSnapshot {
  readonly #model: Sequential;
  readonly #values: Tensor;
  readonly #running: Tensor;

  constructor(model: Sequential) {
    this.#model = model;
    this.#values = Tensor.zeros(model.device, [model.values.size]);
    this.#running = Tensor.zeros(model.device, [model.running.size]);
  }

  save(): void {
    copy(this.#model.values, this.#values);
    copy(this.#model.running, this.#running);
  }

  restore(): void {
    copy(this.#values, this.#model.values);
    copy(this.#running, this.#model.running);
  }

  get parameters(): Float32Array {
    return Float32Array.from([...this.#values.data, ...this.#running.data]);
  }

  load(parameters: Float32Array | undefined): void {
    const size = this.#values.size + this.#running.size;
    if (parameters?.length !== size) {
      throw new RangeError(`[EarlyStopping] expected ${size} parameters but got ${parameters?.length ?? 'none'}`);
    }
    this.#values.data.set(parameters.subarray(0, this.#values.size));
    this.#running.data.set(parameters.subarray(this.#values.size));
  }
}

function copy(from: Tensor, to: Tensor): void {
  is.check('EarlyStopping', 'the copy of the best model', from, floats);
  is.check('EarlyStopping', 'the copy of the best model', to, floats);
  is.checkSameDevice('EarlyStopping', from.device, to);
  from.device.kernels.copy(from.size, from.pointer, to.pointer);
}
