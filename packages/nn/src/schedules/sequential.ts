// One schedule after another.
import * as is from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { type LRScheduler, type LRSchedulerState, schedulerState } from './scheduler.ts';

/** Settings of `SequentialLR`. */
export interface SequentialLROptions {
  /** Schedules of the same optimizer, in their order. */
  schedulers: readonly LRScheduler[];
  /** The epochs at which the second, third … schedule begins: rising, one fewer than there are schedules. */
  milestones: readonly number[];
}

/** Where a sequence of schedules stands. */
export interface SequentialLRState {
  /** Epochs so far. */
  lastEpoch: number;
  /** Where each schedule stands. */
  schedulers: LRSchedulerState[];
}

/**
 * Each schedule in its turn, from its own epoch 0: a warm-up, then a cosine. PyTorch: `SequentialLR`. Made, it puts the optimizer's
 * rate where the first schedule begins; from then on only the sequence is stepped, not its parts.
 */
export class SequentialLR {
  /** Whose rates it sets. */
  readonly optimizer: Optimizer;
  /** In their order. */
  readonly schedulers: readonly LRScheduler[];
  /** The epochs at which the second, third … begins. */
  readonly milestones: readonly number[];
  #lastEpoch = 0;

  /** @throws RangeError where milestones do not rise or are not one fewer than schedules, or a schedule is of another optimizer */
  constructor(optimizer: Optimizer, options: SequentialLROptions) {
    const rules = {
      schedulers: is.listOf('an array of schedules', is.having('restart', 'a schedule')),
      milestones: is.listOf('an array of epochs', is.counter),
    };
    is.checkArguments('SequentialLR', arguments, {
      optimizer: is.optimizerLike,
      options: is.optionsOf<SequentialLROptions>(rules, ['schedulers', 'milestones']),
    });
    const { schedulers, milestones } = options;
    const [first] = schedulers;
    if (!first || milestones.length !== schedulers.length - 1) {
      throw new RangeError(
        `[SequentialLR] expected a milestone fewer than schedulers but got ${milestones.length} and ${schedulers.length}`,
      );
    }
    if (schedulers.some((scheduler) => scheduler.optimizer !== optimizer)) {
      throw new RangeError('[SequentialLR] expected schedulers of its own optimizer but got one of another');
    }
    milestones.forEach((milestone, index) => {
      const rising = is.integer((milestones[index - 1] ?? 0) + 1, Number.MAX_SAFE_INTEGER);
      is.check('SequentialLR', `milestones[${index}]`, milestone, rising);
    });
    this.optimizer = optimizer;
    this.schedulers = [...schedulers];
    this.milestones = [...milestones];
    first.restart();
  }

  /** Calls of `step` so far. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** Begins the next epoch: sets the rate of each group. */
  step(): void {
    is.checkCount('SequentialLR.step', arguments.length, 0);
    this.#lastEpoch++;
    let index = 0;
    while (index < this.milestones.length && (this.milestones[index] as number) <= this.#lastEpoch) index++;
    const scheduler = this.schedulers[index] as LRScheduler;
    if (index > 0 && this.milestones[index - 1] === this.#lastEpoch) scheduler.restart();
    else scheduler.step();
  }

  /** What to save beside the optimizer's state. */
  stateDict(): SequentialLRState {
    return { lastEpoch: this.#lastEpoch, schedulers: this.schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  /**
   * Goes on from a state. The optimizer's rate is in the optimizer's own state.
   * @throws RangeError where it is of another number of schedules, or a number is out of its range
   */
  loadStateDict(state: SequentialLRState): void {
    const rules = { lastEpoch: is.counter, schedulers: is.listOf('an array of states', schedulerState) };
    is.checkArguments('SequentialLR', arguments, {
      state: is.optionsOf<SequentialLRState>(rules, ['lastEpoch', 'schedulers']),
    });
    const { lastEpoch, schedulers } = state;
    if (schedulers.length !== this.schedulers.length) {
      throw new RangeError(
        `[SequentialLR] expected the state of ${this.schedulers.length} schedulers but got ${schedulers.length}`,
      );
    }
    schedulers.forEach((state, index) => {
      this.schedulers[index]?.loadStateDict(state);
    });
    this.#lastEpoch = lastEpoch;
  }
}
