// Adam and AdamW: momentum divided by a root mean square, both corrected for their start at zero.
import type { Kernels, Pointer } from '@descent/kernels';
import { boolean, checkCount, fraction, nonNegative } from '../core/check.ts';
import { Optimizer } from './optimizer.ts';
import { type OptimizerOptions, optimizerRules, type ParametersOrGroups, type ParamGroup } from './param-groups.ts';
import type { Segment } from './segment.ts';

/** Options of `Adam` and `AdamW`. */
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
  /** Whether the step uses the maximum of all v so far in place of v (Reddi et al. 2018). Default false. */
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

/** Base class of `Adam` and `AdamW`, which differ in the weight decay. */
abstract class AdamBase extends Optimizer<AdamOptions> {
  readonly #isDecoupled: boolean;
  readonly #m: Pointer;
  readonly #v: Pointer;
  readonly #vMax: Pointer;
  /** Per group: the corrected step size, and the factor of √v. */
  readonly #corrections: readonly { stepSize: number; vHatScale: number }[];

  protected constructor(who: string, given: ArrayLike<unknown>, weightDecay: number, isDecoupled: boolean) {
    // β₁ᵗ and β₂ᵗ of the kernels' float32 β, as products in float64: engines agree on their bits, but not on those of `**`.
    super(who, given, rules, { ...defaults, weightDecay }, { beta1Power: 1, beta2Power: 1 });
    this.#isDecoupled = isDecoupled;
    this.#m = this.allocateState('mean');
    this.#v = this.allocateState('meanSquare');
    this.#vMax = this.paramGroups.some(({ amsgrad }) => amsgrad) ? this.allocateState('maxMeanSquare') : 0;
    this.#corrections = this.paramGroups.map(() => ({ stepSize: 0, vHatScale: 1 }));
  }

  protected override prepareStep(index: number): void {
    const { lr, beta1, beta2, epsilonHat } = this.paramGroups[index] as ParamGroup<AdamOptions>;
    const powers = this.scalars[index] as { beta1Power: number; beta2Power: number };
    const corrections = this.#corrections[index] as { stepSize: number; vHatScale: number };
    powers.beta1Power *= Math.fround(beta1);
    powers.beta2Power *= Math.fround(beta2);
    const correction = Math.sqrt(1 - powers.beta2Power);
    const stepSize = lr / (1 - powers.beta1Power);
    corrections.stepSize = epsilonHat ? stepSize * correction : stepSize;
    corrections.vHatScale = epsilonHat ? 1 : 1 / correction;
  }

  protected update(kernels: Kernels, segment: Segment<AdamOptions>): number {
    const { group, index, size, value: w, grad, weightDecay, offset } = segment;
    const { lr, beta1, beta2, eps, amsgrad } = group;
    const { stepSize, vHatScale } = this.#corrections[index] as { stepSize: number; vHatScale: number };
    const m = this.#m + offset;
    const v = this.#v + offset;
    // Branches instead of variables for λ and the decay factor, which V8 would box.
    if (amsgrad) {
      const vMax = this.#vMax + offset;
      if (!this.#isDecoupled)
        return kernels.amsgrad(size, stepSize, beta1, beta2, vHatScale, eps, weightDecay, 1, grad, w, m, v, vMax);
      const decay = 1 - lr * weightDecay;
      return kernels.amsgrad(size, stepSize, beta1, beta2, vHatScale, eps, 0, decay, grad, w, m, v, vMax);
    }
    if (!this.#isDecoupled)
      return kernels.adam(size, stepSize, beta1, beta2, vHatScale, eps, weightDecay, grad, w, m, v);
    return kernels.adamw(size, stepSize, beta1, beta2, vHatScale, eps, 1 - lr * weightDecay, grad, w, m, v);
  }
}

/**
 * g′ = g + λw, m ← β₁m + (1 − β₁)g′, v ← β₂v + (1 − β₂)g′²,
 * w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε) (Kingma and Ba 2015, algorithm 1).
 *
 * With `epsilonHat`: w ← w − η√(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε).
 * `lr` defaults to 0.001. Book: Adam, section 6.1.6.
 */
export class Adam extends AdamBase {
  /** @throws RangeError if an option is out of its range, TypeError if one is unknown */
  constructor(parameters: ParametersOrGroups<AdamOptions>, options: AdamOptions = {}) {
    checkCount('Adam', arguments.length, 2);
    super('Adam', [parameters, options], 0, false);
  }
}

/**
 * Adam with decoupled weight decay: w ← w·(1 − ηλ), then Adam's update without λ (Loshchilov and Hutter 2019).
 * `weightDecay` defaults to 0.01.
 */
export class AdamW extends AdamBase {
  /** @throws RangeError if an option is out of its range, TypeError if one is unknown */
  constructor(parameters: ParametersOrGroups<AdamOptions>, options: AdamOptions = {}) {
    checkCount('AdamW', arguments.length, 2);
    super('AdamW', [parameters, options], 0.01, true);
  }
}
