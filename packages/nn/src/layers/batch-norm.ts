// Batch normalization: what BatchNorm1d and BatchNorm2d share.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import { boolean, checkArguments, choice, integer, nonNegative, optionsOf, probability } from '../core/check.ts';
import { Buffer, Parameter } from '../core/parameter.ts';
import { Tensor } from '../core/tensor.ts';
import { allocateBatch, BaseLayer, type FusedActivation, requireForwardFirst } from './layer.ts';
import { besselCorrection, updateRunningStats } from './running-stats.ts';

/** Options of `BatchNorm1d` and `BatchNorm2d`. */
export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /**
   * Weight of the newest batch in the running statistics, from 0 to 1. Default 0.1. With null they are the mean over all
   * batches: the weight of batch number t is 1/t. It has no effect without running statistics.
   */
  momentum?: number | null;
  /** Whether γ and β are learned; otherwise they are 1 and 0. Default true. */
  affine?: boolean;
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
  mean: Tensor;
  variance: Tensor;
}

interface Plan {
  kernels: Kernels;
  /** Values of a feature in one example. */
  positions: number;
  y: Tensor;
  dx: Tensor;
  needsInputGradient: boolean;
  /** Images as rows (B·H·W, C), the layout of the kernels: x, and a workspace for y or the gradients. 0 for rows. */
  xRows: Pointer;
  workspace: Pointer;
  batch: Moments;
  /** Of the batch: what the rounding of the mean left over. */
  residual: Tensor;
  /** 1 / √(σ² + ε) of what the last forward pass used. */
  inverse: Tensor;
  running: Moments | null;
  gamma: Tensor;
  beta: Tensor;
  dGamma: Tensor;
  dBeta: Tensor;
}

const ARGUMENTS = {
  features: integer(1, 2 ** 24),
  options: optionsOf<BatchNormOptions>({
    eps: nonNegative,
    momentum: (who, name, value) => value === null || probability(who, name, value),
    affine: boolean,
    trackRunningStats: boolean,
    runningVariance: choice('unbiased', 'biased'),
    initialVariance: nonNegative,
  }),
};

/** What `BatchNorm1d` and `BatchNorm2d` share: everything but the shape of an example. */
export abstract class BatchNorm extends BaseLayer {
  /** N, the numbers of a row, or C, the channels of an image: each has statistics of its own. */
  readonly features: number;
  /** γ (N), or null without `affine`. */
  readonly weight: Parameter | null;
  /** β (N), or null without `affine`. */
  readonly bias: Parameter | null;
  /** (N): updated in training, used in evaluation. Null without running statistics. */
  readonly runningMean: Buffer | null;
  /** (N): likewise. */
  readonly runningVariance: Buffer | null;
  /** Number of batches in the running statistics, exact up to 2²⁴. Only with `momentum: null`, otherwise null. */
  readonly numBatchesTracked: Buffer | null;
  /** ε, added to the variance. */
  readonly eps: number;
  readonly #options: Required<Pick<BatchNormOptions, 'momentum' | 'runningVariance' | 'initialVariance'>>;
  override readonly fusibleActivations: readonly FusedActivation[] = ['relu'];
  #plan: Plan | undefined;
  #x: Tensor | undefined;
  #used: Moments | undefined;

  protected constructor(who: string, given: IArguments, features: number, options: BatchNormOptions = {}) {
    super();
    checkArguments(who, given, ARGUMENTS);
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    const { runningVariance = 'unbiased', initialVariance = 1 } = options;
    this.features = features;
    this.weight = affine ? new Parameter('weight', [features], { decay: false }) : null;
    this.bias = affine ? new Parameter('bias', [features], { decay: false }) : null;
    this.runningMean = trackRunningStats ? new Buffer('running_mean', [features]) : null;
    this.runningVariance = trackRunningStats ? new Buffer('running_var', [features]) : null;
    this.numBatchesTracked = trackRunningStats && momentum === null ? new Buffer('num_batches_tracked', []) : null;
    this.eps = eps;
    this.#options = { momentum, runningVariance, initialVariance };
  }

  /** Returns the parameters, in the order of their names in a state dict. */
  override parameters(): Parameter[] {
    return this.weight && this.bias ? [this.weight, this.bias] : [];
  }

  /** Returns the buffers: running statistics, which no optimizer moves. */
  buffers(): Buffer[] {
    return [this.runningMean, this.runningVariance, this.numBatchesTracked].filter((statistic) => statistic !== null);
  }

  /** Returns the number of values of a feature in one example. @throws RangeError if the layer does not accept the shape */
  protected abstract positionsOf(inputShape: readonly number[]): number;

