// What all schedules share: an epoch that goes up, the rate to start from, state dicts.
import { checkArguments, checkCount, counter, listOf, nonNegative, optimizerLike, optionsOf } from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import type { ParamGroup } from '../optim/param-groups.ts';

/** All that a schedule needs to go on, as numbers that JSON keeps. The rate itself is the optimizer's: save both. */
export interface LRSchedulerState {
  /** Calls of `step` so far. */
  lastEpoch: number;
  /** η₀, the rate that the schedule counts from; of several groups, that of the first. */
  baseLr: number;
  /** η₀ of each group, where there are several. */
  baseLrs?: number[];
}

const rules = { lastEpoch: counter, baseLr: nonNegative, baseLrs: listOf('an array of rates', nonNegative) };
/** The state of one schedule. */
export const schedulerState = optionsOf<LRSchedulerState>(rules, ['lastEpoch', 'baseLr']);

/**
 * Changes an optimizer's learning rate from epoch to epoch: `step()` once after each, or after each training step where a
 * schedule is told in steps. PyTorch's semantics: epoch 0 begins when the schedule is made; each `step` works on the rate that
 * it finds, so that schedules on one optimizer multiply, and on the rate of every parameter group. Rates are float64 and follow from
 * + − × ÷ alone: the same in every engine. A step allocates nothing.
 */
export abstract class LRScheduler {
  /** Whose rates it sets. */
  readonly optimizer: Optimizer;
  #lastEpoch = 0;
  #baseLrs: readonly number[];
  /** The group whose rate is computed. */
  #group = 0;

  /** @param optimizer the `initialLr` of each of its groups, or else the present rate, becomes η₀ */
  protected constructor(optimizer: Optimizer) {
    checkArguments('LRScheduler', arguments, { optimizer: optimizerLike });
    this.optimizer = optimizer;
    this.#baseLrs = optimizer.paramGroups.map((group) => (group.initialLr ??= group.lr));
  }

  /** Calls of `step` so far: the epoch that has begun. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** η₀: the rate before any schedule, of the group whose rate `first` or `next` computes; otherwise of the first. */
  get baseLr(): number {
    return this.#baseLrs[this.#group] as number;
  }

  /** η₀ of each group. */
  get baseLrs(): readonly number[] {
    return this.#baseLrs;
  }

  /** Begins the next epoch: sets the rate of each group. */
  step(): void {
    checkCount('LRScheduler.step', arguments.length, 0);
    this.#lastEpoch++;
    this.#setRates(false);
  }

  /** Begins at epoch 0, whatever the rates are: for a schedule that takes over from another. */
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

  /** What to save beside the optimizer's state. */
  stateDict(): LRSchedulerState {
    const [baseLr = 0, ...others] = this.#baseLrs;
    return { lastEpoch: this.#lastEpoch, baseLr, ...(others.length > 0 && { baseLrs: [baseLr, ...others] }) };
  }

  /**
   * Goes on from a state. The optimizer's rate is in the optimizer's own state.
   * @throws RangeError where a number is out of its range, or the state is of another number of groups
   */
  loadStateDict(state: LRSchedulerState): void {
    checkArguments('LRScheduler', arguments, { state: schedulerState });
    const { lastEpoch, baseLr, baseLrs = [baseLr] } = state;
    if (baseLrs.length !== this.#baseLrs.length) {
      throw new RangeError(
        `[LRScheduler] expected the baseLrs of ${this.#baseLrs.length} parameter groups but got ${baseLrs.length}`,
      );
    }
    this.#lastEpoch = lastEpoch;
    this.#baseLrs = [...baseLrs];
  }

  /** The rate of epoch 0, from `baseLr`. */
  protected first(): number {
    return this.baseLr;
  }

  /** The rate of an epoch from 1 on. @param lr that of the epoch before */
  protected abstract next(epoch: number, lr: number): number;
}

/** Returns 0 for a rate that is 0 in float32, which an optimizer refuses otherwise. */
export function toRate(lr: number): number {
  return Math.fround(lr) === 0 ? 0 : lr;
}
