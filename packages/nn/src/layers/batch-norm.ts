// Batch normalization of rows and of images.
import type { Kernels, Pointer } from '@descent/kernels';
import { boolean, checkArguments, choice, integer, nonNegative, optionsOf, probability } from '../core/check.ts';
import { Buffer } from '../core/parameter.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Allocation } from './layer.ts';
import { NormLayer, type NormOptions, normRules } from './norm-layer.ts';

/** Options of `BatchNorm1d` and `BatchNorm2d`. */
export interface BatchNormOptions extends NormOptions {
  /**
   * Weight of the newest batch in the running statistics, from 0 to 1. Default 0.1. With null they are the mean over all
   * batches: the weight of batch number t is 1/t. It has no effect without running statistics.
   */
  momentum?: number | null;
  /**
   * Whether there are running statistics. Default true. Without them, evaluation uses the statistics of the batch, as training does:
   * the output for an example depends on the rest of its batch.
   */
  trackRunningStats?: boolean;
  /** Which variance of m values the running one follows: Σ (x − μ)² / (m − 1) or / m. Default 'unbiased'. */
  runningVariance?: 'unbiased' | 'biased';
  /** Initial value of the running variance. Default 1. */
  initialVariance?: number;
}

interface Moments {
  mean: Pointer;
  variance: Pointer;
}

interface Buffers {
  /** Values of a feature in one example. */
  positions: number;
  /** Images as rows (B·H·W, C), the layout of the kernels: x, and a workspace for y or the gradients. 0 for rows. */
  xRows: Pointer;
  workspace: Pointer;
  batch: Moments;
  /** The rounding error of the mean of the batch. */
  residual: Pointer;
  /** 1 / √(σ² + ε) of the last forward pass. */
  inverse: Pointer;
  running: Moments | null;
}

const ARGUMENTS = {
  features: integer(1, 2 ** 24),
  options: optionsOf<BatchNormOptions>({
    ...normRules,
    momentum: (who, name, value) => value === null || probability(who, name, value),
    trackRunningStats: boolean,
    runningVariance: choice('unbiased', 'biased'),
    initialVariance: nonNegative,
  }),
};

/** Base class of `BatchNorm1d` and `BatchNorm2d`, which accept different shapes. */
export abstract class BatchNorm extends NormLayer {
  /** N, the elements of a row, or C, the channels of an image: each has its own statistics. */
  readonly features: number;
  /** (N): updated in training mode, used in evaluation mode. Null without running statistics. */
  readonly runningMean: Buffer | null;
  /** (N): likewise. */
  readonly runningVariance: Buffer | null;
  /** Number of batches in the running statistics, exact up to 2²⁴. Only with `momentum: null`, otherwise null. */
  readonly numBatchesTracked: Buffer | null;
  readonly #options: Required<Pick<BatchNormOptions, 'momentum' | 'runningVariance' | 'initialVariance'>>;
  #buffers: Buffers | undefined;
  /** The statistics of the last forward pass: the batch's or the running ones. */
  #used: Moments | undefined;

  protected constructor(who: string, given: IArguments, features: number, options: BatchNormOptions = {}) {
    checkArguments(who, given, ARGUMENTS);
    super([features], options);
    const { momentum = 0.1, trackRunningStats = true, runningVariance = 'unbiased', initialVariance = 1 } = options;
    this.features = features;
    this.runningMean = trackRunningStats ? new Buffer('running_mean', [features]) : null;
    this.runningVariance = trackRunningStats ? new Buffer('running_var', [features]) : null;
    this.numBatchesTracked = trackRunningStats && momentum === null ? new Buffer('num_batches_tracked', []) : null;
    this.#options = { momentum, runningVariance, initialVariance };
  }

  override buffers(): Buffer[] {
    return [this.runningMean, this.runningVariance, this.numBatchesTracked].filter((buffer) => buffer !== null);
  }

  /** Returns the number of values of a feature in one example. @throws RangeError if the layer does not accept the shape */
  protected abstract countPositions(inputShape: readonly number[]): number;

