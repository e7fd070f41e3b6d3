// The recurrent layer.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import { checkArguments, choice, finite, integer, optionsOf } from '../core/check.ts';
import { type Initializer, initialize, initializer, uniform } from '../core/init.ts';
import { type Buffer, Parameter } from '../core/parameter.ts';
import type { Rng, Streams } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import { allocateBatch, BaseLayer, requireForwardFirst } from './layer.ts';
import { StepBatchNorm, StepLayerNorm, type StepNorm } from './step-norm.ts';

/** Settings of `RNN`. */
export interface RNNOptions {
  /** What comes out: the last hidden state (B, H) or those of all steps (B, T, H). Default 'last'. */
  returns?: 'last' | 'all';
  /**
   * What is done to the pre-activation of each step before tanh. Default 'none'. With 'batch' there is no bias but its β,
   * since the norm takes out any other.
   */
  norm?: 'none' | 'batch' | 'layer';
  /** The number of steps T: a batch norm needs it, since each step has running statistics of its own. */
  steps?: number;
  /** What γ of the norm starts at. Default 1; Cooijmans et al. recommend 0.1 for batch norm. */
  initialGamma?: number;
  /** Of both weights. Default U[−1/√H, 1/√H), as in PyTorch. */
  weightInit?: Initializer;
  /** Of both biases. Default U[−1/√H, 1/√H), as in PyTorch. */
  biasInit?: Initializer;
}

interface Plan {
  kernels: Kernels;
  steps: number;
  y: Tensor;
  /** dx (B, T, In), and the same by steps, where somebody needs it. */
  dx: { tensor: Tensor; bySteps: Pointer } | null;
  /** x by steps (T, B, In). */
  inputs: Pointer;
  /** z, then dz (T, B, H). */
  sums: Pointer;
  /** h (T, B, H). */
  hidden: Pointer;
  /** dy by steps (T, B, H), if all steps come out. */
  gradients: Pointer;
  /** One step's (B, H). */
  scratch: Pointer;
  /** A transposed weight. */
  workspace: Pointer;
}

/**
 * h₍ₜ₎ = tanh(N(z₍ₜ₎)) with z₍ₜ₎ = x₍ₜ₎ · Wᵢₕ + bᵢₕ + h₍ₜ₋₁₎ · Wₕₕ + bₕₕ and h₍₀₎ = 0, x (B, T, In), h (B, H); N is no norm, a
 * batch norm with statistics of each step, or a layer norm. Backward, from the last step to the first (through time):
 * dz₍ₜ₎ = N′(dh₍ₜ₎ · (1 − h₍ₜ₎²)), dh₍ₜ₋₁₎ = dz₍ₜ₎ · Wₕₕᵀ + dy₍ₜ₋₁₎; dWᵢₕ = Σ x₍ₜ₎ᵀ · dz₍ₜ₎, dWₕₕ = Σ h₍ₜ₋₁₎ᵀ · dz₍ₜ₎, db = Σ dz₍ₜ₎,
 * dx₍ₜ₎ = dz₍ₜ₎ · Wᵢₕᵀ. Once after each `forward`: dz overwrites z.
 *
 * One layer, one direction, `batch_first`; both biases, which learn alike, are there because PyTorch has both.
 *
 * Where the pre-activation does not vary, a norm multiplies gradients by γ / √ε (316 with γ = 1) at every such step. For
 * layer norm the biases see to it that it varies. For batch norm nothing does where all examples begin alike, as with
 * the black first rows of an image: such gradients explode, in PyTorch as here (Cooijmans et al. begin with noise in h₍₀₎).
 * Book: not in it; *Deep Learning from Scratch 2*, section 5.3, `TimeRNN`.
 */
export class RNN extends BaseLayer {
  /** Name of the kind of layer, as in messages. */
  readonly name = 'RNN';
  /** In, the numbers of a step of input. */
  readonly inFeatures: number;
  /** H, the numbers of the state. */
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
   * The norm inside, or null.
   * @internal
   */
  readonly norm: StepNorm | null;
  /** What comes out: the last hidden state (B, H) or those of all steps (B, T, H). */
  readonly returns: 'last' | 'all';
  readonly #options: RNNOptions;
  #plan: Plan | undefined;
  #rows: number | undefined;

