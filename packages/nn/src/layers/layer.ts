// What a layer is.
import type { Device } from '@descent/kernels';
import * as is from '../core/check.ts';
import type { Buffer, Parameter } from '../core/parameter.ts';
import type { Rng, Streams } from '../core/random.ts';
import { sizeOf, Tensor } from '../core/tensor.ts';

/** An activation that a layer can apply to its own output. */
export type FusedActivation = 'relu';

/**
 * A function with a backward pass. Built without memory; `allocate` takes all it needs, so that a step takes none.
 * The tensors that `forward` and `backward` return are the layer's own: the next call overwrites them.
 */
export interface Layer {
  /** The class, as errors and summaries name it. */
  readonly name: string;
  /** Whether it behaves as in training (batch statistics, dropped units) or as in evaluation. */
  training: boolean;
  /**
   * Which step's random numbers the next forward pass in training draws, where a layer draws any. It goes up by one with
   * each such pass; set it to go on from a checkpoint.
   */
  step?: number;

  /** What it learns, in PyTorch's order. */
  parameters(): Parameter[];

  /** What its forward pass in training moves, where it moves anything: running means and variances. */
  buffers?(): Buffer[];

  /**
   * Takes memory for up to `batchSize` rows of `inputShape`.
   * @returns the shape of one row of output
   * @throws RangeError where the layer cannot take such rows
   */
  allocate(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[];

  /**
   * Draws the initial parameters. A layer that draws nothing takes no stream, so that putting a norm between two Linear
   * layers leaves their weights as they were.
   */
  initialize(rng: Rng, streams: Streams): void;

  /**
   * The output of a batch.
   * @param x (B, …inputShape) with B ≤ batchSize; it must stay as it is until `backward`
   * @param fusedActivation of the layers of this library that can fuse it: applied to the output while it is stored, in this pass
   * alone. `Sequential` gives it to such a layer and to the activation behind it, which then returns its input as it is.
   * @returns (B, …) of what `allocate` said; the layer's own memory
   * @throws RangeError where x is of another shape, TypeError before `allocate`
   */
  forward(x: Tensor, fusedActivation?: FusedActivation): Tensor;

  /**
   * Overwrites the gradients of the parameters.
   * @param dy the gradient of what the last `forward` returned
   * @returns the gradient of its input, or null where `allocate` was told that nobody needs it
   */
  backward(dy: Tensor): Tensor | null;
}

/** Memory for a batch of rows. */
export function allocateBatch(device: Device, batchSize: number, rowShape: readonly number[]): Tensor {
  return Tensor.zeros(device, [batchSize, ...rowShape]);
}

/** @throws RangeError unless x holds 1 … batchSize rows of rowShape, TypeError unless it is a float32 tensor */
export function checkBatch(who: string, x: Tensor, rowShape: readonly number[], batchSize: number, name = 'x'): void {
  is.check(who, name, x, floats);
  const rows = x.shape[0] ?? 0;
  if (rows >= 1 && rows <= batchSize && x.size === rows * sizeOf(rowShape)) return;
  const isRow = x.size === sizeOf(rowShape);
  const way = isRow ? '; a row is a batch of one' : rows > batchSize ? '; batchSize in model.to says how many' : '';
  throw new RangeError(
    `[${who}] expected up to ${batchSize} rows of [${rowShape.join(', ')}] but got the shape [${x.shape.join(', ')}]${way}`,
  );
}

const floats = is.tensorOf('float32');

/** What an earlier call left. @throws TypeError where that call has not happened */
export function requireForwardFirst<T>(who: string, call: string, left: T | undefined): T {
  if (left !== undefined) return left;
  throw new TypeError(`[${who}] expected ${call} to come first but it has not been called`);
}

const LAY_OUT = {
  device: is.deviceLike,
  inputShape: is.shapeLike,
  batchSize: is.integer(1, 2 ** 20),
  needsInputGradient: is.boolean,
};
const INITIALIZE = { rng: is.having('seed', 'an Rng'), streams: is.having('take', 'a Streams') };

interface Placement {
  readonly device: Device;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly batchSize: number;
  /** The end of its memory, or 0 where it has none of its own. */
  readonly end: number;
}

/** What the layers of this library share: their mode, and the checks of every argument before its memory is read. */
export abstract class BaseLayer implements Layer {
  /** Name of the kind of layer, as in messages. */
  abstract readonly name: string;
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
    is.checkArguments(`${this.name}.allocate`, arguments, LAY_OUT);
    // Where it fails, the layer has no memory.
    this.#placement = this.#rows = undefined;
    const start = device.arena.mark();
    const outputShape = this.allocateBuffers(device, [...inputShape], batchSize, needsInputGradient);
    const end = device.arena.mark();
    this.#placement = { device, inputShape: [...inputShape], outputShape, batchSize, end: end > start ? end : 0 };
    return outputShape;
  }

  initialize(rng: Rng, streams: Streams): void {
    is.checkArguments(`${this.name}.initialize`, arguments, INITIALIZE);
    this.initializeParameters(rng, streams);
  }

  /** What `forward` takes as `fusedActivation`. */
  readonly fusibleActivations: readonly FusedActivation[] = [];

  forward(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    is.checkCount(this.name, arguments.length, 2);
    if (fusedActivation !== undefined && !this.fusibleActivations.includes(fusedActivation)) {
      const wanted = this.fusibleActivations.join(' or ') || 'absent';
      is.refuse(TypeError, this.name, `fusedActivation to be ${wanted}`, fusedActivation);
    }
    const { device, inputShape, batchSize } = this.#placed;
    checkBatch(this.name, x, inputShape, batchSize);
    is.checkSameDevice(this.name, device, x);
    this.#rows = x.shape[0] as number;
    return this.computeOutput(x, fusedActivation);
  }

  backward(dy: Tensor): Tensor | null {
    is.checkCount(this.name, arguments.length, 1);
    const { device, outputShape } = this.#placed;
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
   * `backward` needs a new forward pass from here on.
   * @internal
   */
  forgetForward(): void {
    this.#rows = undefined;
  }

  get #placed(): Placement {
    const placement = requireForwardFirst(this.name, 'model.to(device, …)', this.#placement);
    if (placement.device.arena.mark() >= placement.end) return placement;
    throw new RangeError(`[${this.name}] expected its memory to be there, but the arena released it; call to(…) again`);
  }

  /** As `allocate`, of arguments that are checked. */
  protected abstract allocateBuffers(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[];

  /** As `initialize`. */
  protected initializeParameters(_rng: Rng, _streams: Streams): void {}

  /** As `forward`, of a batch that is checked. */
  protected abstract computeOutput(x: Tensor, fusedActivation: FusedActivation | undefined): Tensor;

  /** As `backward`, of a gradient that is checked. */
  protected abstract computeGradients(dy: Tensor): Tensor | null;
}
