// A schedule that lowers the learning rate when a metric stops improving.
import * as is from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { ParamGroup } from '../optim/param-groups.ts';
import { checkSchedule, toRate } from './scheduler.ts';

/** Options of `ReduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions {
  /** Whether lower values are better (a loss) or higher ones (an accuracy). Default 'min'. */
  mode?: 'min' | 'max';
  /** The factor of the rate: at least 0, less than 1. Default 0.1. */
  factor?: number;
  /** Number of epochs without improvement that are tolerated: the next one lowers the rate. Default 10. */
  patience?: number;
  /** Minimum improvement. Default 1e-4. */
  threshold?: number;
  /** Whether the threshold is relative to the absolute value of the best metric, or absolute. Default 'rel'. */
  thresholdMode?: 'rel' | 'abs';
  /** Epochs after a reduction that do not count. Default 0. */
  cooldown?: number;
  /** The lowest rate. Default 0. */
  minLr?: number;
  /** Minimum change of the rate: smaller ones are skipped. Default 1e-8. */
  eps?: number;
}

/** The state of `ReduceLROnPlateau`. `best` is null before the first epoch, because JSON has no infinity. */
export interface ReduceLROnPlateauState {
  /** The best metric. */
  best: number | null;
  /** Epochs without improvement that count. */
  badEpochs: number;
  /** Remaining epochs that do not count. */
  cooldownLeft: number;
  /** Number of calls of `step`. */
  lastEpoch: number;
}

const stateRules: is.Rules<ReduceLROnPlateauState> = {
  best: is.nullable(is.number),
  badEpochs: is.counter,
  cooldownLeft: is.counter,
  lastEpoch: is.counter,
};
const stateRule = is.optionsOf(stateRules, ['best', 'badEpochs', 'cooldownLeft', 'lastEpoch']);

/**
 * η ← max(factor · η, minLr) after more than `patience` epochs whose metric was not better than the best by the threshold. NaN is
 * never better. PyTorch's `ReduceLROnPlateau` accepts a worse metric if the best is negative; here the rule does not depend on the
 * sign.
 */
export class ReduceLROnPlateau {
  /** The optimizer whose learning rates it sets. */
  readonly optimizer: Optimizer;
  readonly #options: Required<ReduceLROnPlateauOptions>;
  #state: Omit<ReduceLROnPlateauState, 'best'> & { best: number };

  /** @throws RangeError if an option is out of its range */
  constructor(optimizer: Optimizer, options: ReduceLROnPlateauOptions = {}) {
    checkSchedule<ReduceLROnPlateauOptions>('ReduceLROnPlateau', arguments, {
      mode: is.choice('min', 'max'),
      factor: is.fraction,
      patience: is.counter,
      threshold: is.nonNegative,
      thresholdMode: is.choice('rel', 'abs'),
      cooldown: is.counter,
      minLr: is.nonNegative,
      eps: is.nonNegative,
    });
    const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4 } = options;
    const { thresholdMode = 'rel', cooldown = 0, minLr = 0, eps = 1e-8 } = options;
    this.optimizer = optimizer;
    this.#options = { mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps };
    this.#state = { best: worstValue(mode), badEpochs: 0, cooldownLeft: 0, lastEpoch: 0 };
  }

  /** The best metric so far; ±∞ before the first epoch. */
  get best(): number {
    return this.#state.best;
  }

  /** Number of calls of `step`. */
  get lastEpoch(): number {
    return this.#state.lastEpoch;
  }

  /** Ends an epoch. @param metric such as the validation loss */
  step(metric: number): void {
    is.checkCount('ReduceLROnPlateau.step', arguments.length, 1);
    is.check('ReduceLROnPlateau', 'measure, such as the validation loss,', metric, is.number);
    const { patience, cooldown } = this.#options;
    const state = this.#state;
    const isBetter = this.#isBetter(metric);
    state.lastEpoch++;
    if (isBetter) state.best = metric;
    state.badEpochs = isBetter || state.cooldownLeft > 0 ? 0 : state.badEpochs + 1;
    if (state.cooldownLeft > 0) state.cooldownLeft--;
    if (state.badEpochs <= patience) return;
    this.#reduce();
    state.cooldownLeft = cooldown;
    state.badEpochs = 0;
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const { best } = this.#state;
    const sign = mode === 'min' ? -1 : 1;
    if (!Number.isFinite(best)) return sign * metric > sign * best;
    // PyTorch's best · (1 ± threshold), but with a share of |best|.
    const relative = best * (1 + (best < 0 ? -sign : sign) * threshold);
    return sign * metric > sign * (thresholdMode === 'rel' ? relative : best + sign * threshold);
  }

  #reduce(): void {
    const { factor, minLr, eps } = this.#options;
    const { paramGroups } = this.optimizer;
    for (let index = 0; index < paramGroups.length; index++) {
      const group = paramGroups[index] as ParamGroup;
      const { lr } = group;
      const reduced = Math.max(lr * factor, minLr);
      if (lr - reduced > eps) group.lr = toRate(reduced);
    }
  }

  /** Returns the state, to be saved with that of the optimizer. */
  stateDict(): ReduceLROnPlateauState {
    return { ...this.#state, best: toStoredBest(this.#state.best, this.#options.mode) };
  }

  /**
   * Loads a state. The learning rate is in the optimizer's state.
   * @throws RangeError if a count is not a whole number of 0 or more
   */
  loadStateDict(state: ReduceLROnPlateauState): void {
    is.checkArguments('ReduceLROnPlateau', arguments, { state: stateRule });
    this.#state = { ...state, best: state.best ?? worstValue(this.#options.mode) };
  }
}

/** Returns the value that every metric is better than. */
export function worstValue(mode: 'min' | 'max'): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** Returns null for the value before the first epoch, which JSON cannot represent. */
export function toStoredBest(best: number, mode: 'min' | 'max'): number | null {
  return best === worstValue(mode) ? null : best;
}
