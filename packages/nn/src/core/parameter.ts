// Parameters: what an optimizer moves; statistics: what a layer moves; and the blocks of memory that a model's share.
import type { Device } from '@descent/kernels';
import * as is from './check.ts';
import { sizeOf, Tensor, valuesText } from './tensor.ts';

/** What kind of parameter it is. */
export interface ParameterOptions {
  /** Whether weight decay pulls at it: weights yes, biases and norms no. Default true. */
  decay?: boolean;
  /** Whether it is stored as the transpose of PyTorch's layout. Default false. */
  transposed?: boolean;
}

/** A tensor that learns, with its gradient. It has memory only after `model.to(device, …)` or `allocateParameters`. */
export class Parameter {
  /** 'weight' in its layer, '0.weight' in a Sequential of layers, '1.0.weight' in a Sequential of those. */
  name: string;
  /** As it lies in memory, row-major. */
  readonly shape: readonly number[];
  /** Whether weight decay pulls at it. */
  readonly decay: boolean;
  /** Whether it is stored as the transpose of PyTorch's layout. */
  readonly transposed: boolean;
  #value: Tensor | undefined;
  #grad: Tensor | undefined;
  #requiresGrad = true;

  /** @throws TypeError where the shape is no array, or an option is unknown */
  constructor(name: string, shape: readonly number[], options: ParameterOptions = {}) {
    is.checkArguments('Parameter', arguments, {
      name: is.string,
      shape: is.shapeLike,
      options: is.optionsOf<ParameterOptions>({ decay: is.boolean, transposed: is.boolean }),
    });
    const { decay = true, transposed = false } = options;
    this.name = name;
    this.shape = [...shape];
    this.decay = decay;
    this.transposed = transposed;
  }

  /**
   * Whether it learns. Where it is false, optimizers leave the parameter as it is and clipping passes over its gradient, which `backward`
   * writes all the same. An optimizer that was made while it was false refuses to take it up later. Default true.
   */
  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  /** @throws TypeError unless it is a boolean */
  set requiresGrad(isLearning: boolean) {
    is.check('Parameter', 'requiresGrad', isLearning, is.boolean);
    this.#requiresGrad = isLearning;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** @throws TypeError before the parameter has memory */
  get value(): Tensor {
    return this.#value ?? throwNotAllocated('Parameter', this.name);
  }

  /** The gradient that the last `backward` wrote. @throws TypeError before the parameter has memory */
  get grad(): Tensor {
    return this.#grad ?? throwNotAllocated('Parameter', this.name);
  }

  /** Gives it memory. @throws RangeError where a size does not fit */
  place(value: Tensor, grad: Tensor): void {
    is.checkArguments('Parameter', arguments, { value: is.tensorOf('float32'), grad: is.tensorOf('float32') });
    if (value.size !== this.size || grad.size !== this.size) {
      throw new RangeError(
        `[Parameter] expected ${this.size} elements for ${this.name} but got ${value.size} and ${grad.size}`,
      );
    }
    if (this.#value !== value) this.#value?.retire();
    if (this.#grad !== grad) this.#grad?.retire();
    this.#value = value;
    this.#grad = grad;
  }

  /** Name, shape and values, as `console.log` prints them in Node; flags where they differ from a parameter's usual ones. */
  [is.inspectSymbol](): string {
    const flags = { requiresGrad: this.requiresGrad ? undefined : false, transposed: this.transposed || undefined };
    return storedText('Parameter', this, flags, this.#value);
  }
}

/** A tensor that is stored with the parameters but moved by its layer, not by an optimizer. PyTorch: a buffer. */
export class Buffer {
  /** Like a parameter's: 'running_mean' in its layer, '1.running_mean' in a Sequential of layers. */
  name: string;
  /** As it lies in memory. */
  readonly shape: readonly number[];
  /** Never. */
  readonly transposed = false;
  #value: Tensor | undefined;

  /** @throws TypeError where the shape is no array */
  constructor(name: string, shape: readonly number[]) {
    is.checkArguments('Buffer', arguments, { name: is.string, shape: is.shapeLike });
    this.name = name;
    this.shape = [...shape];
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** @throws TypeError before it has memory */
  get value(): Tensor {
    return this.#value ?? throwNotAllocated('Buffer', this.name);
  }

  /** Gives it memory. @throws RangeError where its size does not fit */
  place(value: Tensor): void {
    is.checkArguments('Buffer', arguments, { value: is.tensorOf('float32') });
    if (value.size !== this.size) {
      throw new RangeError(`[Buffer] expected ${this.size} elements for ${this.name} but got ${value.size}`);
    }
    this.#value = value;
  }

  /** Name, shape and values, as `console.log` prints them in Node. */
  [is.inspectSymbol](): string {
    return storedText('Buffer', this, {}, this.#value);
  }
}

function storedText(kind: string, { name, shape }: Parameter | Buffer, flags: object, value?: Tensor): string {
  return is.inspectText(kind, { name, shape, ...flags }) + (value ? valuesText(value) : ' on no device');
}

function throwNotAllocated(who: string, name: string): never {
  throw new TypeError(`[${who}] expected ${name} to be on a device but it is on none; call model.to(device, …) first`);
}

/** Two flat tensors of the same layout. */
export interface ParameterBlock {
  /** Every value. */
  readonly values: Tensor;
  /** Every gradient, in the layout of the values. */
  readonly grads: Tensor;
}

/** The order of a block: parameters that decay first, each group in the given order. */
export function inBlockOrder(parameters: readonly Parameter[]): Parameter[] {
  return [...parameters.filter(({ decay }) => decay), ...parameters.filter(({ decay }) => !decay)];
}

/** Lays parameters out in one block, gradients in another, in the order of `inBlockOrder`. */
export function allocateParameters(device: Device, parameters: readonly Parameter[]): ParameterBlock {
  is.checkArguments('allocateParameters', arguments, { device: is.deviceLike, parameters: is.parametersLike });
  const ordered = inBlockOrder(parameters);
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

/** Lays statistics out in one block, in the given order. */
export function allocateBuffers(device: Device, statistics: readonly Buffer[]): Tensor {
  const rule = is.listOf('an array, as model.buffers() gives it,', is.having('shape', 'a Buffer'));
  is.checkArguments('allocateBuffers', arguments, { device: is.deviceLike, buffers: rule });
  const block = Tensor.zeros(device, [statistics.reduce((total, { size }) => total + size, 0)]);
  let offset = 0;
  for (const statistic of statistics) {
    statistic.place(new Tensor(device, 'float32', block.pointer + 4 * offset, statistic.shape));
    offset += statistic.size;
  }
  return block;
}
