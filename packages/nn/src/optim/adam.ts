// Adam and AdamW: a velocity over a root mean square, both corrected for their start at zero.
import type { Kernels, Pointer } from '@descent/kernels';
import { boolean, checkCount, fraction, nonNegative } from '../core/check.ts';
import { Optimizer } from './optimizer.ts';
import { type OptimizerOptions, optimizerRules, type ParametersOrGroups, type ParamGroup } from './param-groups.ts';
import type { Segment } from './segment.ts';

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
  /** Whether the greatest v so far, of each parameter, takes the place of v in the step (Reddi et al. 2018). Default false. */
  amsgrad?: boolean;
}

const rules = {
  ...optimizerRules,
  beta1: fraction,
  beta2: fraction,
  eps: nonNegative,
  epsilonHat: boolean,
  amsgrad: boolean,
};
const defaults = { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8, epsilonHat: false, amsgrad: false };

/** The moments of `Adam` and `AdamW`. */
abstract class AdamMoments extends Optimizer<AdamOptions> {
  protected readonly m: Pointer;
  protected readonly v: Pointer;
  protected readonly vMax: Pointer;
  /** Of each group, for the present step. */
  protected readonly steps: readonly { stepSize: number; rescale: number }[];

  protected constructor(who: string, given: ArrayLike<unknown>, weightDecay: number) {
    // β₁ᵗ and β₂ᵗ of the kernels' float32 β, as products in float64: these round alike everywhere, `**` need not.
    super(who, given, rules, { ...defaults, weightDecay }, { beta1Power: 1, beta2Power: 1 });
    this.m = this.block('mean');
    this.v = this.block('meanSquare');
    this.vMax = this.paramGroups.some(({ amsgrad }) => amsgrad) ? this.block('maxMeanSquare') : 0;
    this.steps = this.paramGroups.map(() => ({ stepSize: 0, rescale: 1 }));
  }

  protected override advance(index: number): void {
    const { lr, beta1, beta2, epsilonHat } = this.paramGroups[index] as ParamGroup<AdamOptions>;
    const powers = this.scalars[index] as { beta1Power: number; beta2Power: number };
    const step = this.steps[index] as AdamMoments['steps'][number];
    powers.beta1Power *= Math.fround(beta1);
    powers.beta2Power *= Math.fround(beta2);
    const correction = Math.sqrt(1 - powers.beta2Power);
    const stepSize = lr / (1 - powers.beta1Power);
    step.stepSize = epsilonHat ? stepSize * correction : stepSize;
    step.rescale = epsilonHat ? 1 : 1 / correction;
  }
}

/**
 * g′ = g + λw, m ← β₁m + (1 − β₁)g′, v ← β₂v + (1 − β₂)g′²,
 * w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε) (Kingma and Ba 2015, algorithm 1).
 *
 * With `epsilonHat`: w ← w − η√(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε).
 * `lr` defaults to 0.001. Book: Adam, section 6.1.6.
 */
export class Adam extends AdamMoments {
  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: ParametersOrGroups<AdamOptions>, options: AdamOptions = {}) {
    checkCount('Adam', arguments.length, 2);
    super('Adam', [parameters, options], 0);
  }

  protected update(kernels: Kernels, segment: Segment<AdamOptions>): number {
    const { group, index, size, value: w, grad, weightDecay, offset } = segment;
    const { beta1, beta2, eps, amsgrad } = group;
    const { stepSize, rescale } = this.steps[index] as AdamMoments['steps'][number];
    const [m, v] = [this.m + offset, this.v + offset];
    if (!amsgrad) return kernels.adam(size, stepSize, beta1, beta2, rescale, eps, weightDecay, grad, w, m, v);
    const vMax = this.vMax + offset;
    return kernels.amsgrad(size, stepSize, beta1, beta2, rescale, eps, weightDecay, 1, grad, w, m, v, vMax);
  }
}

/**
 * Adam whose decay stays out of m and v: w ← w·(1 − ηλ), then Adam's update without λ (Loshchilov and Hutter 2019).
 * `weightDecay` defaults to 0.01.
 */
export class AdamW extends AdamMoments {
  /** @throws RangeError where an option is out of its range, TypeError where one is unknown */
  constructor(parameters: ParametersOrGroups<AdamOptions>, options: AdamOptions = {}) {
    checkCount('AdamW', arguments.length, 2);
    super('AdamW', [parameters, options], 0.01);
  }

  protected update(kernels: Kernels, segment: Segment<AdamOptions>): number {
    const { group, index, size, value: w, grad, weightDecay, offset } = segment;
    const { lr, beta1, beta2, eps, amsgrad } = group;
    const { stepSize, rescale } = this.steps[index] as AdamMoments['steps'][number];
    const shrink = 1 - lr * weightDecay;
    const [m, v] = [this.m + offset, this.v + offset];
    if (!amsgrad) return kernels.adamw(size, stepSize, beta1, beta2, rescale, eps, shrink, grad, w, m, v);
    const vMax = this.vMax + offset;
    return kernels.amsgrad(size, stepSize, beta1, beta2, rescale, eps, 0, shrink, grad, w, m, v, vMax);
  }
}
