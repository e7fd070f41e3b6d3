// Schedules that multiply the rate by a constant now and then.
import { checkArguments, integer, listOf, nonNegative, optimizerLike, optionsOf } from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { LRScheduler } from './scheduler.ts';

const epochs = integer(1, Number.MAX_SAFE_INTEGER);

/** Settings of `StepLR`. */
export interface StepLROptions {
  /** Epochs between two decays: a whole number of 1 or more. */
  stepSize: number;
  /** What the rate is multiplied by. Default 0.1. */
  gamma?: number;
}

/** ηₜ = γ · ηₜ₋₁ where t is a multiple of `stepSize`, else ηₜ₋₁. PyTorch: `StepLR`. */
export class StepLR extends LRScheduler {
  /** Epochs between two decays. */
  readonly stepSize: number;
  /** What the rate is multiplied by. */
  readonly gamma: number;

  /** @throws RangeError where an option is out of its range */
  constructor(optimizer: Optimizer, options: StepLROptions) {
    checkArguments('StepLR', arguments, {
      optimizer: optimizerLike,
      options: optionsOf<StepLROptions>({ stepSize: epochs, gamma: nonNegative }, ['stepSize']),
    });
    const { stepSize, gamma = 0.1 } = options;
    super(optimizer);
    this.stepSize = stepSize;
    this.gamma = gamma;
  }

  protected next(epoch: number, lr: number): number {
    return epoch % this.stepSize === 0 ? lr * this.gamma : lr;
  }
}

/** Settings of `MultiStepLR`. */
export interface MultiStepLROptions {
  /** Epochs, from 1 on, at which the rate decays; one that comes twice counts twice. In any order. */
  milestones: readonly number[];
  /** What the rate is multiplied by. Default 0.1. */
  gamma?: number;
}

/** ηₜ = γ · ηₜ₋₁ where t is a milestone, else ηₜ₋₁. PyTorch: `MultiStepLR`. */
export class MultiStepLR extends LRScheduler {
  /** Epochs at which the rate decays. */
  readonly milestones: readonly number[];
  /** What the rate is multiplied by. */
  readonly gamma: number;

  /** @throws RangeError where an option is out of its range */
  constructor(optimizer: Optimizer, options: MultiStepLROptions) {
    const rules = { milestones: listOf('an array of epochs', epochs), gamma: nonNegative };
    checkArguments('MultiStepLR', arguments, {
      optimizer: optimizerLike,
      options: optionsOf<MultiStepLROptions>(rules, ['milestones']),
    });
    const { milestones, gamma = 0.1 } = options;
    super(optimizer);
    this.milestones = [...milestones];
    this.gamma = gamma;
  }

  protected next(epoch: number, lr: number): number {
    let decayed = lr;
    for (let index = 0; index < this.milestones.length; index++) {
      if (this.milestones[index] === epoch) decayed *= this.gamma;
    }
    return decayed;
  }
}

/** Settings of `ExponentialLR`. */
export interface ExponentialLROptions {
  /** What the rate is multiplied by every epoch. */
  gamma: number;
}

/** ηₜ = γ · ηₜ₋₁. PyTorch: `ExponentialLR`. */
export class ExponentialLR extends LRScheduler {
  /** What the rate is multiplied by. */
  readonly gamma: number;

  /** @throws RangeError where γ is negative or not finite */
  constructor(optimizer: Optimizer, options: ExponentialLROptions) {
    checkArguments('ExponentialLR', arguments, {
      optimizer: optimizerLike,
      options: optionsOf<ExponentialLROptions>({ gamma: nonNegative }, ['gamma']),
    });
    const { gamma } = options;
    super(optimizer);
    this.gamma = gamma;
  }

  protected next(_epoch: number, lr: number): number {
    return lr * this.gamma;
  }
}
