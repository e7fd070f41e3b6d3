// Schedules along a line and along any function.
import * as is from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { checkSchedule, LRScheduler, toRate } from './scheduler.ts';

/** Options of `LinearLR`. */
export interface LinearLROptions {
  /** The factor of η₀ at epoch 0: above 0, at most 1. Default 1/3. */
  startFactor?: number;
  /** The factor of η₀ from epoch `totalIters` on: 0 to 1. Default 1. */
  endFactor?: number;
  /** Epochs from the first factor to the second: a whole number of 1 or more. Default 5. */
  totalIters?: number;
}

/**
 * ηₜ = η₀ · (startFactor + (endFactor − startFactor) · min(t, totalIters) / totalIters): a warm-up (Goyal et al. 2017, section 2.2),
 * or a decay if endFactor is smaller. Computed from the rate of the epoch before, as in PyTorch's `LinearLR`.
 */
export class LinearLR extends LRScheduler {
  readonly #options: Required<LinearLROptions>;

  /** @throws RangeError if an option is out of its range */
  constructor(optimizer: Optimizer, options: LinearLROptions = {}) {
    checkSchedule<LinearLROptions>('LinearLR', arguments, {
      startFactor: is.numeric('above 0 and at most 1', (value) => value > 0 && value <= 1 && is.fitsFloat32(value)),
      endFactor: is.probability,
      totalIters: is.integer(1, Number.MAX_SAFE_INTEGER),
    });
    super(optimizer);
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = options;
    this.#options = { startFactor, endFactor, totalIters };
    for (const group of optimizer.paramGroups) group.lr = toRate(group.lr * startFactor);
  }

  protected override first(): number {
    return this.baseLr * this.#options.startFactor;
  }

  protected next(epoch: number, lr: number): number {
    const { startFactor, endFactor, totalIters } = this.#options;
    if (epoch > totalIters) return lr;
    const change = endFactor - startFactor;
    return lr * (1 + change / (totalIters * startFactor + (epoch - 1) * change));
  }
}

/**
 * ηₜ = η₀ · factor(t). PyTorch: `LambdaLR`.
 *
 * In `factor`, the bits of `Math.cos`, `Math.exp`, `Math.pow` and `**` differ between engines; those of + − × ÷ and `Math.sqrt` do
 * not. A state does not contain the function: create the schedule with it before `loadStateDict`.
 */
export class LambdaLR extends LRScheduler {
  readonly #factor: (epoch: number) => number;

  /**
   * @param factor returns the factor of η₀ at an epoch, 0 included
   * @throws TypeError if it is not a function
   */
  constructor(optimizer: Optimizer, factor: (epoch: number) => number) {
    const rules = { optimizer: is.optimizerLike, factor: is.callable('a function of the epoch') };
    is.checkArguments('LambdaLR', arguments, rules);
    super(optimizer);
    this.#factor = factor;
    this.restart();
  }

  protected override first(): number {
    return this.next(0);
  }

  protected next(epoch: number): number {
    const factor = this.#factor(epoch);
    is.check('LambdaLR', 'what factor returns', factor, is.number);
    return this.baseLr * factor;
  }
}
