// Layer normalization.
import type { Pointer } from '@descent/kernels';
import { check, checkArguments, integer, listOf, optionsOf } from '../core/check.ts';
import { sizeOf, type Tensor } from '../core/tensor.ts';
import type { Allocation } from './layer.ts';
import { NormLayer, type NormOptions, normRules } from './norm-layer.ts';

/** Options of `LayerNorm`. */
export type LayerNormOptions = NormOptions;

/** Per row: the mean, its rounding error, and 1 / √(σ² + ε). */
interface Buffers {
  mean: Pointer;
  residual: Pointer;
  inverse: Pointer;
}

const length = integer(1, 2 ** 24);

/**
 * y (…, N) = γ · x̂ + β with x̂ = (x − μ) / √(σ² + ε), where μ and σ² are those of the N elements of one row of one example
 * (Ba, Kiros and Hinton 2016). The examples do not influence each other, so training and evaluation mode are the same.
 * Backward, with g = γ · dy: dβ = Σ dy, dγ = Σ dy · x̂ over the rows, dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε).
 *
 * N may be the product of several last dimensions, as in PyTorch's `normalized_shape`. Not in the book.
 */
export class LayerNorm extends NormLayer {
  readonly name = 'LayerNorm';
  /** The last dimensions, which are normalized together. */
  readonly normalizedShape: readonly number[];
  readonly #features: number;
  #buffers: Buffers | undefined;

  /** @throws RangeError if a number is out of its range */
  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    checkArguments('LayerNorm', arguments, {
      normalizedShape: Array.isArray(normalizedShape) ? listOf('a shape', length) : length,
      options: optionsOf<LayerNormOptions>(normRules),
    });
    const shape = [normalizedShape].flat();
    check('LayerNorm', 'the size of normalizedShape', sizeOf(shape), length);
    super(shape, options);
    this.normalizedShape = shape;
    this.#features = sizeOf(shape);
  }

  protected allocateWorkspace(allocation: Allocation): readonly number[] {
    const { device, inputShape, batchSize } = allocation;
    const { normalizedShape } = this;
    if (inputShape.slice(-normalizedShape.length).join() !== normalizedShape.join()) {
      throw new RangeError(
        `[LayerNorm] expected rows that end in [${normalizedShape.join(', ')}] but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const perRow = () => device.arena.allocate((4 * batchSize * sizeOf(inputShape)) / this.#features);
    this.allocateAffine(allocation);
    this.#buffers = { mean: perRow(), residual: perRow(), inverse: perRow() };
    return inputShape;
  }

  protected computeForward(x: Tensor, y: Tensor, relu: number): void {
    const { kernels, gamma, beta } = this.affine;
    const { mean, residual, inverse } = this.#buffers as Buffers;
    const n = this.#features;
    const rows = x.size / n;
    kernels.layerNorm(rows, n, relu, this.eps, x.pointer, gamma, beta, mean, residual, inverse, y.pointer);
  }

  protected computeBackward(x: Tensor, { pointer: dy }: Tensor, dx: Tensor | null): void {
    const { kernels, gamma, dGamma, dBeta, unusedGradient } = this.affine;
    const { mean, residual, inverse } = this.#buffers as Buffers;
    const n = this.#features;
    const out = dx?.pointer ?? unusedGradient;
    const rows = x.size / n;
    kernels.layerNormBackward(rows, n, x.pointer, mean, residual, inverse, gamma, dy, dGamma, dBeta, out);
  }
}