  /** @throws RangeError where a number is out of its range, or a batch norm is not told the steps */
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
    const biased = norm !== 'batch';
    this.inputWeight = new Parameter('weight_ih_l0', [inFeatures, hiddenFeatures], weight);
    this.hiddenWeight = new Parameter('weight_hh_l0', [hiddenFeatures, hiddenFeatures], weight);
    this.norm = normOf(hiddenFeatures, options);
    this.inputBias = biased ? new Parameter('bias_ih_l0', [hiddenFeatures], { decay: false }) : null;
    this.hiddenBias = biased ? new Parameter('bias_hh_l0', [hiddenFeatures], { decay: false }) : null;
  }

  /** Returns the parameters, in the order of their names in a state dict. */
  override parameters(): Parameter[] {
    const { inputWeight, hiddenWeight, inputBias, hiddenBias, norm } = this;
    return [
      inputWeight,
      hiddenWeight,
      ...(inputBias && hiddenBias ? [inputBias, hiddenBias] : []),
      ...(norm ? [norm.weight, norm.bias] : []),
    ];
  }

  /** Returns the buffers: running statistics, which no optimizer moves. */
  buffers(): Buffer[] {
    return this.norm?.buffers() ?? [];
  }

  protected allocateBuffers(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const steps = this.#checkShape(inputShape);
    const { inFeatures, hiddenFeatures } = this;
    const all = this.returns === 'all';
    const outputShape = all ? [steps, hiddenFeatures] : [hiddenFeatures];
    const floats = (count: number) => device.arena.allocate(4 * count);
    const perStep = batchSize * hiddenFeatures;
    this.norm?.allocate(device, steps, batchSize);
    this.#plan = {
      kernels: device.kernels,
      steps,
      y: allocateBatch(device, batchSize, outputShape),
      dx: needsInputGradient
        ? { tensor: allocateBatch(device, batchSize, inputShape), bySteps: floats(batchSize * steps * inFeatures) }
        : null,
      inputs: floats(batchSize * steps * inFeatures),
      sums: floats(steps * perStep),
      hidden: floats(steps * perStep),
      gradients: all ? floats(steps * perStep) : 0,
      scratch: floats(perStep),
      workspace: floats(hiddenFeatures * Math.max(inFeatures, hiddenFeatures)),
    };
    return outputShape;
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
    const ours = uniform({ low: -bound, high: bound });
    const { weightInit = ours, biasInit = ours } = this.#options;
    const fromInput = { fanIn: inFeatures, fanOut: hiddenFeatures, rng };
    const fromHidden = { fanIn: hiddenFeatures, fanOut: hiddenFeatures, rng };
    initialize('RNN', weightInit, inputWeight.value, { ...fromInput, stream: streams.take('weights') });
    initialize('RNN', weightInit, hiddenWeight.value, { ...fromHidden, stream: streams.take('weights') });
    const [first, second] = [streams.take('weights'), streams.take('weights')];
    if (inputBias) initialize('RNN', biasInit, inputBias.value, { ...fromInput, stream: first });
    if (hiddenBias) initialize('RNN', biasInit, hiddenBias.value, { ...fromHidden, stream: second });
    this.norm?.initialize(this.#options.initialGamma ?? 1);
  }

  protected computeOutput(x: Tensor): Tensor {
    const { kernels, steps, y, inputs, sums, hidden } = this.#plan as Plan;
    const { inFeatures, hiddenFeatures, inputWeight, inputBias } = this;
    const rows = x.shape[0] as number;
    this.#rows = rows;
    y.shape[0] = rows;
    kernels.swapAxes(rows, steps, inFeatures, x.pointer, inputs);
    const w = inputWeight.value.pointer;
    if (inputBias) {
      kernels.linear(steps * rows, hiddenFeatures, inFeatures, 0, inputs, w, inputBias.value.pointer, sums);
    } else {
      kernels.matmul(steps * rows, hiddenFeatures, inFeatures, inputs, w, sums);
    }
    const size = rows * hiddenFeatures;
    for (let step = 0; step < steps; step++)
      this.#advance(step, rows, sums + 4 * step * size, hidden + 4 * step * size);
    if (this.training) this.norm?.settle(rows);
    if (this.returns === 'all') kernels.swapAxes(steps, rows, hiddenFeatures, hidden, y.pointer);
    else kernels.copy(size, hidden + 4 * (steps - 1) * size, y.pointer);
    return y;
  }

  /** z ← z + h₍ₜ₋₁₎ · Wₕₕ + bₕₕ, h ← tanh(N(z)). */
  #advance(step: number, rows: number, z: Pointer, h: Pointer): void {
    const { kernels, scratch } = this.#plan as Plan;
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

  protected computeGradients(dy: Tensor): Tensor | null {
    const { kernels, steps, hidden, gradients, workspace, sums } = this.#plan as Plan;
    const rows = requireForwardFirst('RNN', 'a forward pass before each backward', this.#rows);
    this.#rows = undefined;
    const { hiddenFeatures, hiddenWeight } = this;
    const size = 4 * rows * hiddenFeatures;
    if (gradients) kernels.swapAxes(rows, steps, hiddenFeatures, dy.pointer, gradients);
    kernels.transpose(hiddenFeatures, hiddenFeatures, hiddenWeight.value.pointer, workspace);
    const last = steps - 1;
    for (let step = last; step >= 0; step--) {
      const arriving = gradients ? gradients + step * size : step === last ? dy.pointer : 0;
      this.#retreat(step, rows, arriving, sums + step * size, hidden + step * size);
    }
    this.#differentiateParameters(rows);
    return this.#differentiateInput(rows);
  }

  /** dh = dz₍ₜ₊₁₎ · Wₕₕᵀ + what arrives from above, then z ← dz. */
  #retreat(step: number, rows: number, arriving: Pointer, z: Pointer, h: Pointer): void {
    const { kernels, steps, scratch, workspace } = this.#plan as Plan;
    const { hiddenFeatures, norm } = this;
    const size = rows * hiddenFeatures;
    const isLast = step === steps - 1;
    if (!isLast) {
      kernels.matmul(rows, hiddenFeatures, hiddenFeatures, z + 4 * size, workspace, scratch);
      if (arriving) kernels.add(size, scratch, arriving, scratch);
    }
    kernels.tanhBackward(size, h, isLast ? arriving : scratch, norm ? scratch : z);
    if (norm) norm.backward(step, rows, isLast, z, scratch);
  }

  #differentiateParameters(rows: number): void {
    const { kernels, steps, inputs, sums, hidden } = this.#plan as Plan;
    const { inFeatures, hiddenFeatures, inputWeight, hiddenWeight, inputBias, hiddenBias } = this;
    const all = steps * rows;
    const next = sums + 4 * rows * hiddenFeatures;
    kernels.matmulTN(inFeatures, hiddenFeatures, all, inputs, sums, inputWeight.grad.pointer);
    kernels.matmulTN(hiddenFeatures, hiddenFeatures, all - rows, hidden, next, hiddenWeight.grad.pointer);
    if (!inputBias || !hiddenBias) return;
    kernels.sumAxis0(all, hiddenFeatures, sums, inputBias.grad.pointer);
    kernels.copy(hiddenFeatures, inputBias.grad.pointer, hiddenBias.grad.pointer);
  }

  #differentiateInput(rows: number): Tensor | null {
    const { kernels, steps, sums, dx, workspace } = this.#plan as Plan;
    if (!dx) return null;
    const { inFeatures, hiddenFeatures, inputWeight } = this;
    const w = inputWeight.value.pointer;
    dx.tensor.shape[0] = rows;
    kernels.matmulNT(steps * rows, inFeatures, hiddenFeatures, sums, w, workspace, dx.bySteps);
    kernels.swapAxes(steps, rows, inFeatures, dx.bySteps, dx.tensor.pointer);
    return dx.tensor;
  }
}

function normOf(hiddenFeatures: number, { norm = 'none', steps }: RNNOptions): StepNorm | null {
  if (norm === 'layer') return new StepLayerNorm(hiddenFeatures);
  if (norm === 'none') return null;
  if (steps === undefined) {
    throw new RangeError('[RNN] expected steps with a batch norm but got none; each step has statistics of its own');
  }
  return new StepBatchNorm(hiddenFeatures, steps);
}
