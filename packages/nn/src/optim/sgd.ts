// Stochastic gradient descent, plain or with a velocity.
import type { Kernels, Pointer } from '@descent/kernels';
import { boolean, checkArguments, nonNegative, optionsOf, parametersLike } from '../check.ts';
import type { Parameter } from '../parameter.ts';
import { Optimizer, type OptimizerOptions, optimizerRules, type Segment } from './optimizer.ts';

/** Settings of `SGD`. */
export interface SGDOptions extends OptimizerOptions {
  lr: number;
  /** μ. Default 0: no velocity. */
  momentum?: number;
  /** Default false. */
  nesterov?: boolean;
}

/**
 * g′ = g + λw. Plain: w ← w − η·g′. Momentum: v ← μv + g′, w ← w − η·v (Polyak 1964).
 * Nesterov: v ← μv + g′, w ← w − η·(g′ + μv) (Sutskever et al. 2013).
 *
 * Book: SGD, Momentum, Nesterov, section 6.1; its v is −η times ours, the same path while η is constant.
 */
export class SGD extends Optimizer {
  /** μ; 0: no velocity. */
  readonly momentum: number;
  /** Whether the velocity is looked ahead of. */
  readonly nesterov: boolean;
  readonly #v: Pointer;

  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: readonly Parameter[], options: SGDOptions) {
    checkArguments('SGD', arguments, {
      parameters: parametersLike,
      options: optionsOf<SGDOptions>({ ...optimizerRules, momentum: nonNegative, nesterov: boolean }, ['lr']),
    });
    const { momentum = 0, nesterov = false, ...rest } = options;
    super('SGD', parameters, rest);
    if (nesterov && momentum === 0) throw new RangeError('[SGD] expected a momentum above 0 with nesterov but got 0');
    this.momentum = momentum;
    this.nesterov = nesterov;
    this.#v = momentum > 0 ? this.block('velocity') : 0;
  }

  protected update(kernels: Kernels, { size, value, grad, weightDecay, offset }: Segment): number {
    const v = this.#v + offset;
    if (this.momentum === 0) return kernels.sgd(size, this.lr, weightDecay, grad, value);
    if (this.nesterov) return kernels.nesterov(size, this.lr, this.momentum, weightDecay, grad, value, v);
    return kernels.momentum(size, this.lr, this.momentum, weightDecay, grad, value, v);
  }
}
