// What a layer is.
import type { Device } from '@descent/kernels';
import { describe } from './check.ts';
import type { Parameter, Statistic } from './parameter.ts';
import type { Rng, Streams } from './random.ts';
import { type DType, sizeOf, Tensor } from './tensor.ts';

/**
 * A function with a backward pass. Built without memory; `layOut` takes all it needs, so that a step takes none.
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
  statistics?(): Statistic[];

  /**
   * Takes memory for up to `batchSize` rows of `inputShape`.
   * @returns the shape of one row of output
   * @throws RangeError where the layer cannot take such rows
   */
  layOut(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[];

  /**
   * Draws the initial parameters. A layer that draws nothing takes no stream, so that putting a norm between two Linear
   * layers leaves their weights as they were.
   */
  initialise(rng: Rng, streams: Streams): void;

  /** Takes over a ReLU that follows: y ← max(y, 0) as it is stored. @returns whether it does */
  rectify?(): boolean;

  /**
   * The output of a batch.
   * @param x (B, …inputShape) with B ≤ batchSize; it must stay as it is until `backward`
   * @returns (B, …) of what `layOut` said; the layer's own memory
   * @throws RangeError where x is of another shape, TypeError before `layOut`
   */
  forward(x: Tensor): Tensor;

  /**
   * Overwrites the gradients of the parameters.
   * @param dy the gradient of what the last `forward` returned
   * @returns the gradient of its input, or null where `layOut` was told that nobody needs it
   */
  backward(dy: Tensor): Tensor | null;
}

/** Memory for a batch of rows. */
export function batchOf(device: Device, batchSize: number, rowShape: readonly number[]): Tensor {
  return Tensor.zeros(device, [batchSize, ...rowShape]);
}

/** @throws RangeError unless x holds 1 … batchSize rows of rowShape, TypeError unless it is a float32 tensor */
export function checkBatch(who: string, x: Tensor, rowShape: readonly number[], batchSize: number): void {
  checkFloats(who, x);
  const rows = x.shape[0] ?? 0;
  if (rows >= 1 && rows <= batchSize && x.size === rows * sizeOf(rowShape)) return;
  const isRow = x.size === sizeOf(rowShape);
  const way = isRow ? '; a row is a batch of one' : rows > batchSize ? '; batchSize in model.to says how many' : '';
  throw new RangeError(
    `[${who}] expected up to ${batchSize} rows of [${rowShape.join(', ')}] but got the shape [${x.shape.join(', ')}]${way}`,
  );
}

/**
 * The kernels would read another memory.
 * @throws RangeError unless the tensor is in the device's memory
 */
export function checkHome(who: string, device: Device, tensor: Tensor<DType>): void {
  if (tensor?.device?.arena === device.arena) return;
  // What is no tensor at all is told by others.
  if (tensor?.device === undefined) return;
  throw new RangeError(`[${who}] expected a tensor of its own device but got one of another; load one device for all`);
}

function checkFloats(who: string, x: Tensor<DType>): void {
  if (x?.dtype === 'float32') return;
  const got = x?.dtype === undefined ? describe(x) : `a tensor of ${x.dtype}`;
  throw new TypeError(
    `[${who}] expected a tensor of float32 but got ${got}; Tensor.from(device, numbers, shape) makes one`,
  );
}

/** What an earlier call left. @throws TypeError where that call has not happened */
export function after<T>(who: string, call: string, left: T | undefined): T {
  if (left !== undefined) return left;
  throw new TypeError(`[${who}] expected ${call} to come first but it has not been called`);
}
