// A sequence of schedules.
import * as is from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { checkSchedule, type LRScheduler, type LRSchedulerState, schedulerState } from './scheduler.ts';

/** Options of `SequentialLR`. */
export interface SequentialLROptions {
  /** Schedules of the same optimizer. */
  schedulers: readonly LRScheduler[];
  /** The ascending epochs at which the second, third … schedule begins: one fewer than schedules. */
  milestones: readonly number[];
}

/** The state of `SequentialLR`. */
export interface SequentialLRState {
  /** Number of calls of `step`. */
  lastEpoch: number;
  /** The state of each schedule. */
  schedulers: LRSchedulerState[];
}

const optionRules = {
  schedulers: is.listOf('an array of schedules', is.having('restart', 'a schedule')),
  milestones: is.listOf('an array of epochs', is.counter),
};
const stateRule = is.optionsOf<SequentialLRState>(
  { lastEpoch: is.counter, schedulers: is.listOf('an array of states', schedulerState) },
  ['lastEpoch', 'schedulers'],
);

/**
 * Runs schedules one after another, each from its epoch 0, such as a warm-up and then a cosine. PyTorch: `SequentialLR`. At
 * creation it sets the initial rate of the first schedule; afterwards step only the sequence, not its schedules.
 */
export class SequentialLR {
  /** The optimizer whose learning rates it sets. */
  readonly optimizer: Optimizer;
  readonly #options: SequentialLROptions;
  #lastEpoch = 0;

  /** @throws RangeError if milestones do not ascend, their number is wrong, or a schedule has another optimizer */
  constructor(optimizer: Optimizer, options: SequentialLROptions) {
    checkSchedule<SequentialLROptions>('SequentialLR', arguments, optionRules, ['schedulers', 'milestones']);
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
    if (new Set(schedulers).size !== schedulers.length) {
      throw new RangeError('[SequentialLR] expected every schedule once but got one twice');
    }
    milestones.forEach((milestone, index) => {
      const ascending = is.integer((milestones[index - 1] ?? 0) + 1, Number.MAX_SAFE_INTEGER);
      is.check('SequentialLR', `milestones[${index}]`, milestone, ascending);
    });
    this.optimizer = optimizer;
    this.#options = { schedulers: [...schedulers], milestones: [...milestones] };
    first.restart();
  }

  /** Number of calls of `step`. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** Begins the next epoch: sets the rate of each group. */
  step(): void {
    is.checkCount('SequentialLR.step', arguments.length, 0);
    const { schedulers, milestones } = this.#options;
    this.#lastEpoch++;
    let index = 0;
    while (index < milestones.length && (milestones[index] as number) <= this.#lastEpoch) index++;
    const scheduler = schedulers[index] as LRScheduler;
    if (index > 0 && milestones[index - 1] === this.#lastEpoch) scheduler.restart();
    else scheduler.step();
  }

  /** Returns the state, to be saved with that of the optimizer. */
  stateDict(): SequentialLRState {
    return { lastEpoch: this.#lastEpoch, schedulers: this.#options.schedulers.map((each) => each.stateDict()) };
  }

  /**
   * Loads a state. The learning rate is in the optimizer's state.
   * @throws RangeError if it has another number of schedules, or a number is out of its range
   */
  loadStateDict(state: SequentialLRState): void {
    is.checkArguments('SequentialLR', arguments, { state: stateRule });
    const { schedulers } = this.#options;
    if (state.schedulers.length !== schedulers.length) {
      throw new RangeError(
        `[SequentialLR] expected the state of ${schedulers.length} schedulers but got ${state.schedulers.length}`,
      );
    }
    for (const [index, each] of schedulers.entries()) each.loadStateDict(state.schedulers[index] as LRSchedulerState);
    this.#lastEpoch = state.lastEpoch;
  }
}
