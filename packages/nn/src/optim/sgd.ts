// Stochastic gradient descent, optionally with momentum.
import type { Kernels, Pointer } from '@descent/kernels';
import { boolean, checkCount, nonNegative } from '../core/check.ts';
import type { Parameter } from '../core/parameter.ts';
import { Optimizer } from './optimizer.ts';
import { type OptimizerOptions, optimizerRules, type ParamGroupOptions } from './param-groups.ts';
import type { Segment } from './segment.ts';

/** Options of `SGD`. */
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
export class SGD extends Optimizer<SGDOptions> {
  readonly #velocity: Pointer;

  /** @throws RangeError if an option is out of its range, TypeError if one is unknown */
  constructor(parameters: readonly Parameter[], options: SGDOptions);
  /** The options may lack `lr` if all groups have one. */
  constructor(groups: readonly ParamGroupOptions<SGDOptions>[], options?: Partial<SGDOptions>);
  constructor(parameters: readonly unknown[], options: Partial<SGDOptions> = {}) {
    checkCount('SGD', arguments.length, 2);
    const rules = { ...optimizerRules, momentum: nonNegative, nesterov: boolean };
    super('SGD', [parameters, options], rules, { momentum: 0, nesterov: false });
    if (this.paramGroups.some(({ momentum, nesterov }) => nesterov && momentum === 0)) {
      throw new RangeError('[SGD] expected a momentum above 0 with nesterov but got 0');
    }
    this.#velocity = this.paramGroups.some(({ momentum }) => momentum > 0) ? this.allocateState('velocity') : 0;
  }

  protected update(kernels: Kernels, { group, size, value, grad, weightDecay, offset }: Segment<SGDOptions>): number {
    const { lr, momentum, nesterov } = group;
    const v = this.#velocity + offset;
    if (momentum === 0) return kernels.sgd(size, lr, weightDecay, grad, value);
    if (nesterov) return kernels.nesterov(size, lr, momentum, weightDecay, grad, value, v);
    return kernels.momentum(size, lr, momentum, weightDecay, grad, value, v);
  }
}
