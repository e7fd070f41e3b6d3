// Batch normalisation.
import type { Device, Kernels } from '@descent/kernels';
import { checkChoice, checkFraction, checkInteger, checkNotNegative, checkOptions } from '../check.ts';
import { after, batchOf, checkBatch, type Layer } from '../layer.ts';
import { Parameter, Statistic } from '../parameter.ts';
import { Tensor } from '../tensor.ts';
import { follow, unbiasing } from './running.ts';

/** Settings of `BatchNorm1d`. */
export interface BatchNorm1dOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Weight of the newest batch in the running statistics. Default 0.1. */
  momentum?: number;
  /** Whether γ and β are learnt; else they are 1 and 0. Default true. */
  affine?: boolean;
  /** Which variance of a batch of B the running one follows: Σ (x − μ)² / (B − 1) or / B. Default 'unbiased'. */
  runningVariance?: 'unbiased' | 'biased';
  /** What the running variance starts at. Default 1. */
  initialVariance?: number;
}

interface Moments {
  mean: Tensor;
  variance: Tensor;
}

interface Plan {
  kernels: Kernels;
  inputShape: readonly number[];
  batchSize: number;
  y: Tensor;
  dx: Tensor;
  needsInputGradient: boolean;
  batch: Moments;
  running: Moments;
  gamma: Tensor;
  beta: Tensor;
  dGamma: Tensor;
  dBeta: Tensor;
}

/**
 * y (B, N) = γ · (x − μ) / √(σ² + ε) + β, with μ and σ² (N) of the batch in training and the running ones in evaluation
 * (Ioffe and Szegedy 2015). Running ones move by r ← (1 − momentum) · r + momentum · batch's. Backward, with x̂ the
 * normalised x: dβ = Σ dy, dγ = Σ dy · x̂, dx = γ / √(σ² + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)); in evaluation the
 * means are left out.
 *
 * A batch of one example has σ² = 0: y = β whatever x is, dx = 0, and the running variance follows 0. PyTorch refuses
 * such a batch in training with an error.
 *
 * γ is 1 and β is 0 at first; neither draws random numbers.
 * Book: BatchNormalization, section 6.3: `{ eps: 1e-6, runningVariance: 'biased', initialVariance: 0 }`; its "momentum
 * 0.9" is the weight of the old value, so our 0.1.
 */
export class BatchNorm1d implements Layer {
  readonly name = 'BatchNorm1d';
  training = true;
  /** N, the numbers of a row. */
  readonly features: number;
  /** γ (N), or null where nothing is learnt. */
  readonly weight: Parameter | null;
  /** β (N), or null where nothing is learnt. */
  readonly bias: Parameter | null;
  /** (N): followed in training, used in evaluation. */
  readonly runningMean: Statistic;
  /** (N): likewise. */
  readonly runningVariance: Statistic;
  /** ε, added to the variance. */
  readonly eps: number;
  readonly #options: Required<BatchNorm1dOptions>;
  #plan: Plan | undefined;
  #x: Tensor | undefined;
  #used: Moments | undefined;
  #rectifies = false;

  /** @throws RangeError where a number is out of its range */
  constructor(features: number, options: BatchNorm1dOptions = {}) {
    checkOptions('BatchNorm1d', options, {
      eps: 1,
      momentum: 1,
      affine: 1,
      runningVariance: 1,
      initialVariance: 1,
    });
    const { eps = 1e-5, momentum = 0.1, affine = true } = options;
    const { runningVariance = 'unbiased', initialVariance = 1 } = options;
    checkChoice('BatchNorm1d', 'runningVariance', runningVariance, ['unbiased', 'biased']);
    checkInteger('BatchNorm1d', 'features', features, 1, 2 ** 24);
    checkNotNegative('BatchNorm1d', 'eps', eps);
    checkFraction('BatchNorm1d', 'momentum', momentum);
    checkNotNegative('BatchNorm1d', 'initialVariance', initialVariance);
    this.features = features;
    this.weight = affine ? new Parameter('weight', [features], { decay: false }) : null;
    this.bias = affine ? new Parameter('bias', [features], { decay: false }) : null;
    this.runningMean = new Statistic('running_mean', [features]);
    this.runningVariance = new Statistic('running_var', [features]);
    this.eps = eps;
    this.#options = { eps, momentum, affine, runningVariance, initialVariance };
  }

