// Parameters and buffers: the named tensors of a layer, and the blocks of memory that those of a model share.
import type { Device } from '@descent/kernels';
import * as is from './check.ts';
import { sizeOf, Tensor, valuesText } from './tensor.ts';

/** Options of `Parameter`. */
export interface ParameterOptions {
  /** Whether weight decay applies to it: to weights, not to biases and norms. Default true. */
  decay?: boolean;
  /** Whether it is stored as the transpose of PyTorch's layout. Default false. */
  transposed?: boolean;
}

/** Base class of `Parameter` and `Buffer`: a name and a shape, with memory only after `model.to(device, …)`. */
abstract class NamedTensor {
  /** 'weight' in its layer, '0.weight' in a Sequential, '1.0.weight' in a Sequential in a Sequential. */
  name: string;
  /** Shape in memory, row-major. */
  readonly shape: readonly number[];
  /** Whether it is stored as the transpose of PyTorch's layout. */
  abstract readonly transposed: boolean;
  protected tensor: Tensor | undefined;
  readonly #kind: string;

  protected constructor(kind: string, name: string, shape: readonly number[]) {
    this.#kind = kind;
    this.name = name;
    this.shape = [...shape];
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** @throws TypeError before it has memory */
  get value(): Tensor {
    return this.tensor ?? this.throwNotAllocated();
  }

  protected throwNotAllocated(): never {
    throw new TypeError(
      `[${this.#kind}] expected ${this.name} to be on a device but it is on none; call model.to(device, …) first`,
    );
  }

  /** Returns the text that `console.log` prints in Node: name, shape, options that are not default, and values. */
  [is.inspectSymbol](): string {
    const { name, shape, transposed, requiresGrad } = this as Partial<Parameter>;
    const flags = { requiresGrad: requiresGrad === false ? false : undefined, transposed: transposed || undefined };
    return (
      is.inspectText(this.#kind, { name, shape, ...flags }) + (this.tensor ? valuesText(this.tensor) : ' on no device')
    );
  }
}

/** A tensor that an optimizer updates, with its gradient. PyTorch: `nn.Parameter`. */
export class Parameter extends NamedTensor {
  /** Whether weight decay applies to it. */
  readonly decay: boolean;
  readonly transposed: boolean;
  #grad: Tensor | undefined;
  #requiresGrad = true;

  /** @throws TypeError if the shape is not an array, or an option is unknown */
  constructor(name: string, shape: readonly number[], options: ParameterOptions = {}) {
    is.checkArguments('Parameter', arguments, {
      name: is.string,
      shape: is.shapeLike,
      options: is.optionsOf<ParameterOptions>({ decay: is.boolean, transposed: is.boolean }),
    });
    super('Parameter', name, shape);
    this.decay = options.decay ?? true;
    this.transposed = options.transposed ?? false;
  }

  /**
   * Whether it is trained. If false, optimizers do not update the parameter and clipping skips its gradient, which `backward`
   * still writes. An optimizer that was created while it was false cannot train it later. Default true.
   */
  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  /** @throws TypeError unless it is a boolean */
  set requiresGrad(requiresGrad: boolean) {
    is.check('Parameter', 'requiresGrad', requiresGrad, is.boolean);
    this.#requiresGrad = requiresGrad;
  }

  /** The gradient from the last `backward`. @throws TypeError before it has memory */
  get grad(): Tensor {
    return this.#grad ?? this.throwNotAllocated();
  }

  /** Sets its memory. @throws RangeError if a size does not match */
  place(value: Tensor, grad: Tensor): void {
    is.checkArguments('Parameter', arguments, { value: is.tensorOf('float32'), grad: is.tensorOf('float32') });
    if (value.size !== this.size || grad.size !== this.size) {
      throw new RangeError(
        `[Parameter] expected ${this.size} elements for ${this.name} but got ${value.size} and ${grad.size}`,
      );
    }
    if (this.tensor !== value) this.tensor?.retire();
    if (this.#grad !== grad) this.#grad?.retire();
    this.tensor = value;
    this.#grad = grad;
  }
}

/** A tensor that its layer updates, not an optimizer, such as a running mean. PyTorch: a buffer. */
export class Buffer extends NamedTensor {
  readonly transposed = false;

  /** @throws TypeError if the shape is not an array */
  constructor(name: string, shape: readonly number[]) {
    is.checkArguments('Buffer', arguments, { name: is.string, shape: is.shapeLike });
    super('Buffer', name, shape);
  }

  /** Sets its memory. @throws RangeError if its size does not match */
  place(value: Tensor): void {
    is.checkArguments('Buffer', arguments, { value: is.tensorOf('float32') });
    if (value.size !== this.size) {
      throw new RangeError(`[Buffer] expected ${this.size} elements for ${this.name} but got ${value.size}`);
    }
    this.tensor = value;
  }
}

/** Two flat tensors of the same layout. */
export interface ParameterBlock {
  /** All values. */
  readonly values: Tensor;
  /** All gradients, in the layout of the values. */
  readonly grads: Tensor;
}

/** Returns the parameters in the order of a block: those with weight decay first, otherwise in the given order. */
export function inBlockOrder(parameters: readonly Parameter[]): Parameter[] {
  return [...parameters.filter(({ decay }) => decay), ...parameters.filter(({ decay }) => !decay)];
}

/** Allocates one block for the values and one for the gradients, in the order of `inBlockOrder`. */
export function allocateParameters(device: Device, parameters: readonly Parameter[]): ParameterBlock {
  is.checkArguments('allocateParameters', arguments, { device: is.deviceLike, parameters: is.parametersLike });
  const ordered = inBlockOrder(parameters);
  const [values, grads] = [0, 1].map(() => Tensor.zeros(device, [totalSize(ordered)])) as [Tensor, Tensor];
  forEachOffset(ordered, (parameter, offset) => {
    const view = ({ pointer }: Tensor) => new Tensor(device, 'float32', pointer + 4 * offset, parameter.shape);
    parameter.place(view(values), view(grads));
  });
  return { values, grads };
}

/** Allocates one block for buffers, in the given order. */
export function allocateBuffers(device: Device, buffers: readonly Buffer[]): Tensor {
  const rule = is.listOf('an array, as model.buffers() gives it,', is.having('shape', 'a Buffer'));
  is.checkArguments('allocateBuffers', arguments, { device: is.deviceLike, buffers: rule });
  const block = Tensor.zeros(device, [totalSize(buffers)]);
  forEachOffset(buffers, (buffer, offset) => {
    buffer.place(new Tensor(device, 'float32', block.pointer + 4 * offset, buffer.shape));
  });
  return block;
}

/** Returns the number of elements of all tensors together. */
export function totalSize(tensors: readonly { readonly size: number }[]): number {
  return tensors.reduce((total, { size }) => total + size, 0);
}

function forEachOffset<T extends NamedTensor>(tensors: readonly T[], act: (tensor: T, offset: number) => void): void {
  let offset = 0;
  for (const tensor of tensors) {
    act(tensor, offset);
    offset += tensor.size;
  }
}