  protected allocateWorkspace(allocation: Allocation): readonly number[] {
    const { device, inputShape, batchSize } = allocation;
    const { features, runningMean, runningVariance } = this;
    const positions = this.countPositions(inputShape);
    const row = () => device.arena.allocate(4 * features);
    const rows = () => (positions === 1 ? 0 : device.arena.allocate(4 * batchSize * positions * features));
    const [mean, variance] = [runningMean?.value.pointer, runningVariance?.value.pointer];
    this.allocateAffine(allocation);
    this.#buffers = {
      positions,
      xRows: rows(),
      workspace: rows(),
      batch: { mean: row(), variance: row() },
      residual: row(),
      inverse: row(),
      running: mean === undefined || variance === undefined ? null : { mean, variance },
    };
    return inputShape;
  }

  protected override initializeParameters(): void {
    super.initializeParameters();
    const { kernels } = this.affine;
    const { running } = this.#buffers as Buffers;
    if (running) {
      kernels.fill(this.features, 0, running.mean);
      kernels.fill(this.features, this.#options.initialVariance, running.variance);
    }
    if (this.numBatchesTracked) kernels.fill(1, 0, this.numBatchesTracked.value.pointer);
  }

  protected computeForward(x: Tensor, y: Tensor, relu: number): void {
    const { kernels, gamma, beta } = this.affine;
    const { positions, xRows, workspace, batch, residual, inverse, running } = this.#buffers as Buffers;
    const { features, training, eps } = this;
    const examples = x.shape[0] as number;
    const rows = examples * positions;
    const isImage = positions > 1;
    const from = isImage ? xRows : x.pointer;
    const to = isImage ? workspace : y.pointer;
    const used = training || running === null ? batch : running;
    const { mean, variance } = used;
    const rest = used === batch ? residual : 0;
    this.#used = used;
    if (isImage) transposeEach(kernels, examples, features, positions, x.pointer, from);
    if (used === batch) kernels.moments(rows, features, eps, from, mean, residual, variance, inverse);
    else kernels.inverseStd(features, eps, variance, inverse);
    if (training && running) this.#updateRunningStats(rows, batch, running);
    kernels.batchNorm(rows, features, relu, from, mean, rest, inverse, gamma, beta, to);
    if (isImage) transposeEach(kernels, examples, positions, features, to, y.pointer);
  }

  #updateRunningStats(rows: number, { mean, variance }: Moments, running: Moments): void {
    const { kernels } = this.affine;
    const { features } = this;
    const { momentum, runningVariance } = this.#options;
    const weight = momentum ?? this.#countBatch(kernels);
    const factor = runningVariance === 'unbiased' ? besselCorrection(rows) : 1;
    kernels.updateRunning(features, weight, 1, mean, running.mean);
    kernels.updateRunning(features, weight, factor, variance, running.variance);
  }

  /** Counts a batch. @returns its weight in the mean over all batches */
  #countBatch(kernels: Kernels): number {
    const { pointer } = (this.numBatchesTracked as Buffer).value;
    const count = kernels.sum(1, pointer) + 1;
    kernels.fill(1, count, pointer);
    return 1 / count;
  }

  protected computeBackward(x: Tensor, dy: Tensor, dx: Tensor | null): void {
    const { kernels, gamma, dGamma, dBeta, unusedGradient } = this.affine;
    const { positions, xRows, workspace, batch, residual, inverse } = this.#buffers as Buffers;
    const used = this.#used as Moments;
    const n = this.features;
    const examples = x.shape[0] as number;
    const rows = examples * positions;
    const isImage = positions > 1;
    const isBatch = used === batch;
    const from = isImage ? xRows : x.pointer;
    const gradient = isImage ? workspace : dy.pointer;
    const to = isImage ? workspace : (dx?.pointer ?? unusedGradient);
    const rest = isBatch ? residual : 0;
    if (isImage) transposeEach(kernels, examples, n, positions, dy.pointer, workspace);
    kernels.batchNormBackward(rows, n, +isBatch, from, used.mean, rest, inverse, gamma, gradient, dGamma, dBeta, to);
    if (dx && isImage) transposeEach(kernels, examples, positions, n, workspace, dx.pointer);
  }
}

/** Returns the factor that makes the variance of `rows` values unbiased; 1 for one value, whose variance is 0. */
export function besselCorrection(rows: number): number {
  return rows > 1 ? rows / (rows - 1) : 1;
}

/** Transposes each of `count` matrices (m, n). */
function transposeEach(kernels: Kernels, count: number, m: number, n: number, from: Pointer, to: Pointer): void {
  const bytes = 4 * m * n;
  for (let i = 0; i < count; i++) kernels.transpose(m, n, from + i * bytes, to + i * bytes);
}

/**
 * y (B, N) = γ · (x − μ) / √(σ² + ε) + β, with μ and σ² (N) of the batch in training mode and the running ones in
 * evaluation mode (Ioffe and Szegedy 2015). Running statistics: r ← (1 − momentum) · r + momentum · batch's. Backward, with
 * x̂ the normalized x: dβ = Σ dy, dγ = Σ dy · x̂, dx = γ / √(σ² + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)); without the
 * means if the running statistics are used.
 *
 * A batch of one example has σ² = 0: y = β for every x, dx = 0, and the running variance follows 0. PyTorch refuses such a
 * batch in training mode. The initial γ is 1 and the initial β is 0.
 *
 * Book: BatchNormalization, section 6.3: `{ eps: 1e-6, runningVariance: 'biased', initialVariance: 0 }`; its "momentum
 * 0.9" is the weight of the old value, so our 0.1.
 */
export class BatchNorm1d extends BatchNorm {
  readonly name = 'BatchNorm1d';

  /** @throws RangeError if a number is out of its range, TypeError if an option is unknown */
  constructor(features: number, options?: BatchNormOptions) {
    super('BatchNorm1d', arguments, features, options);
  }

  protected countPositions(inputShape: readonly number[]): number {
    if (inputShape.length === 1 && inputShape[0] === this.features) return 1;
    const hint = inputShape.length === 3 ? '; use BatchNorm2d for images' : '';
    throw new RangeError(
      `[BatchNorm1d] expected rows of [${this.features}] but got the shape [${inputShape.join(', ')}]${hint}`,
    );
  }
}

/**
 * `BatchNorm1d` for images (B, C, H, W): mean, variance, γ and β of each channel, over the B · H · W values of that channel in
 * the batch. Book: the BatchNormalization of section 6.3, given the four dimensions of section 7.
 */
export class BatchNorm2d extends BatchNorm {
  readonly name = 'BatchNorm2d';

  /** @throws RangeError if a number is out of its range, TypeError if an option is unknown */
  constructor(features: number, options?: BatchNormOptions) {
    super('BatchNorm2d', arguments, features, options);
  }

  protected countPositions(inputShape: readonly number[]): number {
    const [channels, height = 0, width = 0] = inputShape;
    if (inputShape.length === 3 && channels === this.features && height > 0 && width > 0) return height * width;
    const hint = inputShape.length === 1 ? '; use BatchNorm1d for rows' : '';
    throw new RangeError(
      `[BatchNorm2d] expected images of [${this.features}, height, width] but got the shape [${inputShape.join(', ')}]${hint}`,
    );
  }
}
