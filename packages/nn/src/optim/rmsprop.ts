// RMSprop: AdaGrad that forgets.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkCount, fraction, nonNegative } from '../core/check.ts';
import { Optimizer } from './optimizer.ts';
import { type OptimizerOptions, optimizerRules, type ParametersOrGroups } from './param-groups.ts';
import type { Segment } from './segment.ts';

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
export class RMSprop extends Optimizer<RMSpropOptions> {
  readonly #s: Pointer;

  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: ParametersOrGroups<RMSpropOptions>, options: RMSpropOptions = {}) {
    checkCount('RMSprop', arguments.length, 2);
    const rules = { ...optimizerRules, alpha: fraction, eps: nonNegative };
    super('RMSprop', [parameters, options], rules, { lr: 0.01, alpha: 0.99, eps: 1e-8 });
    this.#s = this.block('meanSquare');
  }

  protected update(
    kernels: Kernels,
    { group, size, value, grad, weightDecay, offset }: Segment<RMSpropOptions>,
  ): number {
    return kernels.rmsprop(size, group.lr, group.alpha, group.eps, weightDecay, grad, value, this.#s + offset);
  }
}
