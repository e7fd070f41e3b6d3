// AdaGrad: a step size for each parameter that only shrinks.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkArguments, nonNegative, optionsOf, parametersLike } from '../check.ts';
import type { Parameter } from '../parameter.ts';
import { Optimizer, type OptimizerOptions, optimizerRules, type Segment } from './optimizer.ts';

/** Settings of `Adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** Default 1e-10. Book: 1e-7. */
  eps?: number;
}

/**
 * g′ = g + λw, h ← h + g′², w ← w − η·g′ / (√h + ε) (Duchi et al. 2011).
 * `lr` defaults to 0.01. Book: AdaGrad, section 6.1.5.
 */
export class Adagrad extends Optimizer {
  /** ε, added to √h. */
  readonly eps: number;
  readonly #h: Pointer;

  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: readonly Parameter[], options: AdagradOptions = {}) {
    checkArguments('Adagrad', arguments, {
      parameters: parametersLike,
      options: optionsOf<AdagradOptions>({ ...optimizerRules, eps: nonNegative }),
    });
    const { lr = 0.01, eps = 1e-10, ...rest } = options;
    super('Adagrad', parameters, { lr, ...rest });
    this.eps = eps;
    this.#h = this.block('sumOfSquares');
  }

  protected update(kernels: Kernels, { size, value, grad, weightDecay, offset }: Segment): number {
    return kernels.adagrad(size, this.lr, this.eps, weightDecay, grad, value, this.#h + offset);
  }
}
