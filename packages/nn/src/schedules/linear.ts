// Up or down along a line, and along any function.
import * as is from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { LRScheduler, toRate } from './scheduler.ts';

/** Settings of `LinearLR`. */
export interface LinearLROptions {
  /** What η₀ is multiplied by at epoch 0: above 0, at most 1. Default 1/3. */
  startFactor?: number;
  /** What η₀ is multiplied by from `totalIters` on: 0 to 1. Default 1. */
  endFactor?: number;
  /** Epochs from one to the other: a whole number of 1 or more. Default 5. */
  totalIters?: number;
}

/**
 * ηₜ = η₀ · (startFactor + (endFactor − startFactor) · min(t, totalIters) / totalIters): a warm-up (Goyal et al. 2017, section 2.2), or a
 * way down where endFactor is the smaller. As PyTorch's `LinearLR`, it takes the rate from that of the epoch before.
 */
export class LinearLR extends LRScheduler {
  /** What η₀ is multiplied by at epoch 0. */
  readonly startFactor: number;
  /** What η₀ is multiplied by at the end. */
  readonly endFactor: number;
  /** Epochs from one to the other. */
  readonly totalIters: number;

  /** @throws RangeError where an option is out of its range */
  constructor(optimizer: Optimizer, options: LinearLROptions = {}) {
    is.checkArguments('LinearLR', arguments, {
      optimizer: is.optimizerLike,
      options: is.optionsOf<LinearLROptions>({
        startFactor: is.numeric('above 0 and at most 1', (value) => value > 0 && value <= 1 && is.fitsFloat32(value)),
        endFactor: is.probability,
        totalIters: is.integer(1, Number.MAX_SAFE_INTEGER),
      }),
    });
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = options;
    super(optimizer);
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    for (const group of optimizer.paramGroups) group.lr = toRate(group.lr * startFactor);
  }

  protected override first(): number {
    return this.baseLr * this.startFactor;
  }

  protected next(epoch: number, lr: number): number {
    const { startFactor, endFactor, totalIters } = this;
    if (epoch > totalIters) return lr;
    const change = endFactor - startFactor;
    return lr * (1 + change / (totalIters * startFactor + (epoch - 1) * change));
  }
}

/**
 * ηₜ = η₀ · factor(t). PyTorch: `LambdaLR`.
 *
 * The factor is the caller's: with `Math.cos`, `Math.exp`, `Math.pow` or `**` in it, bits differ between engines; + − × ÷ and
 * `Math.sqrt` are the same everywhere. A function cannot be saved: make it again before `loadStateDict`.
 */
export class LambdaLR extends LRScheduler {
  /** What η₀ is multiplied by at an epoch. */
  readonly factor: (epoch: number) => number;

  /**
   * @param factor what η₀ is multiplied by at an epoch, 0 included
   * @throws TypeError where it is no function
   */
  constructor(optimizer: Optimizer, factor: (epoch: number) => number) {
    is.checkArguments('LambdaLR', arguments, {
      optimizer: is.optimizerLike,
      factor: is.callable('a function of the epoch'),
    });
    super(optimizer);
    this.factor = factor;
    this.restart();
  }

  protected override first(): number {
    return this.next(0);
  }

  protected next(epoch: number): number {
    const factor = this.factor(epoch);
    is.check('LambdaLR', 'what factor returns', factor, is.number);
    return this.baseLr * factor;
  }
}
