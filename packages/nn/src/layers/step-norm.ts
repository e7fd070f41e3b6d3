// Norms within a recurrence: what is done to the pre-activation of each step.
import type { Device, Pointer } from '@descent/kernels';
import { Buffer, Parameter } from '../core/parameter.ts';
import { requireForwardFirst } from './layer.ts';
import { besselCorrection, updateRunningStats } from './running-stats.ts';

/** PyTorch's ε. */
export const EPS = 1e-5;
/** Weight of the newest batch in the running statistics. */
const MOMENTUM = 0.1;

interface Plan {
  device: Device;
  /** Of every step its mean, what the mean's rounding left over, and 1 / √(σ² + ε): `places` floats a step of each. */
  mean: Pointer;
  residual: Pointer;
  inverse: Pointer;
  /** The variance of every step, where it is followed. */
  variance: Pointer;
  places: number;
  /** One step's dγ and dβ. */
  dGamma: Pointer;
  dBeta: Pointer;
}

/** γ and β are the same at every step; what x is normalized by is each step's own. */
export abstract class StepNorm {
  readonly weight: Parameter;
  readonly bias: Parameter;
  protected readonly hidden: number;
  #plan: Plan | undefined;

  constructor(hidden: number) {
    this.hidden = hidden;
    this.weight = new Parameter('norm.weight', [hidden], { decay: false });
    this.bias = new Parameter('norm.bias', [hidden], { decay: false });
  }

  buffers(): Buffer[] {
    return [];
  }

  /** How many means a step has. */
  protected abstract places(batchSize: number): number;

  allocate(device: Device, steps: number, batchSize: number): void {
    const places = this.places(batchSize);
    const floats = (count: number) => device.arena.allocate(4 * count);
    this.#plan = {
      device,
      mean: floats(steps * places),
      residual: floats(steps * places),
      inverse: floats(steps * places),
      variance: floats(steps * places),
      places,
      dGamma: floats(this.hidden),
      dBeta: floats(this.hidden),
    };
  }

  /** γ ← gamma, β ← 0. */
  initialize(gamma: number): void {
    const { kernels } = this.plan.device;
    kernels.fill(this.hidden, gamma, this.weight.value.pointer);
    kernels.fill(this.hidden, 0, this.bias.value.pointer);
  }

  protected get plan(): Plan {
    return requireForwardFirst('RNN', 'model.to(device, …)', this.#plan);
  }

  /** out (B, H) = the norm of x (B, H), the pre-activation of a step. */
  abstract forward(step: number, rows: number, training: boolean, x: Pointer, out: Pointer): void;

  /** What is left to do behind the last step of a forward pass in training. */
  settle(_rows: number): void {}

  /** x ← dx, and dγ and dβ into one step's places. */
  protected abstract differentiate(step: number, rows: number, x: Pointer, dy: Pointer): void;

  /** x ← dx. Steps come from the last to the first, `isFirst` with the one that starts the sums of dγ and dβ. */
  backward(step: number, rows: number, isFirst: boolean, x: Pointer, dy: Pointer): void {
    const { device, dGamma, dBeta } = this.plan;
    const { kernels } = device;
    const weight = this.weight.grad.pointer;
    const bias = this.bias.grad.pointer;
    this.differentiate(step, rows, x, dy);
    if (isFirst) {
      kernels.copy(this.hidden, dGamma, weight);
      kernels.copy(this.hidden, dBeta, bias);
    } else {
      kernels.add(this.hidden, weight, dGamma, weight);
      kernels.add(this.hidden, bias, dBeta, bias);
    }
  }
}

/** Batch norm with statistics, and running statistics (T, H), of each step (Cooijmans et al. 2016). */
export class StepBatchNorm extends StepNorm {
  /** Running ones (T, H). */
  readonly mean: Buffer;
  readonly variance: Buffer;
  #trained = true;

  constructor(hidden: number, steps: number) {
    super(hidden);
    this.mean = new Buffer('norm.running_mean', [steps, hidden]);
    this.variance = new Buffer('norm.running_var', [steps, hidden]);
  }

  override buffers(): Buffer[] {
    return [this.mean, this.variance];
  }

  protected places(): number {
    return this.hidden;
  }

  override initialize(gamma: number): void {
    super.initialize(gamma);
    const { kernels } = this.plan.device;
    kernels.fill(this.mean.size, 0, this.mean.value.pointer);
    kernels.fill(this.variance.size, 1, this.variance.value.pointer);
  }

  forward(step: number, rows: number, training: boolean, x: Pointer, out: Pointer): void {
    const { device, mean, residual, inverse, variance } = this.plan;
    const { kernels } = device;
    const { hidden } = this;
    const gamma = this.weight.value.pointer;
    const beta = this.bias.value.pointer;
    const at = 4 * step * hidden;
    this.#trained = training;
    if (training) kernels.moments(rows, hidden, EPS, x, mean + at, residual + at, variance + at, inverse + at);
    else kernels.inverseStd(hidden, EPS, this.variance.value.pointer + at, inverse + at);
    kernels.batchNorm(rows, hidden, 0, x, this.#meanOf(step), this.#residualOf(step), inverse + at, gamma, beta, out);
  }

  /** All steps at once: they lie side by side. */
  override settle(rows: number): void {
    const { device, mean, variance } = this.plan;
    const { size } = this.mean;
    updateRunningStats(device.kernels, size, MOMENTUM, 1, mean, this.mean.value.pointer);
    updateRunningStats(device.kernels, size, MOMENTUM, besselCorrection(rows), variance, this.variance.value.pointer);
  }

  protected differentiate(step: number, rows: number, x: Pointer, dy: Pointer): void {
    const { device, inverse, dGamma, dBeta } = this.plan;
    const { hidden } = this;
    const mean = this.#meanOf(step);
    const residual = this.#residualOf(step);
    const scale = inverse + 4 * step * hidden;
    const gamma = this.weight.value.pointer;
    const batch = +this.#trained;
    device.kernels.batchNormBackward(rows, hidden, batch, x, mean, residual, scale, gamma, dy, dGamma, dBeta, x);
  }

  #meanOf(step: number): Pointer {
    return (this.#trained ? this.plan.mean : this.mean.value.pointer) + 4 * step * this.hidden;
  }

  #residualOf(step: number): Pointer {
    return this.#trained ? this.plan.residual + 4 * step * this.hidden : 0;
  }
}

/** Layer norm of each example at each step (Ba, Kiros and Hinton 2016, section 3.1). */
export class StepLayerNorm extends StepNorm {
  protected places(batchSize: number): number {
    return batchSize;
  }

  forward(step: number, rows: number, _training: boolean, x: Pointer, out: Pointer): void {
    const { device, mean, residual, inverse, places } = this.plan;
    const at = 4 * step * places;
    const gamma = this.weight.value.pointer;
    const beta = this.bias.value.pointer;
    const { kernels } = device;
    kernels.layerNorm(rows, this.hidden, 0, EPS, x, gamma, beta, mean + at, residual + at, inverse + at, out);
  }

  protected differentiate(step: number, rows: number, x: Pointer, dy: Pointer): void {
    const { device, mean, residual, inverse, places, dGamma, dBeta } = this.plan;
    const at = 4 * step * places;
    const gamma = this.weight.value.pointer;
    const { kernels } = device;
    const left = residual + at;
    kernels.layerNormBackward(rows, this.hidden, x, mean + at, left, inverse + at, gamma, dy, dGamma, dBeta, x);
  }
}
