// Activation functions: elementwise layers. To add one, write its class here and add a row to `activations`.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkArguments, choice, optionsOf } from '../core/check.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Allocation, BufferedLayer, type FusedActivation } from './layer.ts';

/** The base class of all activation functions. */
export abstract class Activation extends BufferedLayer {
  #kernels: Kernels | undefined;
  /** The tensor that the last `forward` saved for the derivative: y, or x if `savesInput`. */
  #saved: Tensor | undefined;
  /** Whether the derivative is computed from the input x. Default: from the output y. */
  protected readonly savesInput: boolean = false;

  constructor() {
    super();
    checkArguments(new.target.name, arguments, {});
  }

  /** The ONNX operator. If opset 17 lacks it, `formats/onnx/layers.ts` decomposes it into other operators. */
  abstract readonly onnxOperator: string;

  /** Returns whether an output y is in a region where the function hardly passes a gradient. */
  abstract isSaturated(y: number): boolean;

  protected abstract computeValues(kernels: Kernels, n: number, x: Pointer, y: Pointer): void;
  protected abstract computeDerivatives(kernels: Kernels, n: number, saved: Pointer, dy: Pointer, dx: Pointer): void;

  protected allocateWorkspace({ device, inputShape }: Allocation): readonly number[] {
    this.#kernels = device.kernels;
    return inputShape;
  }

  /** Returns x if the previous layer has applied the activation to it. */
  protected override computeOutput(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    const y = fusedActivation ? x : super.computeOutput(x);
    this.#saved = this.savesInput ? x : y;
    return y;
  }

  protected computeForward(x: Tensor, y: Tensor): void {
    this.computeValues(this.#kernels as Kernels, x.size, x.pointer, y.pointer);
  }

  protected computeBackward(_x: Tensor, dy: Tensor, dx: Tensor | null): void {
    const { size, pointer } = this.#saved as Tensor;
    if (dx) this.computeDerivatives(this.#kernels as Kernels, size, pointer, dy.pointer, dx.pointer);
  }
}

/** The backward op of each op of `OutputActivation`. */
const BACKWARD_OPS = { relu: 'reluBackward', sigmoid: 'sigmoidBackward', tanh: 'tanhBackward' } as const;

/** Base class of activation functions without options whose derivative is computed from the output. */
abstract class OutputActivation extends Activation {
  protected abstract readonly op: keyof typeof BACKWARD_OPS;

  protected computeValues(kernels: Kernels, n: number, x: Pointer, y: Pointer): void {
    kernels[this.op](n, x, y);
  }

  protected computeDerivatives(kernels: Kernels, n: number, y: Pointer, dy: Pointer, dx: Pointer): void {
    kernels[BACKWARD_OPS[this.op]](n, y, dy, dx);
  }
}

/** y = max(x, 0). Backward: dx = dy where y > 0, else 0. Book: Relu, section 5.5.1. */
export class ReLU extends OutputActivation {
  readonly name = 'ReLU';
  readonly onnxOperator = 'Relu';
  protected readonly op = 'relu';

  /** With 'relu', `forward` returns its input, to which the previous layer has already applied max(x, 0). */
  override readonly fusibleActivations: readonly FusedActivation[] = ['relu'];

  /** Returns whether y is 0. */
  isSaturated(y: number): boolean {
    return y === 0;
  }
}

/** y = 1 / (1 + e⁻ˣ). Backward: dx = dy · y · (1 − y). Book: Sigmoid, section 5.5.2. */
export class Sigmoid extends OutputActivation {
  readonly name = 'Sigmoid';
  readonly onnxOperator = 'Sigmoid';
  protected readonly op = 'sigmoid';

  /** Returns whether y is within 0.05 of 0 or 1. */
  isSaturated(y: number): boolean {
    return y < 0.05 || y > 0.95;
  }
}

/** y = tanh x. Backward: dx = dy · (1 − y²). */
export class Tanh extends OutputActivation {
  readonly name = 'Tanh';
  readonly onnxOperator = 'Tanh';
  protected readonly op = 'tanh';

  /** Returns whether y is within 0.05 of −1 or 1. */
  isSaturated(y: number): boolean {
    return y < -0.95 || y > 0.95;
  }
}

/** Options of `GELU`. */
export interface GELUOptions {
  /** 'none': Φ by erf. 'tanh': ½ (1 + tanh(√(2/π) (x + 0.044715 x³))) instead. Default 'none', as in PyTorch. */
  approximate?: 'none' | 'tanh';
}

/**
 * y = x · Φ(x), where Φ is the cumulative normal distribution (Hendrycks and Gimpel 2016). Backward:
 * dx = dy · (Φ(x) + x · φ(x)), computed from x. Not in the book.
 */
export class GELU extends Activation {
  readonly name = 'GELU';
  readonly onnxOperator = 'Gelu';
  protected override readonly savesInput = true;
  /** The exact function, or its approximation by tanh. */
  readonly approximate: 'none' | 'tanh';
  readonly #tanh: number;

  /** @throws TypeError if an option is unknown or has another value */
  constructor(options: GELUOptions = {}) {
    super();
    checkArguments('GELU', arguments, { options: optionsOf<GELUOptions>({ approximate: choice('none', 'tanh') }) });
    const { approximate = 'none' } = options;
    this.approximate = approximate;
    this.#tanh = +(approximate === 'tanh');
  }

  /** Returns whether y is within 0.05 of 0. */
  isSaturated(y: number): boolean {
    return Math.abs(y) < 0.05;
  }

  protected computeValues(kernels: Kernels, n: number, x: Pointer, y: Pointer): void {
    kernels.gelu(n, this.#tanh, x, y);
  }

  protected computeDerivatives(kernels: Kernels, n: number, x: Pointer, dy: Pointer, dx: Pointer): void {
    kernels.geluBackward(n, this.#tanh, x, dy, dx);
  }
}

/**
 * Names of the activation functions, as options and records write them. Types, choices of the options, the schema of
 * arms, probes, ONNX export and test tables follow from this list.
 */
export const activationNames = ['relu', 'sigmoid', 'tanh', 'gelu'] as const;

/** Name of an activation function. */
export type ActivationName = (typeof activationNames)[number];

/** The class of each activation function. */
export const activations: Readonly<Record<ActivationName, new () => Activation>> = {
  relu: ReLU,
  sigmoid: Sigmoid,
  tanh: Tanh,
  gelu: GELU,
};
