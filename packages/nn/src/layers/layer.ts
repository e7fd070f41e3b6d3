// The interface of a layer, and the base classes of this library's layers.
import type { Device } from '@descent/kernels';
import * as is from '../core/check.ts';
import type { Buffer, Parameter } from '../core/parameter.ts';
import type { Rng, Streams } from '../core/random.ts';
import { sizeOf, Tensor } from '../core/tensor.ts';

/** An activation function that a layer can apply to its own output. */
export type FusedActivation = 'relu';

/**
 * A function with a backward pass. `allocate` takes all memory that a layer needs, so that a training step takes none.
 * The layer owns the tensors that `forward` and `backward` return: the next call overwrites them.
 */
export interface Layer {
  /** The class, as in messages and summaries. */
  readonly name: string;
  /** Whether the layer is in training mode (batch statistics, dropped units); false: evaluation mode. */
  training: boolean;
  /**
   * The step whose random numbers the next forward pass in training mode draws, if the layer draws any. Each such pass
   * adds 1. Set it to continue from a checkpoint.
   */
  step?: number;

  /** Returns the parameters, in PyTorch's order. */
  parameters(): Parameter[];

  /** Returns the tensors that a forward pass in training mode updates, such as running means and variances. */
  buffers?(): Buffer[];

  /**
   * Allocates memory for up to `batchSize` rows of `inputShape`.
   * @returns the shape of one row of output
   * @throws RangeError if the layer does not accept such rows
   */
  allocate(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[];

  /**
   * Sets the initial parameters. A layer that draws no random numbers takes no stream: a norm between two Linear layers
   * does not change their weights.
   */
  initialize(rng: Rng, streams: Streams): void;

  /**
   * Computes the output of a batch.
   * @param x (B, …inputShape) with B ≤ batchSize; it must not change before `backward`
   * @param fusedActivation applied to the output in the same pass, by layers that can fuse it. `Sequential` passes it to
   * such a layer and to the activation layer behind it, which then returns its input.
   * @returns (B, …outputShape), owned by the layer
   * @throws RangeError if x has another shape, TypeError before `allocate`
   */
  forward(x: Tensor, fusedActivation?: FusedActivation): Tensor;

  /**
   * Overwrites the gradients of the parameters.
   * @param dy the gradient of the last output
   * @returns the gradient of the input, or null without `needsInputGradient`
   */
  backward(dy: Tensor): Tensor | null;
}

/** Allocates a tensor for a batch of rows. */
export function allocateBatch(device: Device, batchSize: number, rowShape: readonly number[]): Tensor {
  return Tensor.zeros(device, [batchSize, ...rowShape]);
}

/** @throws RangeError unless x has 1 to batchSize rows of rowShape, TypeError unless it is a float32 tensor */
export function checkBatch(who: string, x: Tensor, rowShape: readonly number[], batchSize: number, name = 'x'): void {
  is.check(who, name, x, floats);
  const rows = x.shape[0] ?? 0;
  if (rows >= 1 && rows <= batchSize && x.size === rows * sizeOf(rowShape)) return;
  const isRow = x.size === sizeOf(rowShape);
  const hint = isRow ? '; a row is a batch of one' : rows > batchSize ? '; batchSize in model.to says how many' : '';
  throw new RangeError(
    `[${who}] expected up to ${batchSize} rows of [${rowShape.join(', ')}] but got the shape [${x.shape.join(', ')}]${hint}`,
  );
}

const floats = is.tensorOf('float32');

/** Returns the result of an earlier call. @throws TypeError if that call has not happened */
export function requireForwardFirst<T>(who: string, call: string, result: T | undefined): T {
  if (result !== undefined) return result;
  throw new TypeError(`[${who}] expected ${call} to come first but it has not been called`);
}

/** The arguments of `allocate`, checked. */
export interface Allocation {
  readonly device: Device;
  readonly inputShape: readonly number[];
  readonly batchSize: number;
  readonly needsInputGradient: boolean;
}

const ALLOCATE = {
  device: is.deviceLike,
  inputShape: is.shapeLike,
  batchSize: is.integer(1, 2 ** 20),
  needsInputGradient: is.boolean,
};
const INITIALIZE = { rng: is.having('seed', 'an Rng'), streams: is.having('take', 'a Streams') };

interface Placement extends Allocation {
  readonly outputShape: readonly number[];
  /** Where the layer's memory ends, or 0 if it has none. */
  readonly end: number;
}

/** Base class of all layers: the training mode, and the checks of all arguments. */
export abstract class BaseLayer implements Layer {
  /** The class, as in messages and summaries. */
  abstract readonly name: string;
  /** Which activations `forward` accepts as `fusedActivation`. */
  readonly fusibleActivations: readonly FusedActivation[] = [];
  #training = true;
  #placement: Placement | undefined;
  /** Rows of the last forward pass; undefined before it. */
  #rows: number | undefined;