  parameters(): Parameter[] {
    return this.weight && this.bias ? [this.weight, this.bias] : [];
  }

  statistics(): Statistic[] {
    return [this.runningMean, this.runningVariance];
  }

  layOut(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const { features, weight, bias } = this;
    if (inputShape.length !== 1 || inputShape[0] !== features) {
      throw new RangeError(`[BatchNorm1d] expected rows of [${features}] but got the shape [${inputShape.join(', ')}]`);
    }
    const row = () => Tensor.zeros(device, [features]);
    this.#plan = {
      kernels: device.kernels,
      inputShape,
      batchSize,
      y: batchOf(device, batchSize, inputShape),
      dx: batchOf(device, batchSize, inputShape),
      needsInputGradient,
      batch: { mean: row(), variance: row() },
      running: { mean: this.runningMean.value, variance: this.runningVariance.value },
      gamma: weight?.value ?? row(),
      beta: bias?.value ?? row(),
      dGamma: weight?.grad ?? row(),
      dBeta: bias?.grad ?? row(),
    };
    return inputShape;
  }

  initialise(): void {
    const { kernels, gamma, beta, running } = after('BatchNorm1d', 'model.to(device, …)', this.#plan);
    kernels.fill(this.features, 1, gamma.pointer);
    kernels.fill(this.features, 0, beta.pointer);
    kernels.fill(this.features, 0, running.mean.pointer);
    kernels.fill(this.features, this.#options.initialVariance, running.variance.pointer);
  }

  /** Takes over the ReLU that follows: y ← max(y, 0) as it is stored. */
  rectify(): boolean {
    this.#rectifies = true;
    return true;
  }

  forward(x: Tensor): Tensor {
    const { kernels, inputShape, batchSize, y, batch, running, gamma, beta } = after(
      'BatchNorm1d',
      'model.to(device, …)',
      this.#plan,
    );
    checkBatch('BatchNorm1d', x, inputShape, batchSize);
    const rows = x.shape[0] as number;
    const { features } = this;
    const { mean, variance } = this.training ? batch : running;
    if (this.training) {
      kernels.moments(rows, features, x.pointer, mean.pointer, variance.pointer);
      this.#follow(rows, batch, running);
    }
    y.shape[0] = rows;
    this.#x = x;
    this.#used = this.training ? batch : running;
    kernels.batchNorm(
      rows,
      features,
      +this.#rectifies,
      this.#options.eps,
      x.pointer,
      mean.pointer,
      variance.pointer,
      gamma.pointer,
      beta.pointer,
      y.pointer,
    );
    return y;
  }

  /** Moves the running statistics towards those of a batch. */
  #follow(rows: number, batch: Moments, running: Moments): void {
    const { kernels } = this.#plan as Plan;
    const { momentum, runningVariance } = this.#options;
    const { features } = this;
    const factor = runningVariance === 'unbiased' ? unbiasing(rows) : 1;
    follow(kernels, features, momentum, 1, batch.mean.pointer, running.mean.pointer);
    follow(kernels, features, momentum, factor, batch.variance.pointer, running.variance.pointer);
  }

  backward(dy: Tensor): Tensor | null {
    const { kernels, dx, batch, gamma, dGamma, dBeta, needsInputGradient } = after(
      'BatchNorm1d',
      'model.to(device, …)',
      this.#plan,
    );
    const x = after('BatchNorm1d', 'forward', this.#x);
    const used = after('BatchNorm1d', 'forward', this.#used);
    const rows = x.shape[0] as number;
    dx.shape[0] = rows;
    kernels.batchNormBackward(
      rows,
      this.features,
      +(used === batch),
      this.#options.eps,
      x.pointer,
      used.mean.pointer,
      used.variance.pointer,
      gamma.pointer,
      dy.pointer,
      dGamma.pointer,
      dBeta.pointer,
      dx.pointer,
    );
    return needsInputGradient ? dx : null;
  }
}
