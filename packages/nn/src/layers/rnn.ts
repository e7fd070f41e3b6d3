// The recurrent layer.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkArguments, choice, finite, integer, optionsOf } from '../core/check.ts';
import { type Initializer, initialize, initializer, uniform } from '../core/init.ts';
import { type Buffer, Parameter } from '../core/parameter.ts';
import type { Rng, Streams } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Allocation, BufferedLayer, requireForwardFirst } from './layer.ts';
import { StepBatchNorm, StepLayerNorm, type StepNorm } from './step-norm.ts';

/** Options of `RNN`. */
export interface RNNOptions {
  /** The output: the last hidden state (B, H) or those of all steps (B, T, H). Default 'last'. */
  returns?: 'last' | 'all';
  /**
   * The norm of the pre-activation of each step, before tanh. Default 'none'. With 'batch' the layer has no bias but β of
   * the norm, because the norm subtracts any other.
   */
  norm?: 'none' | 'batch' | 'layer';
  /** The number of steps T. Required for a batch norm, which has separate running statistics for each step. */
  steps?: number;
  /** Initial γ of the norm. Default 1; Cooijmans et al. recommend 0.1 for batch norm. */
  initialGamma?: number;
  /** Initializer of both weights. Default U[−1/√H, 1/√H), as in PyTorch. */
  weightInit?: Initializer;
  /** Initializer of both biases. Default U[−1/√H, 1/√H), as in PyTorch. */
  biasInit?: Initializer;
}

interface Buffers {
  kernels: Kernels;
  steps: number;
  /** x by steps (T, B, In). */
  inputs: Pointer;
  /** dx by steps (T, B, In); 0 if it is not needed. */
  inputGradients: Pointer;
  /** z, then dz (T, B, H). */
  sums: Pointer;
  /** h (T, B, H). */
  hidden: Pointer;
  /** dy by steps (T, B, H); 0 if only the last state is returned. */
  gradients: Pointer;
  /** (B, H) of one step. */
  scratch: Pointer;
  transposedWeight: Pointer;
}

/**
 * h₍ₜ₎ = tanh(N(z₍ₜ₎)) with z₍ₜ₎ = x₍ₜ₎ · Wᵢₕ + bᵢₕ + h₍ₜ₋₁₎ · Wₕₕ + bₕₕ and h₍₀₎ = 0, x (B, T, In), h (B, H); N is the
 * identity, a batch norm with statistics of each step, or a layer norm. Backward, from the last step to the first:
 * dz₍ₜ₎ = N′(dh₍ₜ₎ · (1 − h₍ₜ₎²)), dh₍ₜ₋₁₎ = dz₍ₜ₎ · Wₕₕᵀ + dy₍ₜ₋₁₎; dWᵢₕ = Σ x₍ₜ₎ᵀ · dz₍ₜ₎, dWₕₕ = Σ h₍ₜ₋₁₎ᵀ · dz₍ₜ₎, db = Σ dz₍ₜ₎,
 * dx₍ₜ₎ = dz₍ₜ₎ · Wᵢₕᵀ. Call `backward` once per `forward`, because dz overwrites z.
 *
 * One layer, one direction, `batch_first`. There are two biases with equal gradients, because PyTorch has both.
 *
 * If the pre-activation does not vary, a norm multiplies gradients by γ / √ε (316 with γ = 1) at every such step. With layer
 * norm the biases make it vary. With batch norm it does not vary if all examples begin alike, as the black first rows of
 * images do: such gradients explode, also in PyTorch (Cooijmans et al. add noise to h₍₀₎).
 * Book: *Deep Learning from Scratch 2*, section 5.3, `TimeRNN`.
 */
export class RNN extends BufferedLayer {
  readonly name = 'RNN';
  /** In, the features of a step of input. */
  readonly inFeatures: number;
  /** H, the features of the hidden state. */
  readonly hiddenFeatures: number;
  /** Wᵢₕ (In, H); in a state dict (H, In). */
  readonly inputWeight: Parameter;
  /** Wₕₕ (H, H); in a state dict transposed. */
  readonly hiddenWeight: Parameter;
  /** bᵢₕ (H), or null with a batch norm. */
  readonly inputBias: Parameter | null;
  /** bₕₕ (H), likewise. */
  readonly hiddenBias: Parameter | null;
  /**
   * The norm, or null.
   * @internal
   */
  readonly norm: StepNorm | null;
  /** The output: the last hidden state (B, H) or those of all steps (B, T, H). */
  readonly returns: 'last' | 'all';
  readonly #options: RNNOptions;
  #buffers: Buffers | undefined;
  #rows: number | undefined;

