// Layer normalization.
import type { Device, Kernels } from '@descent/kernels';
import { boolean, check, checkArguments, integer, listOf, nonNegative, optionsOf } from '../core/check.ts';
import { Parameter } from '../core/parameter.ts';
import { sizeOf, Tensor } from '../core/tensor.ts';
import { allocateBatch, BaseLayer, type FusedActivation, requireForwardFirst } from './layer.ts';

/** Settings of `LayerNorm`. */
export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Whether γ and β are learnt; else they are 1 and 0. Default true. */
  affine?: boolean;
}

interface Plan {
  kernels: Kernels;
  y: Tensor;
  dx: Tensor;
  needsInputGradient: boolean;
  /** Of every row μ, what its rounding left over, and 1 / √(σ² + ε). */
  mean: Tensor;
  residual: Tensor;
  inverse: Tensor;
  gamma: Tensor;
  beta: Tensor;
  dGamma: Tensor;
  dBeta: Tensor;
}

/**
 * y (…, N) = γ · x̂ + β with x̂ = (x − μ) / √(σ² + ε), where μ and σ² are those of the N numbers of one row of one example
 * (Ba, Kiros and Hinton 2016): nothing depends on the other examples, so training and evaluation are the same.
 * Backward, with g = γ · dy: dβ = Σ dy, dγ = Σ dy · x̂ over the rows, dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε).
 *
 * N may be the product of several last dimensions, as in PyTorch's `normalized_shape`. Draws no random numbers.
 * Book: not in it.
 */
export class LayerNorm extends BaseLayer {
  /** Name of the kind of layer, as in messages. */
  readonly name = 'LayerNorm';
  /** The last dimensions, over which mean and variance are taken. */
  readonly normalizedShape: readonly number[];
  /** γ, of the shape that is normalized, or null where nothing is learnt. */
  readonly weight: Parameter | null;
  /** β, likewise. */
  readonly bias: Parameter | null;
  /** ε, added to the variance. */
  readonly eps: number;
  readonly #features: number;
  override readonly fusibleActivations: readonly FusedActivation[] = ['relu'];
  #plan: Plan | undefined;
  #x: Tensor | undefined;

  /** @throws RangeError where a number is out of its range */
  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    const length = integer(1, 2 ** 24);
    checkArguments('LayerNorm', arguments, {
      normalizedShape: Array.isArray(normalizedShape) ? listOf('a shape', length) : length,
      options: optionsOf<LayerNormOptions>({ eps: nonNegative, affine: boolean }),
    });
    const { eps = 1e-5, affine = true } = options;
    const shape = [normalizedShape].flat();
    const features = sizeOf(shape);
    check('LayerNorm', 'the size of normalizedShape', features, length);
    this.normalizedShape = shape;
    this.weight = affine ? new Parameter('weight', shape, { decay: false }) : null;
    this.bias = affine ? new Parameter('bias', shape, { decay: false }) : null;
    this.eps = eps;
    this.#features = features;
  }

  /** Returns the parameters, in the order of their names in a state dict. */
  override parameters(): Parameter[] {
    return this.weight && this.bias ? [this.weight, this.bias] : [];
  }

  protected allocateBuffers(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const { weight, bias, normalizedShape } = this;
    if (inputShape.slice(-normalizedShape.length).join() !== normalizedShape.join()) {
      throw new RangeError(
        `[LayerNorm] expected rows that end in [${normalizedShape.join(', ')}] but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const rows = (batchSize * sizeOf(inputShape)) / this.#features;
    const row = () => Tensor.zeros(device, normalizedShape);
    this.#plan = {
      kernels: device.kernels,
      y: allocateBatch(device, batchSize, inputShape),
      dx: allocateBatch(device, batchSize, inputShape),
      needsInputGradient,
      mean: Tensor.zeros(device, [rows]),
      residual: Tensor.zeros(device, [rows]),
      inverse: Tensor.zeros(device, [rows]),
      gamma: weight?.value ?? row(),
      beta: bias?.value ?? row(),
      dGamma: weight?.grad ?? row(),
      dBeta: bias?.grad ?? row(),
    };
    return inputShape;
  }

  protected override initializeParameters(): void {
    const { kernels, gamma, beta } = requireForwardFirst('LayerNorm', 'model.to(device, …)', this.#plan);
    kernels.fill(this.#features, 1, gamma.pointer);
    kernels.fill(this.#features, 0, beta.pointer);
  }

  protected computeOutput(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    const { kernels, y, mean, residual, inverse, gamma, beta } = this.#plan as Plan;
    y.shape[0] = x.shape[0] as number;
    this.#x = x;
    kernels.layerNorm(
      x.size / this.#features,
      this.#features,
      +(fusedActivation === 'relu'),
      this.eps,
      x.pointer,
      gamma.pointer,
      beta.pointer,
      mean.pointer,
      residual.pointer,
      inverse.pointer,
      y.pointer,
    );
    return y;
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    const { kernels, dx, mean, residual, inverse, gamma, dGamma, dBeta, needsInputGradient } = this.#plan as Plan;
    const x = this.#x as Tensor;
    dx.shape[0] = x.shape[0] as number;
    kernels.layerNormBackward(
      x.size / this.#features,
      this.#features,
      x.pointer,
      mean.pointer,
      residual.pointer,
      inverse.pointer,
      gamma.pointer,
      dy.pointer,
      dGamma.pointer,
      dBeta.pointer,
      dx.pointer,
    );
    return needsInputGradient ? dx : null;
  }
}
