// Norms of an RNN: they normalize the pre-activation of each step.
import type { Device, Pointer } from '@descent/kernels';
import { Buffer, Parameter } from '../core/parameter.ts';
import { besselCorrection } from './batch-norm.ts';
import { requireForwardFirst } from './layer.ts';

/** PyTorch's ε. */
export const EPS = 1e-5;
/** Weight of the newest batch in the running statistics. */
const MOMENTUM = 0.1;

interface Buffers {
  device: Device;
  /** Per step: mean, its rounding error, 1 / √(σ² + ε) and variance, each of `count` elements. */
  mean: Pointer;
  residual: Pointer;
  inverse: Pointer;
  variance: Pointer;
  count: number;
  /** dγ and dβ of one step. */
  dGamma: Pointer;
  dBeta: Pointer;
}

/** Base class of the norms of an RNN. All steps share γ and β; each step has its own mean and variance. */
export abstract class StepNorm {
  readonly weight: Parameter;
  readonly bias: Parameter;
  protected readonly hidden: number;
  #buffers: Buffers | undefined;

  constructor(hidden: number) {
    this.hidden = hidden;
    this.weight = new Parameter('norm.weight', [hidden], { decay: false });
    this.bias = new Parameter('norm.bias', [hidden], { decay: false });
  }

  /** Returns the running statistics. */
  buffers(): Buffer[] {
    return [];
  }

  /** Returns the number of means per step. */
  protected abstract meansPerStep(batchSize: number): number;

  allocate(device: Device, steps: number, batchSize: number): void {
    const count = this.meansPerStep(batchSize);
    const floats = (size: number) => device.arena.allocate(4 * size);
    const [mean, residual, inverse, variance] = [0, 0, 0, 0].map(() => floats(steps * count)) as Four<Pointer>;
    const [dGamma, dBeta] = [floats(this.hidden), floats(this.hidden)];
    this.#buffers = { device, mean, residual, inverse, variance, count, dGamma, dBeta };
  }

  /** γ ← gamma, β ← 0. */
  initialize(gamma: number): void {
    const { kernels } = this.allocated.device;
    kernels.fill(this.hidden, gamma, this.weight.value.pointer);
    kernels.fill(this.hidden, 0, this.bias.value.pointer);
  }

  protected get allocated(): Buffers {
    return requireForwardFirst('RNN', 'model.to(device, …)', this.#buffers);
  }

  /** Normalizes the pre-activation of a step: out (B, H) = N(x), x (B, H). */
  abstract forward(step: number, rows: number, training: boolean, x: Pointer, out: Pointer): void;

  /** Updates the running statistics after the last step of a forward pass in training mode. */
  updateRunningStats(_rows: number): void {}

  /** x ← dx; writes dγ and dβ of one step. */
  protected abstract computeGradients(step: number, rows: number, x: Pointer, dy: Pointer): void;

  /** x ← dx; adds dγ and dβ. Steps come in descending order; `isFirst` is true for the first call, which starts the sums. */
  backward(step: number, rows: number, isFirst: boolean, x: Pointer, dy: Pointer): void {
    const { device, dGamma, dBeta } = this.allocated;
    const { kernels } = device;
    const weight = this.weight.grad.pointer;
    const bias = this.bias.grad.pointer;
    this.computeGradients(step, rows, x, dy);
    if (isFirst) {
      kernels.copy(this.hidden, dGamma, weight);
      kernels.copy(this.hidden, dBeta, bias);
    } else {
      kernels.add(this.hidden, weight, dGamma, weight);
      kernels.add(this.hidden, bias, dBeta, bias);
    }
  }
}

type Four<T> = [T, T, T, T];

/** Batch norm with its own statistics and running statistics (T, H) for each step (Cooijmans et al. 2016). */
export class StepBatchNorm extends StepNorm {
  /** Running mean (T, H). */
  readonly mean: Buffer;
  /** Running variance (T, H). */
  readonly variance: Buffer;
  #isTraining = true;

  constructor(hidden: number, steps: number) {
    super(hidden);
    this.mean = new Buffer('norm.running_mean', [steps, hidden]);
    this.variance = new Buffer('norm.running_var', [steps, hidden]);
  }

  override buffers(): Buffer[] {
    return [this.mean, this.variance];
  }

  protected meansPerStep(): number {
    return this.hidden;
  }

  override initialize(gamma: number): void {
    super.initialize(gamma);
    const { kernels } = this.allocated.device;
    kernels.fill(this.mean.size, 0, this.mean.value.pointer);
    kernels.fill(this.variance.size, 1, this.variance.value.pointer);
  }

  forward(step: number, rows: number, training: boolean, x: Pointer, out: Pointer): void {
    const { device, mean, residual, inverse, variance } = this.allocated;
    const { kernels } = device;
    const { hidden } = this;
    const gamma = this.weight.value.pointer;
    const beta = this.bias.value.pointer;
    const at = 4 * step * hidden;
    this.#isTraining = training;
    if (training) kernels.moments(rows, hidden, EPS, x, mean + at, residual + at, variance + at, inverse + at);
    else kernels.inverseStd(hidden, EPS, this.variance.value.pointer + at, inverse + at);
    kernels.batchNorm(rows, hidden, 0, x, this.#mean(at), this.#residual(at), inverse + at, gamma, beta, out);
  }

  /** Updates all steps in one call, because they are adjacent in memory. */
  override updateRunningStats(rows: number): void {
    const { device, mean, variance } = this.allocated;
    const { kernels } = device;
    const { size } = this.mean;
    kernels.updateRunning(size, MOMENTUM, 1, mean, this.mean.value.pointer);
    kernels.updateRunning(size, MOMENTUM, besselCorrection(rows), variance, this.variance.value.pointer);
  }

  protected computeGradients(step: number, rows: number, x: Pointer, dy: Pointer): void {
    const { device, inverse, dGamma, dBeta } = this.allocated;
    const { hidden } = this;
    const at = 4 * step * hidden;
    const [mean, residual] = [this.#mean(at), this.#residual(at)];
    const gamma = this.weight.value.pointer;
    const batch = +this.#isTraining;
    device.kernels.batchNormBackward(rows, hidden, batch, x, mean, residual, inverse + at, gamma, dy, dGamma, dBeta, x);
  }

  #mean(offset: number): Pointer {
    return (this.#isTraining ? this.allocated.mean : this.mean.value.pointer) + offset;
  }

  #residual(offset: number): Pointer {
    return this.#isTraining ? this.allocated.residual + offset : 0;
  }
}

/** Layer norm of each example at each step (Ba, Kiros and Hinton 2016, section 3.1). */
export class StepLayerNorm extends StepNorm {
  protected meansPerStep(batchSize: number): number {
    return batchSize;
  }

  forward(step: number, rows: number, _training: boolean, x: Pointer, out: Pointer): void {
    const { device, mean, residual, inverse, count } = this.allocated;
    const at = 4 * step * count;
    const gamma = this.weight.value.pointer;
    const beta = this.bias.value.pointer;
    const { kernels } = device;
    kernels.layerNorm(rows, this.hidden, 0, EPS, x, gamma, beta, mean + at, residual + at, inverse + at, out);
  }

  protected computeGradients(step: number, rows: number, x: Pointer, dy: Pointer): void {
    const { device, mean, residual: r, inverse, count, dGamma, dBeta } = this.allocated;
    const at = 4 * step * count;
    const gamma = this.weight.value.pointer;
    const { kernels } = device;
    kernels.layerNormBackward(rows, this.hidden, x, mean + at, r + at, inverse + at, gamma, dy, dGamma, dBeta, x);
  }
}