  /** @throws RangeError if a number is out of its range, or a batch norm has no `steps` */
  constructor(inFeatures: number, hiddenFeatures: number, options: RNNOptions = {}) {
    super();
    checkArguments('RNN', arguments, {
      inFeatures: integer(1, 2 ** 24),
      hiddenFeatures: integer(1, 2 ** 24),
      options: optionsOf<RNNOptions>({
        returns: choice('last', 'all'),
        norm: choice('none', 'batch', 'layer'),
        steps: integer(1, 2 ** 20),
        initialGamma: finite,
        weightInit: initializer,
        biasInit: initializer,
      }),
    });
    const { returns = 'last', norm = 'none' } = options;
    this.inFeatures = inFeatures;
    this.hiddenFeatures = hiddenFeatures;
    this.returns = returns;
    this.#options = { ...options };
    const weight = { decay: true, transposed: true };
    const hasBias = norm !== 'batch';
    this.inputWeight = new Parameter('weight_ih_l0', [inFeatures, hiddenFeatures], weight);
    this.hiddenWeight = new Parameter('weight_hh_l0', [hiddenFeatures, hiddenFeatures], weight);
    this.norm = createNorm(hiddenFeatures, options);
    this.inputBias = hasBias ? new Parameter('bias_ih_l0', [hiddenFeatures], { decay: false }) : null;
    this.hiddenBias = hasBias ? new Parameter('bias_hh_l0', [hiddenFeatures], { decay: false }) : null;
  }

  override parameters(): Parameter[] {
    const { inputWeight, hiddenWeight, inputBias, hiddenBias, norm } = this;
    return [
      inputWeight,
      hiddenWeight,
      ...(inputBias && hiddenBias ? [inputBias, hiddenBias] : []),
      ...(norm ? [norm.weight, norm.bias] : []),
    ];
  }

  /** Returns the running statistics of the norm. */
  buffers(): Buffer[] {
    return this.norm?.buffers() ?? [];
  }

