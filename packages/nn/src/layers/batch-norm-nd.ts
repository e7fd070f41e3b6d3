// BatchNorm1d and BatchNorm2d: batch normalization of rows and of images.
import { BatchNorm, type BatchNormOptions } from './batch-norm.ts';

/** Options of `BatchNorm1d`. */
export type BatchNorm1dOptions = BatchNormOptions;
/** Options of `BatchNorm2d`. */
export type BatchNorm2dOptions = BatchNormOptions;

/**
 * y (B, N) = γ · (x − μ) / √(σ² + ε) + β, with μ and σ² (N) of the batch in training and the running ones in evaluation
 * (Ioffe and Szegedy 2015). The running ones move by r ← (1 − momentum) · r + momentum · batch's. Backward, with x̂ the
 * normalized x: dβ = Σ dy, dγ = Σ dy · x̂, dx = γ / √(σ² + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)); where the running
 * statistics are used, the means are left out.
 *
 * A batch of one example has σ² = 0: y = β whatever x is, dx = 0, and the running variance follows 0. PyTorch refuses
 * such a batch in training with an error.
 *
 * γ is 1 and β is 0 at first; neither draws random numbers.
 * Book: BatchNormalization, section 6.3: `{ eps: 1e-6, runningVariance: 'biased', initialVariance: 0 }`; its "momentum
 * 0.9" is the weight of the old value, so our 0.1.
 */
export class BatchNorm1d extends BatchNorm {
  /** 'BatchNorm1d'. */
  readonly name = 'BatchNorm1d';

  /** @throws RangeError where a number is out of its range, TypeError where an option is unknown */
  constructor(features: number, options?: BatchNorm1dOptions) {
    super('BatchNorm1d', arguments, features, options);
  }

  protected positionsOf(inputShape: readonly number[]): number {
    if (inputShape.length === 1 && inputShape[0] === this.features) return 1;
    const hint = inputShape.length === 3 ? '; use BatchNorm2d for images' : '';
    throw new RangeError(
      `[BatchNorm1d] expected rows of [${this.features}] but got the shape [${inputShape.join(', ')}]${hint}`,
    );
  }
}

/**
 * `BatchNorm1d` for images (B, C, H, W): mean, variance, γ and β of each channel (C), over the B · H · W values of that channel in the
 * batch. Book: the BatchNormalization of section 6.3, given the four dimensions of section 7.
 */
export class BatchNorm2d extends BatchNorm {
  /** 'BatchNorm2d'. */
  readonly name = 'BatchNorm2d';

  /** @throws RangeError where a number is out of its range, TypeError where an option is unknown */
  constructor(features: number, options?: BatchNorm2dOptions) {
    super('BatchNorm2d', arguments, features, options);
  }

  protected positionsOf(inputShape: readonly number[]): number {
    const [channels, height = 0, width = 0] = inputShape;
    if (inputShape.length === 3 && channels === this.features && height > 0 && width > 0) return height * width;
    const hint = inputShape.length === 1 ? '; use BatchNorm1d for rows' : '';
    throw new RangeError(
      `[BatchNorm2d] expected images of [${this.features}, height, width] but got the shape [${inputShape.join(', ')}]${hint}`,
    );
  }
}
