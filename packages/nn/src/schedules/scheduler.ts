// What all schedules share: an epoch that goes up, the rate to start from, state dicts.
import { checkInteger, checkKind, checkNotNegative } from '../check.ts';
import type { Optimizer } from '../optim/optimizer.ts';

/** All that a schedule needs to go on, as numbers that JSON keeps. The rate itself is the optimizer's: save both. */
export interface LRSchedulerState {
  /** Calls of `step` so far. */
  lastEpoch: number;
  /** η₀, the rate that the schedule counts from. */
  baseLr: number;
}

/**
 * Changes an optimizer's learning rate from epoch to epoch: `step()` once after each, or after each training step where a
 * schedule is told in steps. PyTorch's semantics: epoch 0 begins when the schedule is made; each `step` works on the rate that
 * it finds, so that schedules on one optimizer multiply. Rates are float64 and follow from + − × ÷ alone: the same in every
 * engine. A step allocates nothing.
 */
export abstract class LRScheduler {
  /** Whose rate it sets. */
  readonly optimizer: Optimizer;
  #lastEpoch = 0;
  #baseLr: number;

  /** @param optimizer its `initialLr`, or else its present rate, becomes η₀ */
  protected constructor(optimizer: Optimizer) {
    checkKind('LRScheduler', optimizer, 'lr', 'an optimizer');
    optimizer.initialLr ??= optimizer.lr;
    this.optimizer = optimizer;
    this.#baseLr = optimizer.initialLr;
  }

  /** Calls of `step` so far: the epoch that has begun. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** η₀: the optimizer's rate before any schedule. */
  get baseLr(): number {
    return this.#baseLr;
  }

  /** Begins the next epoch: sets `optimizer.lr`. */
  step(): void {
    this.#lastEpoch++;
    this.optimizer.lr = this.next(this.#lastEpoch, this.optimizer.lr);
  }

  /** Begins at epoch 0, whatever the rate is: for a schedule that takes over from another. */
  restart(): void {
    this.#lastEpoch = 0;
    this.optimizer.lr = this.first();
  }

  /** What to save beside the optimizer's state. */
  stateDict(): LRSchedulerState {
    return { lastEpoch: this.#lastEpoch, baseLr: this.#baseLr };
  }

  /**
   * Goes on from a state. The optimizer's rate is in the optimizer's own state.
   * @throws RangeError where a number is out of its range
   */
  loadStateDict({ lastEpoch, baseLr }: LRSchedulerState): void {
    checkInteger('LRScheduler', 'lastEpoch', lastEpoch, 0, Number.MAX_SAFE_INTEGER);
    checkNotNegative('LRScheduler', 'baseLr', baseLr);
    this.#lastEpoch = lastEpoch;
    this.#baseLr = baseLr;
  }

  /** The rate of epoch 0. */
  protected first(): number {
    return this.#baseLr;
  }

  /** The rate of an epoch from 1 on. @param lr that of the epoch before */
  protected abstract next(epoch: number, lr: number): number;
}