  /** Whether the layer is in training mode; false: evaluation mode. */
  get training(): boolean {
    return this.#training;
  }

  /** @throws TypeError unless it is a boolean */
  set training(isTraining: boolean) {
    is.check(this.name, 'training', isTraining, is.boolean);
    this.#training = isTraining;
  }

  /** Returns the parameters, in the order of their names in a state dict. */
  parameters(): Parameter[] {
    return [];
  }

  allocate(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    is.checkArguments(`${this.name}.allocate`, arguments, ALLOCATE);
    // If the allocation fails, the layer has no memory.
    this.#placement = this.#rows = undefined;
    const allocation = { device, inputShape: [...inputShape], batchSize, needsInputGradient };
    const start = device.arena.mark();
    const outputShape = this.allocateBuffers(allocation);
    const end = device.arena.mark();
    this.#placement = { ...allocation, outputShape, end: end > start ? end : 0 };
    return outputShape;
  }

  initialize(rng: Rng, streams: Streams): void {
    is.checkArguments(`${this.name}.initialize`, arguments, INITIALIZE);
    this.initializeParameters(rng, streams);
  }

  forward(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    is.checkCount(this.name, arguments.length, 2);
    if (fusedActivation !== undefined && !this.fusibleActivations.includes(fusedActivation)) {
      const wanted = this.fusibleActivations.join(' or ') || 'absent';
      is.refuse(TypeError, this.name, `fusedActivation to be ${wanted}`, fusedActivation);
    }
    const { device, inputShape, batchSize } = this.#allocated;
    checkBatch(this.name, x, inputShape, batchSize);
    is.checkSameDevice(this.name, device, x);
    this.#rows = x.shape[0] as number;
    return this.computeOutput(x, fusedActivation);
  }

  backward(dy: Tensor): Tensor | null {
    is.checkCount(this.name, arguments.length, 1);
    const { device, outputShape } = this.#allocated;
    const rows = requireForwardFirst(this.name, 'forward', this.#rows);
    is.check(this.name, 'dy', dy, floats);
    is.checkSameDevice(this.name, device, dy);
    if (dy.shape[0] !== rows || dy.size !== rows * sizeOf(outputShape)) {
      throw new RangeError(
        `[${this.name}] expected dy of the shape of its output, [${[rows, ...outputShape].join(', ')}], but got [${dy.shape.join(', ')}]`,
      );
    }
    return this.computeGradients(dy);
  }

  /**
   * Requires a new forward pass before the next `backward`.
   * @internal
   */
  forgetForward(): void {
    this.#rows = undefined;
  }

  get #allocated(): Placement {
    const placement = requireForwardFirst(this.name, 'model.to(device, …)', this.#placement);
    if (placement.device.arena.mark() >= placement.end) return placement;
    throw new RangeError(`[${this.name}] expected its memory to be there, but the arena released it; call to(…) again`);
  }

  /** Allocates the layer's memory. @returns the shape of one row of output */
  protected abstract allocateBuffers(allocation: Allocation): readonly number[];

  /** Sets the initial parameters. */
  protected initializeParameters(_rng: Rng, _streams: Streams): void {}

  /** Computes the output of a batch that has been checked. */
  protected abstract computeOutput(x: Tensor, fusedActivation: FusedActivation | undefined): Tensor;

  /** Computes the gradients from the gradient of the output, which has been checked. */
  protected abstract computeGradients(dy: Tensor): Tensor | null;
}

/** Base class of the layers that own a tensor for their output and one for the gradient of their input. */
export abstract class BufferedLayer extends BaseLayer {
  #x: Tensor | undefined;
  #y: Tensor | undefined;
  #dx: Tensor | null = null;

  protected allocateBuffers(allocation: Allocation): readonly number[] {
    const { device, inputShape, batchSize, needsInputGradient } = allocation;
    const outputShape = this.allocateWorkspace(allocation);
    this.#y = allocateBatch(device, batchSize, outputShape);
    this.#dx = needsInputGradient ? allocateBatch(device, batchSize, inputShape) : null;
    return outputShape;
  }

  protected computeOutput(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    const y = this.#y as Tensor;
    y.shape[0] = x.shape[0] as number;
    this.#x = x;
    this.computeForward(x, y, +(fusedActivation === 'relu'));
    return y;
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    const dx = this.#dx;
    if (dx) dx.shape[0] = dy.shape[0] as number;
    this.computeBackward(this.#x as Tensor, dy, dx);
    return dx;
  }

  /** Allocates memory beside the output and the gradient of the input. @returns the shape of one row of output */
  protected abstract allocateWorkspace(allocation: Allocation): readonly number[];

  /** Writes y. @param relu 1 to apply a ReLU to the output, otherwise 0 */
  protected abstract computeForward(x: Tensor, y: Tensor, relu: number): void;

  /** Writes dx, unless it is null, and the gradients of the parameters. */
  protected abstract computeBackward(x: Tensor, dy: Tensor, dx: Tensor | null): void;
}
