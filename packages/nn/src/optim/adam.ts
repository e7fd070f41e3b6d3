// Adam and AdamW: a velocity over a root mean square, both corrected for their start at zero.
import type { Kernels, Pointer } from '@descent/kernels';
import { boolean, checkArguments, checkCount, fraction, nonNegative, optionsOf, parametersLike } from '../check.ts';
import type { Parameter } from '../parameter.ts';
import { Optimizer, type OptimizerOptions, optimizerRules, type Segment } from './optimizer.ts';

/** Settings of `Adam` and `AdamW`. */
export interface AdamOptions extends OptimizerOptions {
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  eps?: number;
  /**
   * Whether ε is added to √v before v is corrected, the paper's ε̂ (end of section 2). Default false: PyTorch's rule.
   * Book: true, with eps 1e-7.
   */
  epsilonHat?: boolean;
}

const ARGUMENTS = {
  parameters: parametersLike,
  options: optionsOf<AdamOptions>({
    ...optimizerRules,
    beta1: fraction,
    beta2: fraction,
    eps: nonNegative,
    epsilonHat: boolean,
  }),
};

/**
 * g′ = g + λw, m ← β₁m + (1 − β₁)g′, v ← β₂v + (1 − β₂)g′²,
 * w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε) (Kingma and Ba 2015, algorithm 1).
 *
 * With `epsilonHat`: w ← w − η√(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε).
 * `lr` defaults to 0.001. Book: Adam, section 6.1.6.
 */
export class Adam extends Optimizer {
  /** How much of the mean of gradients is kept a step. */
  readonly beta1: number;
  /** How much of the mean of their squares is kept a step. */
  readonly beta2: number;
  /** ε, added to the root. */
  readonly eps: number;
  /** Whether ε is added before v is corrected. */
  readonly epsilonHat: boolean;
  protected readonly m: Pointer;
  protected readonly v: Pointer;
  protected stepSize = 0;
  protected rescale = 1;
  /** β₁ᵗ and β₂ᵗ of the kernels' float32 β, as products in float64: these round alike everywhere, `**` need not. */
  #beta1Power = 1;
  #beta2Power = 1;

  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: readonly Parameter[], options: AdamOptions = {}, who = 'Adam') {
    checkArguments(who, [parameters, options], ARGUMENTS);
    // The name is for subclasses.
    checkCount(who, arguments.length, new.target === Adam ? 2 : 3);
    const { lr = 0.001, beta1 = 0.9, beta2 = 0.999, ...others } = options;
    const { eps = 1e-8, epsilonHat = false, ...rest } = others;
    super(who, parameters, { lr, ...rest });
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
    this.epsilonHat = epsilonHat;
    this.m = this.block('mean');
    this.v = this.block('meanSquare');
  }

  protected override get scalars(): Record<string, number> {
    return { beta1Power: this.#beta1Power, beta2Power: this.#beta2Power };
  }

  protected override set scalars({ beta1Power = 1, beta2Power = 1 }: Record<string, number>) {
    this.#beta1Power = beta1Power;
    this.#beta2Power = beta2Power;
  }

  protected override advance(): void {
    this.#beta1Power *= Math.fround(this.beta1);
    this.#beta2Power *= Math.fround(this.beta2);
    const correction = Math.sqrt(1 - this.#beta2Power);
    const stepSize = this.lr / (1 - this.#beta1Power);
    this.stepSize = this.epsilonHat ? stepSize * correction : stepSize;
    this.rescale = this.epsilonHat ? 1 : 1 / correction;
  }

  protected update(kernels: Kernels, { size, value, grad, weightDecay, offset }: Segment): number {
    const { stepSize, beta1, beta2, rescale, eps } = this;
    const m = this.m + offset;
    const v = this.v + offset;
    return kernels.adam(size, stepSize, beta1, beta2, rescale, eps, weightDecay, grad, value, m, v);
  }
}

/**
 * Adam whose decay stays out of m and v: w ← w·(1 − ηλ), then Adam's update without λ (Loshchilov and Hutter 2019).
 * `weightDecay` defaults to 0.01.
 */
export class AdamW extends Adam {
  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: readonly Parameter[], options: AdamOptions = {}) {
    checkArguments('AdamW', arguments, ARGUMENTS);
    super(parameters, { ...options, weightDecay: options.weightDecay ?? 0.01 }, 'AdamW');
  }

  protected override update(kernels: Kernels, { size, value, grad, weightDecay, offset }: Segment): number {
    const { stepSize, beta1, beta2, rescale, eps } = this;
    const shrink = 1 - this.lr * weightDecay;
    const m = this.m + offset;
    const v = this.v + offset;
    return kernels.adamw(size, stepSize, beta1, beta2, rescale, eps, shrink, grad, value, m, v);
  }
}
