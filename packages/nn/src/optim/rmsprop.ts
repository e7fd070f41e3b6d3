// RMSprop: AdaGrad that forgets.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkArguments, fraction, nonNegative, optionsOf, parametersLike } from '../check.ts';
import type { Parameter } from '../parameter.ts';
import { Optimizer, type OptimizerOptions, optimizerRules, type Segment } from './optimizer.ts';

/** Settings of `RMSprop`. */
export interface RMSpropOptions extends OptimizerOptions {
  /** How much of the mean square is kept a step. Default 0.99. Book: decay_rate. */
  alpha?: number;
  /** Default 1e-8. */
  eps?: number;
}

/**
 * g′ = g + λw, s ← αs + (1 − α)g′², w ← w − η·g′ / (√s + ε) (Tieleman and Hinton 2012, lecture 6e).
 * `lr` defaults to 0.01.
 */
export class RMSprop extends Optimizer {
  /** How much of the mean square is kept a step. */
  readonly alpha: number;
  /** ε, added to √s. */
  readonly eps: number;
  readonly #s: Pointer;

  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: readonly Parameter[], options: RMSpropOptions = {}) {
    checkArguments('RMSprop', arguments, {
      parameters: parametersLike,
      options: optionsOf<RMSpropOptions>({ ...optimizerRules, alpha: fraction, eps: nonNegative }),
    });
    const { lr = 0.01, alpha = 0.99, eps = 1e-8, ...rest } = options;
    super('RMSprop', parameters, { lr, ...rest });
    this.alpha = alpha;
    this.eps = eps;
    this.#s = this.block('meanSquare');
  }

  protected update(kernels: Kernels, { size, value, grad, weightDecay, offset }: Segment): number {
    return kernels.rmsprop(size, this.lr, this.alpha, this.eps, weightDecay, grad, value, this.#s + offset);
  }
}
