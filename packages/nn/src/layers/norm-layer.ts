// The base class of BatchNorm1d, BatchNorm2d and LayerNorm: scale γ, shift β and ε.
import type { Kernels, Pointer } from '@descent/kernels';
import { boolean, nonNegative } from '../core/check.ts';
import { type Buffer, Parameter } from '../core/parameter.ts';
import { sizeOf } from '../core/tensor.ts';
import { type Allocation, BufferedLayer, type FusedActivation, requireForwardFirst } from './layer.ts';

/** Options of every norm. */
export interface NormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Whether γ and β are learned; otherwise they are 1 and 0. Default true. */
  affine?: boolean;
}

/** The rules of `NormOptions`. */
export const normRules = { eps: nonNegative, affine: boolean };

interface AffineBuffers {
  kernels: Kernels;
  gamma: Pointer;
  beta: Pointer;
  dGamma: Pointer;
  dBeta: Pointer;
  /** For the gradient of the input if it is not needed, because the kernels compute it in any case. */
  unusedGradient: Pointer;
}

/** Base class of the norms. */
export abstract class NormLayer extends BufferedLayer {
  /** γ, or null without `affine`. */
  readonly weight: Parameter | null;
  /** β, or null without `affine`. */
  readonly bias: Parameter | null;
  /** ε, added to the variance. */
  readonly eps: number;
  override readonly fusibleActivations: readonly FusedActivation[] = ['relu'];
  readonly #shape: readonly number[];
  #affine: AffineBuffers | undefined;

  protected constructor(shape: readonly number[], { eps = 1e-5, affine = true }: NormOptions) {
    super();
    this.weight = affine ? new Parameter('weight', shape, { decay: false }) : null;
    this.bias = affine ? new Parameter('bias', shape, { decay: false }) : null;
    this.eps = eps;
    this.#shape = shape;
  }

  override parameters(): Parameter[] {
    return this.weight && this.bias ? [this.weight, this.bias] : [];
  }

  /** Returns the running statistics, if there are any. */
  buffers(): Buffer[] {
    return [];
  }

  /** γ, β and their gradients, in memory. @throws TypeError before `allocate` */
  protected get affine(): AffineBuffers {
    return requireForwardFirst(this.name, 'model.to(device, …)', this.#affine);
  }

  /** Allocates what a norm without parameters uses in their place. */
  protected allocateAffine({ device, inputShape, batchSize, needsInputGradient }: Allocation): void {
    const { weight, bias } = this;
    const row = () => device.arena.allocate(4 * sizeOf(this.#shape));
    this.#affine = {
      kernels: device.kernels,
      gamma: weight?.value.pointer ?? row(),
      beta: bias?.value.pointer ?? row(),
      dGamma: weight?.grad.pointer ?? row(),
      dBeta: bias?.grad.pointer ?? row(),
      unusedGradient: needsInputGradient ? 0 : device.arena.allocate(4 * batchSize * sizeOf(inputShape)),
    };
  }

  protected override initializeParameters(): void {
    const { kernels, gamma, beta } = this.affine;
    const size = sizeOf(this.#shape);
    kernels.fill(size, 1, gamma);
    kernels.fill(size, 0, beta);
  }
}