  protected allocateWorkspace({ device, inputShape, batchSize, needsInputGradient }: Allocation): readonly number[] {
    const steps = this.#checkShape(inputShape);
    const { inFeatures, hiddenFeatures } = this;
    const returnsAll = this.returns === 'all';
    const floats = (count: number) => device.arena.allocate(4 * count);
    const inputSize = batchSize * steps * inFeatures;
    const stepSize = batchSize * hiddenFeatures;
    this.norm?.allocate(device, steps, batchSize);
    this.#buffers = {
      kernels: device.kernels,
      steps,
      inputs: floats(inputSize),
      inputGradients: needsInputGradient ? floats(inputSize) : 0,
      sums: floats(steps * stepSize),
      hidden: floats(steps * stepSize),
      gradients: returnsAll ? floats(steps * stepSize) : 0,
      scratch: floats(stepSize),
      transposedWeight: floats(hiddenFeatures * Math.max(inFeatures, hiddenFeatures)),
    };
    return returnsAll ? [steps, hiddenFeatures] : [hiddenFeatures];
  }

  #checkShape(inputShape: readonly number[]): number {
    const { inFeatures } = this;
    const [steps = 0, features] = inputShape;
    const wanted = this.#options.norm === 'batch' ? this.#options.steps : undefined;
    if (inputShape.length !== 2 || features !== inFeatures || steps < 1 || (wanted !== undefined && wanted !== steps)) {
      throw new RangeError(
        `[RNN] expected rows of [${wanted ?? 'steps'}, ${inFeatures}] but got the shape [${inputShape.join(', ')}]`,
      );
    }
    return steps;
  }

  protected override initializeParameters(rng: Rng, streams: Streams): void {
    const { inFeatures, hiddenFeatures, inputWeight, hiddenWeight, inputBias, hiddenBias } = this;
    const bound = 1 / Math.sqrt(hiddenFeatures);
    const byDefault = uniform({ low: -bound, high: bound });
    const { weightInit = byDefault, biasInit = byDefault } = this.#options;
    const rows: [Parameter | null, Initializer, fanIn: number][] = [
      [inputWeight, weightInit, inFeatures],
      [hiddenWeight, weightInit, hiddenFeatures],
      [inputBias, biasInit, inFeatures],
      [hiddenBias, biasInit, hiddenFeatures],
    ];
    for (const [parameter, init, fanIn] of rows) {
      const stream = streams.take('weights');
      if (parameter) initialize('RNN', init, parameter.value, { fanIn, fanOut: hiddenFeatures, rng, stream });
    }
    this.norm?.initialize(this.#options.initialGamma ?? 1);
  }

  protected computeForward(x: Tensor, y: Tensor): void {
    const { kernels, steps, inputs, sums, hidden } = this.#buffers as Buffers;
    const { inFeatures, hiddenFeatures, inputBias } = this;
    const rows = x.shape[0] as number;
    const size = rows * hiddenFeatures;
    const w = this.inputWeight.value.pointer;
    const b = inputBias?.value.pointer;
    this.#rows = rows;
    kernels.swapAxes(rows, steps, inFeatures, x.pointer, inputs);
    if (b === undefined) kernels.matmul(steps * rows, hiddenFeatures, inFeatures, inputs, w, sums);
    else kernels.linear(steps * rows, hiddenFeatures, inFeatures, 0, inputs, w, b, sums);
    for (let step = 0; step < steps; step++) {
      const at = 4 * step * size;
      this.#stepForward(step, rows, sums + at, hidden + at);
    }
    if (this.training) this.norm?.updateRunningStats(rows);
    if (this.returns === 'all') kernels.swapAxes(steps, rows, hiddenFeatures, hidden, y.pointer);
    else kernels.copy(size, hidden + 4 * (steps - 1) * size, y.pointer);
  }

  /** z ← z + h₍ₜ₋₁₎ · Wₕₕ + bₕₕ, h ← tanh(N(z)). */
  #stepForward(step: number, rows: number, z: Pointer, h: Pointer): void {
    const { kernels, scratch } = this.#buffers as Buffers;
    const { hiddenFeatures, hiddenWeight, hiddenBias, norm } = this;
    const size = rows * hiddenFeatures;
    if (step > 0) {
      kernels.matmul(rows, hiddenFeatures, hiddenFeatures, h - 4 * size, hiddenWeight.value.pointer, scratch);
      kernels.add(size, z, scratch, z);
    }
    if (hiddenBias) kernels.addBias(rows, hiddenFeatures, z, hiddenBias.value.pointer, z);
    if (norm) norm.forward(step, rows, this.training, z, h);
    kernels.tanh(size, norm ? h : z, h);
  }

  protected computeBackward(_x: Tensor, dy: Tensor, dx: Tensor | null): void {
    const { kernels, steps, hidden, gradients, transposedWeight, sums } = this.#buffers as Buffers;
    const rows = requireForwardFirst('RNN', 'a forward pass before each backward', this.#rows);
    this.#rows = undefined;
    const { hiddenFeatures, hiddenWeight } = this;
    const size = 4 * rows * hiddenFeatures;
    if (gradients) kernels.swapAxes(rows, steps, hiddenFeatures, dy.pointer, gradients);
    kernels.transpose(hiddenFeatures, hiddenFeatures, hiddenWeight.value.pointer, transposedWeight);
    const last = steps - 1;
    for (let step = last; step >= 0; step--) {
      const outputGradient = gradients ? gradients + step * size : step === last ? dy.pointer : 0;
      this.#stepBackward(step, rows, outputGradient, sums + step * size, hidden + step * size);
    }
    this.#computeParameterGradients(rows);
    if (dx) this.#computeInputGradient(rows, dx.pointer);
  }

  /** dh = dz₍ₜ₊₁₎ · Wₕₕᵀ + dy₍ₜ₎, then z ← dz. A step without dy has the pointer 0. */
  #stepBackward(step: number, rows: number, dy: Pointer, z: Pointer, h: Pointer): void {
    const { kernels, steps, scratch, transposedWeight } = this.#buffers as Buffers;
    const { hiddenFeatures, norm } = this;
    const size = rows * hiddenFeatures;
    const isLast = step === steps - 1;
    if (!isLast) {
      kernels.matmul(rows, hiddenFeatures, hiddenFeatures, z + 4 * size, transposedWeight, scratch);
      if (dy) kernels.add(size, scratch, dy, scratch);
    }
    kernels.tanhBackward(size, h, isLast ? dy : scratch, norm ? scratch : z);
    if (norm) norm.backward(step, rows, isLast, z, scratch);
  }

  #computeParameterGradients(rows: number): void {
    const { kernels, steps, inputs, sums, hidden } = this.#buffers as Buffers;
    const { inFeatures, hiddenFeatures, inputWeight, hiddenWeight, inputBias, hiddenBias } = this;
    const all = steps * rows;
    const next = sums + 4 * rows * hiddenFeatures;
    kernels.matmulTN(inFeatures, hiddenFeatures, all, inputs, sums, inputWeight.grad.pointer);
    kernels.matmulTN(hiddenFeatures, hiddenFeatures, all - rows, hidden, next, hiddenWeight.grad.pointer);
    if (!inputBias || !hiddenBias) return;
    kernels.sumAxis0(all, hiddenFeatures, sums, inputBias.grad.pointer);
    kernels.copy(hiddenFeatures, inputBias.grad.pointer, hiddenBias.grad.pointer);
  }

  #computeInputGradient(rows: number, dx: Pointer): void {
    const { kernels, steps, sums, inputGradients, transposedWeight } = this.#buffers as Buffers;
    const { inFeatures, hiddenFeatures } = this;
    const w = this.inputWeight.value.pointer;
    kernels.matmulNT(steps * rows, inFeatures, hiddenFeatures, sums, w, transposedWeight, inputGradients);
    kernels.swapAxes(steps, rows, inFeatures, inputGradients, dx);
  }
}

function createNorm(hiddenFeatures: number, { norm = 'none', steps }: RNNOptions): StepNorm | null {
  if (norm === 'layer') return new StepLayerNorm(hiddenFeatures);
  if (norm === 'none') return null;
  if (steps === undefined) {
    throw new RangeError('[RNN] expected steps with a batch norm but got none; each step has its own statistics');
  }
  return new StepBatchNorm(hiddenFeatures, steps);
}