  protected allocateBuffers(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const { features, weight, bias, runningMean, runningVariance } = this;
    const positions = this.positionsOf(inputShape);
    const row = () => Tensor.zeros(device, [features]);
    const rows = () => (positions === 1 ? 0 : device.arena.allocate(4 * batchSize * positions * features));
    this.#plan = {
      kernels: device.kernels,
      positions,
      y: allocateBatch(device, batchSize, inputShape),
      dx: allocateBatch(device, batchSize, inputShape),
      needsInputGradient,
      xRows: rows(),
      workspace: rows(),
      batch: { mean: row(), variance: row() },
      residual: row(),
      inverse: row(),
      running: runningMean && runningVariance && { mean: runningMean.value, variance: runningVariance.value },
      gamma: weight?.value ?? row(),
      beta: bias?.value ?? row(),
      dGamma: weight?.grad ?? row(),
      dBeta: bias?.grad ?? row(),
    };
    return inputShape;
  }

  protected override initializeParameters(): void {
    const { kernels, gamma, beta, running } = requireForwardFirst(this.name, 'model.to(device, …)', this.#plan);
    kernels.fill(this.features, 1, gamma.pointer);
    kernels.fill(this.features, 0, beta.pointer);
    if (running) {
      kernels.fill(this.features, 0, running.mean.pointer);
      kernels.fill(this.features, this.#options.initialVariance, running.variance.pointer);
    }
    if (this.numBatchesTracked) kernels.fill(1, 0, this.numBatchesTracked.value.pointer);
  }

  protected computeOutput(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    const plan = this.#plan as Plan;
    const { kernels, positions, y, xRows, workspace, batch, residual, inverse, running, gamma, beta } = plan;
    const { features, training } = this;
    const examples = x.shape[0] as number;
    const rows = examples * positions;
    const isImage = positions > 1;
    const from = isImage ? xRows : x.pointer;
    const to = isImage ? workspace : y.pointer;
    const used = training || running === null ? batch : running;
    const { mean, variance } = used;
    if (isImage) transposeEach(kernels, examples, features, positions, x.pointer, from);
    if (used === batch) {
      const { pointer } = residual;
      kernels.moments(rows, features, this.eps, from, mean.pointer, pointer, variance.pointer, inverse.pointer);
    } else {
      kernels.inverseStd(features, this.eps, variance.pointer, inverse.pointer);
    }
    if (training && running) this.#follow(rows, batch, running);
    y.shape[0] = examples;
    this.#x = x;
    this.#used = used;
    kernels.batchNorm(
      rows,
      features,
      +(fusedActivation === 'relu'),
      from,
      mean.pointer,
      used === batch ? residual.pointer : 0,
      inverse.pointer,
      gamma.pointer,
      beta.pointer,
      to,
    );
    if (isImage) transposeEach(kernels, examples, positions, features, to, y.pointer);
    return y;
  }

  /** Moves the running statistics towards those of a batch. */
  #follow(rows: number, batch: Moments, running: Moments): void {
    const { kernels } = this.#plan as Plan;
    const { features } = this;
    const momentum = this.#options.momentum ?? this.#countBatch(kernels);
    const factor = this.#options.runningVariance === 'unbiased' ? besselCorrection(rows) : 1;
    updateRunningStats(kernels, features, momentum, 1, batch.mean.pointer, running.mean.pointer);
    updateRunningStats(kernels, features, momentum, factor, batch.variance.pointer, running.variance.pointer);
  }

  /** Counts a batch. @returns its weight in the mean over all batches */
  #countBatch(kernels: Kernels): number {
    const { pointer } = (this.numBatchesTracked as Buffer).value;
    const count = kernels.sum(1, pointer) + 1;
    kernels.fill(1, count, pointer);
    return 1 / count;
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    const plan = this.#plan as Plan;
    const { kernels, positions, dx, xRows, workspace, batch, residual, inverse, gamma, dGamma, dBeta } = plan;
    const [x, used] = [this.#x as Tensor, this.#used as Moments];
    const { features } = this;
    const examples = x.shape[0] as number;
    const isImage = positions > 1;
    dx.shape[0] = examples;
    if (isImage) transposeEach(kernels, examples, features, positions, dy.pointer, workspace);
    kernels.batchNormBackward(
      examples * positions,
      features,
      +(used === batch),
      isImage ? xRows : x.pointer,
      used.mean.pointer,
      used === batch ? residual.pointer : 0,
      inverse.pointer,
      gamma.pointer,
      isImage ? workspace : dy.pointer,
      dGamma.pointer,
      dBeta.pointer,
      isImage ? workspace : dx.pointer,
    );
    if (!plan.needsInputGradient) return null;
    if (isImage) transposeEach(kernels, examples, positions, features, workspace, dx.pointer);
    return dx;
  }
}

/** Transposes each of `count` matrices (m, n). */
function transposeEach(kernels: Kernels, count: number, m: number, n: number, from: Pointer, to: Pointer): void {
  const bytes = 4 * m * n;
  for (let i = 0; i < count; i++) kernels.transpose(m, n, from + i * bytes, to + i * bytes);
}
