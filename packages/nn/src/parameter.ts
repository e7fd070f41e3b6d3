// Parameters: what an optimizer moves, and the one block of memory that a model's parameters share.
import type { Device } from '@descent/kernels';
import { sizeOf, Tensor } from './tensor.ts';

export interface ParameterOptions {
  /** Whether weight decay pulls at it: weights yes, biases and norms no. */
  decay: boolean;
  /** Whether it is stored as the transpose of PyTorch's layout. Default false. */
  transposed?: boolean;
}

/** A tensor that learns, with its gradient. It has memory only after `model.to(device, …)` or `placeParameters`. */
export class Parameter {
  /** 'weight' in its layer, '0.weight' in a Sequential of layers, '1.0.weight' in a Sequential of those. */
  name: string;
  readonly shape: readonly number[];
  readonly decay: boolean;
  readonly transposed: boolean;
  #value: Tensor | undefined;
  #grad: Tensor | undefined;

  constructor(name: string, shape: readonly number[], { decay, transposed = false }: ParameterOptions) {
    this.name = name;
    this.shape = shape;
    this.decay = decay;
    this.transposed = transposed;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** @throws TypeError before the parameter has memory */
  get value(): Tensor {
    return this.#value ?? this.#homeless();
  }

  /** The gradient that the last `backward` wrote. @throws TypeError before the parameter has memory */
  get grad(): Tensor {
    return this.#grad ?? this.#homeless();
  }

  /** Gives it memory. @throws RangeError where a size does not fit */
  place(value: Tensor, grad: Tensor): void {
    if (value.size !== this.size || grad.size !== this.size) {
      throw new RangeError(
        `[Parameter] expected ${this.size} elements for ${this.name} but got ${value.size} and ${grad.size}`,
      );
    }
    this.#value = value;
    this.#grad = grad;
  }

  #homeless(): never {
    throw new TypeError(
      `[Parameter] expected ${this.name} to be on a device but it is on none; call model.to(device, …) first`,
    );
  }
}

/** Two flat tensors of the same layout. */
export interface ParameterBlock {
  readonly values: Tensor;
  readonly grads: Tensor;
}

/** Lays parameters out in one block, gradients in another: those that decay first, each group in the given order. */
export function placeParameters(device: Device, parameters: readonly Parameter[]): ParameterBlock {
  const ordered = [...parameters.filter(({ decay }) => decay), ...parameters.filter(({ decay }) => !decay)];
  const size = ordered.reduce((total, parameter) => total + parameter.size, 0);
  const values = Tensor.zeros(device, [size]);
  const grads = Tensor.zeros(device, [size]);
  let offset = 0;
  for (const parameter of ordered) {
    parameter.place(
      new Tensor(device, 'float32', values.pointer + 4 * offset, parameter.shape),
      new Tensor(device, 'float32', grads.pointer + 4 * offset, parameter.shape),
    );
    offset += parameter.size;
  }
  return { values, grads };
}
