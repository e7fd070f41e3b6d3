// The base class of schedules: the epoch, the initial learning rates and state dicts.
import * as is from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { ParamGroup } from '../optim/param-groups.ts';

/** The state of a schedule, as numbers that JSON can represent. The learning rate is in the optimizer's state: save both. */
export interface LRSchedulerState {
  /** Number of calls of `step`. */
  lastEpoch: number;
  /** η₀, the initial learning rate; of several groups, that of the first. */
  baseLr: number;
  /** η₀ of each group, if there are several. */
  baseLrs?: number[];
}

/** The rule of `LRSchedulerState`. */
export const schedulerState = is.optionsOf<LRSchedulerState>(
  { lastEpoch: is.counter, baseLr: is.nonNegative, baseLrs: is.listOf('an array of rates', is.nonNegative) },
  ['lastEpoch', 'baseLr'],
);

/**
 * Changes the learning rates of an optimizer from epoch to epoch. Call `step()` once after each epoch, or after each training
 * step if the schedule counts steps. As in PyTorch, epoch 0 begins at creation, and each `step` changes the present rate of every
 * parameter group, so that schedules on one optimizer multiply. Rates are float64 and computed with + − × ÷ only: all engines
 * give the same bits. A step allocates nothing.
 */
export abstract class LRScheduler {
  /** The optimizer whose learning rates it sets. */
  readonly optimizer: Optimizer;
  #lastEpoch = 0;
  #baseLrs: readonly number[];
  /** Index of the group whose rate is computed. */
  #group = 0;

  /** @param optimizer η₀ is the `initialLr` of each of its groups, or the present rate if the group has none */
  protected constructor(optimizer: Optimizer) {
    is.checkArguments('LRScheduler', arguments, { optimizer: is.optimizerLike });
    this.optimizer = optimizer;
    this.#baseLrs = optimizer.paramGroups.map((group) => (group.initialLr ??= group.lr));
  }

  /** Number of calls of `step`: the epoch that has begun. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** η₀ of the group whose rate `first` or `next` computes; otherwise of the first group. */
  get baseLr(): number {
    return this.#baseLrs[this.#group] as number;
  }

  /** Begins the next epoch: sets the rate of each group. */
  step(): void {
    is.checkCount('LRScheduler.step', arguments.length, 0);
    this.#lastEpoch++;
    this.#setRates(false);
  }

  /** Begins epoch 0, regardless of the present rates: for a schedule that follows another. */
  restart(): void {
    this.#lastEpoch = 0;
    this.#setRates(true);
  }

  #setRates(isFirst: boolean): void {
    const { paramGroups } = this.optimizer;
    for (let index = paramGroups.length - 1; index >= 0; index--) {
      const group = paramGroups[index] as ParamGroup;
      this.#group = index;
      group.lr = toRate(isFirst ? this.first() : this.next(this.#lastEpoch, group.lr));
    }
  }

  /** Returns the state, to be saved with that of the optimizer. */
  stateDict(): LRSchedulerState {
    const [baseLr = 0, ...others] = this.#baseLrs;
    return { lastEpoch: this.#lastEpoch, baseLr, ...(others.length > 0 && { baseLrs: [baseLr, ...others] }) };
  }

  /**
   * Loads a state. The learning rate is in the optimizer's state.
   * @throws RangeError if a number is out of its range, or the state has another number of groups
   */
  loadStateDict(state: LRSchedulerState): void {
    is.checkArguments('LRScheduler', arguments, { state: schedulerState });
    const { lastEpoch, baseLr, baseLrs = [baseLr] } = state;
    if (baseLrs.length !== this.#baseLrs.length) {
      throw new RangeError(
        `[LRScheduler] expected the baseLrs of ${this.#baseLrs.length} parameter groups but got ${baseLrs.length}`,
      );
    }
    this.#lastEpoch = lastEpoch;
    this.#baseLrs = [...baseLrs];
  }

  /** Returns the rate of epoch 0. */
  protected first(): number {
    return this.baseLr;
  }

  /** Returns the rate of an epoch from 1 on. @param lr the rate of the epoch before */
  protected abstract next(epoch: number, lr: number): number;
}

/** Checks the arguments `(optimizer, options)` of a schedule. */
export function checkSchedule<O extends object>(
  who: string,
  given: IArguments,
  rules: is.Rules<O>,
  required: readonly (keyof O)[] = [],
): void {
  is.checkArguments(who, given, { optimizer: is.optimizerLike, options: is.optionsOf<O>(rules, required) });
}

/** Returns 0 for a rate that float32 rounds to 0, which an optimizer refuses otherwise. */
export function toRate(lr: number): number {
  return Math.fround(lr) === 0 ? 0 : lr;
}
