// Down where a measure no longer gets better.
import * as is from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { ParamGroup } from '../optim/param-groups.ts';
import { toRate } from './scheduler.ts';

/** Settings of `ReduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions {
  /** Whether the measure is to fall (a loss) or to rise (an accuracy). Default 'min'. */
  mode?: 'min' | 'max';
  /** What the rate is multiplied by: at least 0, less than 1. Default 0.1. */
  factor?: number;
  /** Epochs without a better measure that are borne before the rate goes down: the next one lowers it. Default 10. */
  patience?: number;
  /** How much better counts as better. Default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a share of the size of the best measure, or a difference from it. Default 'rel'. */
  thresholdMode?: 'rel' | 'abs';
  /** Epochs after a decay in which nothing is counted. Default 0. */
  cooldown?: number;
  /** The lowest rate. Default 0. */
  minLr?: number;
  /** A change of the rate by this or less is not made. Default 1e-8. */
  eps?: number;
}

/** Where such a schedule stands. `best` is null before the first epoch, for JSON has no infinity. */
export interface ReduceLROnPlateauState {
  /** The best measure. */
  best: number | null;
  /** Epochs since the best, as far as they count. */
  badEpochs: number;
  /** Epochs in which nothing is counted still. */
  cooldownLeft: number;
  /** Epochs so far. */
  lastEpoch: number;
}

/**
 * η ← max(factor · η, minLr) after more than `patience` epochs whose measure was not better than the best by the threshold. PyTorch:
 * `ReduceLROnPlateau`, which of a negative best accepts a measure that is worse by the threshold; here the rule does not depend on the
 * sign. A measure that is NaN is never better.
 */
export class ReduceLROnPlateau {
  /** Whose rates it sets. */
  readonly optimizer: Optimizer;
  readonly #options: Required<ReduceLROnPlateauOptions>;
  #best: number;
  #badEpochs = 0;
  #cooldownLeft = 0;
  #lastEpoch = 0;

  /** @throws RangeError where an option is out of its range */
  constructor(optimizer: Optimizer, options: ReduceLROnPlateauOptions = {}) {
    is.checkArguments('ReduceLROnPlateau', arguments, {
      optimizer: is.optimizerLike,
      options: is.optionsOf<ReduceLROnPlateauOptions>({
        mode: is.choice('min', 'max'),
        factor: is.fraction,
        patience: is.counter,
        threshold: is.nonNegative,
        thresholdMode: is.choice('rel', 'abs'),
        cooldown: is.counter,
        minLr: is.nonNegative,
        eps: is.nonNegative,
      }),
    });
    const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4 } = options;
    const { thresholdMode = 'rel', cooldown = 0, minLr = 0, eps = 1e-8 } = options;
    this.optimizer = optimizer;
    this.#options = { mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps };
    this.#best = worst(mode);
  }

  /** The best measure so far; ±∞ before the first epoch. */
  get best(): number {
    return this.#best;
  }

  /** Calls of `step` so far. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** Ends an epoch. @param measure what is to get better, such as the validation loss */
  step(measure: number): void {
    is.checkCount('ReduceLROnPlateau.step', arguments.length, 1);
    is.check('ReduceLROnPlateau', 'measure, such as the validation loss,', measure, is.number);
    const { patience, cooldown } = this.#options;
    this.#lastEpoch++;
    const isBetter = this.#isBetter(measure);
    if (isBetter) this.#best = measure;
    this.#badEpochs = isBetter ? 0 : this.#badEpochs + 1;
    if (this.#cooldownLeft > 0) {
      this.#cooldownLeft--;
      this.#badEpochs = 0;
    }
    if (this.#badEpochs <= patience) return;
    this.#reduce();
    this.#cooldownLeft = cooldown;
    this.#badEpochs = 0;
  }

  #isBetter(measure: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const best = this.#best;
    const sign = mode === 'min' ? -1 : 1;
    if (!Number.isFinite(best)) return sign * measure > sign * best;
    // PyTorch's best · (1 ± threshold), but a share of |best|: of a negative best its rule asks for less than no improvement.
    const relative = best * (1 + (best < 0 ? -sign : sign) * threshold);
    return sign * measure > sign * (thresholdMode === 'rel' ? relative : best + sign * threshold);
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

  /** What to save beside the optimizer's state. */
  stateDict(): ReduceLROnPlateauState {
    const best = this.#best === worst(this.#options.mode) ? null : this.#best;
    return { best, badEpochs: this.#badEpochs, cooldownLeft: this.#cooldownLeft, lastEpoch: this.#lastEpoch };
  }

  /**
   * Goes on from a state. The optimizer's rate is in the optimizer's own state.
   * @throws RangeError where a count is not a whole number of 0 or more
   */
  loadStateDict(state: ReduceLROnPlateauState): void {
    const rules = {
      best: is.nullable(is.number),
      badEpochs: is.counter,
      cooldownLeft: is.counter,
      lastEpoch: is.counter,
    };
    is.checkArguments('ReduceLROnPlateau', arguments, {
      state: is.optionsOf<ReduceLROnPlateauState>(rules, ['best', 'badEpochs', 'cooldownLeft', 'lastEpoch']),
    });
    const { best, badEpochs, cooldownLeft, lastEpoch } = state;
    this.#best = best ?? worst(this.#options.mode);
    this.#badEpochs = badEpochs;
    this.#cooldownLeft = cooldownLeft;
    this.#lastEpoch = lastEpoch;
  }
}

/** What every measure is better than. */
function worst(mode: 'min' | 'max'): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
