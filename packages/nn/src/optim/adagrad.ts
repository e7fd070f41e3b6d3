// AdaGrad and RMSprop: the step size of each parameter is divided by the root of its squared gradients.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkCount, fraction, nonNegative } from '../core/check.ts';
import { Optimizer } from './optimizer.ts';
import { type OptimizerOptions, optimizerRules, type ParametersOrGroups } from './param-groups.ts';
import type { Segment } from './segment.ts';

/** Options of `Adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** Default 1e-10. Book: 1e-7. */
  eps?: number;
}

/**
 * g′ = g + λw, h ← h + g′², w ← w − η·g′ / (√h + ε) (Duchi et al. 2011).
 * `lr` defaults to 0.01. Book: AdaGrad, section 6.1.5.
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  readonly #sumOfSquares: Pointer;

  /** @throws RangeError if an option is out of its range, TypeError if one is unknown */
  constructor(parameters: ParametersOrGroups<AdagradOptions>, options: AdagradOptions = {}) {
    checkCount('Adagrad', arguments.length, 2);
    super('Adagrad', [parameters, options], { ...optimizerRules, eps: nonNegative }, { lr: 0.01, eps: 1e-10 });
    this.#sumOfSquares = this.allocateState('sumOfSquares');
  }

  protected update(kernels: Kernels, segment: Segment<AdagradOptions>): number {
    const { group, size, value, grad, weightDecay, offset } = segment;
    return kernels.adagrad(size, group.lr, group.eps, weightDecay, grad, value, this.#sumOfSquares + offset);
  }
}

/** Options of `RMSprop`. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Weight of the old mean square in each step. Default 0.99. Book: decay_rate. */
  alpha?: number;
  /** Default 1e-8. */
  eps?: number;
}

/**
 * g′ = g + λw, s ← αs + (1 − α)g′², w ← w − η·g′ / (√s + ε) (Tieleman and Hinton 2012, lecture 6e).
 * `lr` defaults to 0.01.
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  readonly #meanSquare: Pointer;

  /** @throws RangeError if an option is out of its range, TypeError if one is unknown */
  constructor(parameters: ParametersOrGroups<RMSpropOptions>, options: RMSpropOptions = {}) {
    checkCount('RMSprop', arguments.length, 2);
    const rules = { ...optimizerRules, alpha: fraction, eps: nonNegative };
    super('RMSprop', [parameters, options], rules, { lr: 0.01, alpha: 0.99, eps: 1e-8 });
    this.#meanSquare = this.allocateState('meanSquare');
  }

  protected update(kernels: Kernels, segment: Segment<RMSpropOptions>): number {
    const { group, size, value, grad, weightDecay, offset } = segment;
    const { lr, alpha, eps } = group;
    return kernels.rmsprop(size, lr, alpha, eps, weightDecay, grad, value, this.#meanSquare + offset);
  }
}
