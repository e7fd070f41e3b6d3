// AdaGrad: a step size for each parameter that only shrinks.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkCount, nonNegative } from '../core/check.ts';
import { Optimizer } from './optimizer.ts';
import { type OptimizerOptions, optimizerRules, type ParametersOrGroups } from './param-groups.ts';
import type { Segment } from './segment.ts';

/** Settings of `Adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** Default 1e-10. Book: 1e-7. */
  eps?: number;
}

/**
 * g′ = g + λw, h ← h + g′², w ← w − η·g′ / (√h + ε) (Duchi et al. 2011).
 * `lr` defaults to 0.01. Book: AdaGrad, section 6.1.5.
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  readonly #h: Pointer;

  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: ParametersOrGroups<AdagradOptions>, options: AdagradOptions = {}) {
    checkCount('Adagrad', arguments.length, 2);
    super('Adagrad', [parameters, options], { ...optimizerRules, eps: nonNegative }, { lr: 0.01, eps: 1e-10 });
    this.#h = this.block('sumOfSquares');
  }

  protected update(
    kernels: Kernels,
    { group, size, value, grad, weightDecay, offset }: Segment<AdagradOptions>,
  ): number {
    return kernels.adagrad(size, group.lr, group.eps, weightDecay, grad, value, this.#h + offset);
  }
}
