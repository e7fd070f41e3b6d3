// Activations: elementwise functions whose derivative is a function of their output y, or else of their input.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import { checkArguments } from '../core/check.ts';
import type { Tensor } from '../core/tensor.ts';
import { allocateBatch, BaseLayer, type FusedActivation } from './layer.ts';

interface Plan {
  kernels: Kernels;
  y: Tensor;
  dx: Tensor | null;
}

export abstract class Activation extends BaseLayer {
  #plan: Plan | undefined;
  /** What the last `forward` kept for the derivative: y, or x where `keepsInput`. */
  #kept: Tensor | undefined;
  protected readonly keepsInput: boolean = false;

  constructor() {
    super();
    checkArguments(new.target.name, arguments, {});
  }

  protected abstract apply(kernels: Kernels, n: number, x: Pointer, y: Pointer): void;
  protected abstract differentiate(kernels: Kernels, n: number, kept: Pointer, dy: Pointer, dx: Pointer): void;

  protected allocateBuffers(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const y = allocateBatch(device, batchSize, inputShape);
    const dx = needsInputGradient ? allocateBatch(device, batchSize, inputShape) : null;
    this.#plan = { kernels: device.kernels, y, dx };
    return inputShape;
  }

  protected computeOutput(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    const { kernels, y } = this.#plan as Plan;
    this.#kept = fusedActivation || this.keepsInput ? x : y;
    if (fusedActivation) return x;
    y.shape[0] = x.shape[0] as number;
    this.apply(kernels, y.size, x.pointer, y.pointer);
    return y;
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    const { kernels, dx } = this.#plan as Plan;
    const kept = this.#kept as Tensor;
    if (!dx) return null;
    dx.shape[0] = kept.shape[0] as number;
    this.differentiate(kernels, kept.size, kept.pointer, dy.pointer, dx.pointer);
    return dx;
  }
}

/** y = max(x, 0). Backward: dx = dy where y > 0, else 0. Book: Relu, section 5.5.1. */
export class ReLU extends Activation {
  /** 'ReLU'. */
  readonly name = 'ReLU';

  /** With it, `forward` returns its input, to which the layer before has applied max(x, 0). */
  override readonly fusibleActivations: readonly FusedActivation[] = ['relu'];

  protected apply(kernels: Kernels, n: number, x: Pointer, y: Pointer): void {
    kernels.relu(n, x, y);
  }

  protected differentiate(kernels: Kernels, n: number, y: Pointer, dy: Pointer, dx: Pointer): void {
    kernels.reluBackward(n, y, dy, dx);
  }
}

/** y = 1 / (1 + e⁻ˣ). Backward: dx = dy · y · (1 − y). Book: Sigmoid, section 5.5.2. */
export class Sigmoid extends Activation {
  /** 'Sigmoid'. */
  readonly name = 'Sigmoid';

  protected apply(kernels: Kernels, n: number, x: Pointer, y: Pointer): void {
    kernels.sigmoid(n, x, y);
  }

  protected differentiate(kernels: Kernels, n: number, y: Pointer, dy: Pointer, dx: Pointer): void {
    kernels.sigmoidBackward(n, y, dy, dx);
  }
}

/** y = tanh x. Backward: dx = dy · (1 − y²). */
export class Tanh extends Activation {
  /** 'Tanh'. */
  readonly name = 'Tanh';

  protected apply(kernels: Kernels, n: number, x: Pointer, y: Pointer): void {
    kernels.tanh(n, x, y);
  }

  protected differentiate(kernels: Kernels, n: number, y: Pointer, dy: Pointer, dx: Pointer): void {
    kernels.tanhBackward(n, y, dy, dx);
  }
}
