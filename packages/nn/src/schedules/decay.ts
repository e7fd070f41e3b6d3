// Schedules that multiply the learning rate by a constant.
import { integer, listOf, nonNegative } from '../core/check.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { checkSchedule, LRScheduler } from './scheduler.ts';

const epochs = integer(1, Number.MAX_SAFE_INTEGER);

/** Options of `StepLR`. */
export interface StepLROptions {
  /** Epochs between two decays: a whole number of 1 or more. */
  stepSize: number;
  /** γ, the factor of the rate. Default 0.1. */
  gamma?: number;
}

/** ηₜ = γ · ηₜ₋₁ if t is a multiple of `stepSize`, otherwise ηₜ₋₁. PyTorch: `StepLR`. */
export class StepLR extends LRScheduler {
  readonly #options: Required<StepLROptions>;

  /** @throws RangeError if an option is out of its range */
  constructor(optimizer: Optimizer, options: StepLROptions) {
    checkSchedule<StepLROptions>('StepLR', arguments, { stepSize: epochs, gamma: nonNegative }, ['stepSize']);
    super(optimizer);
    const { stepSize, gamma = 0.1 } = options;
    this.#options = { stepSize, gamma };
  }

  protected next(epoch: number, lr: number): number {
    const { stepSize, gamma } = this.#options;
    return epoch % stepSize === 0 ? lr * gamma : lr;
  }
}

/** Options of `MultiStepLR`. */
export interface MultiStepLROptions {
  /** Epochs, from 1 on, at which the rate decays, in any order; a repeated one counts repeatedly. */
  milestones: readonly number[];
  /** γ, the factor of the rate. Default 0.1. */
  gamma?: number;
}

/** ηₜ = γ · ηₜ₋₁ if t is a milestone, otherwise ηₜ₋₁. PyTorch: `MultiStepLR`. */
export class MultiStepLR extends LRScheduler {
  readonly #options: Required<MultiStepLROptions>;

  /** @throws RangeError if an option is out of its range */
  constructor(optimizer: Optimizer, options: MultiStepLROptions) {
    const rules = { milestones: listOf('an array of epochs', epochs), gamma: nonNegative };
    checkSchedule<MultiStepLROptions>('MultiStepLR', arguments, rules, ['milestones']);
    super(optimizer);
    const { milestones, gamma = 0.1 } = options;
    this.#options = { milestones: [...milestones], gamma };
  }

  protected next(epoch: number, lr: number): number {
    const { milestones, gamma } = this.#options;
    let decayed = lr;
    for (let index = 0; index < milestones.length; index++) {
      if (milestones[index] === epoch) decayed *= gamma;
    }
    return decayed;
  }
}

/** Options of `ExponentialLR`. */
export interface ExponentialLROptions {
  /** γ, the factor of the rate in each epoch. */
  gamma: number;
}

/** ηₜ = γ · ηₜ₋₁. PyTorch: `ExponentialLR`. */
export class ExponentialLR extends LRScheduler {
  readonly #gamma: number;

  /** @throws RangeError if γ is negative or not finite */
  constructor(optimizer: Optimizer, options: ExponentialLROptions) {
    checkSchedule<ExponentialLROptions>('ExponentialLR', arguments, { gamma: nonNegative }, ['gamma']);
    super(optimizer);
    this.#gamma = options.gamma;
  }

  protected next(_epoch: number, lr: number): number {
    return lr * this.#gamma;
  }
}
