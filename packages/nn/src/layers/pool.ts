// Pooling.
import type { Device, Kernels } from '@descent/kernels';
import { checkArguments, integer, optionsOf } from '../core/check.ts';
import { Tensor } from '../core/tensor.ts';
import { allocateBatch, BaseLayer } from './layer.ts';

/** Settings of `MaxPool2d`. */
export interface MaxPool2dOptions {
  /** From one window to the next. Default: as wide as a window. */
  stride?: number;
}

interface Plan {
  kernels: Kernels;
  channels: number;
  height: number;
  width: number;
  /** Where in its plane each element of y comes from. */
  indices: Tensor<'int32'>;
  y: Tensor;
  dx: Tensor | null;
}

/**
 * y (B, C, OH, OW) = the greatest of each window of K × K of x (B, C, H, W), with OH = ⌊(H − K) / stride⌋ + 1: what is left
 * over at the right and at the bottom is not looked at. Backward: dy goes to where the greatest was, the first of equals.
 * Book: Pooling, section 7.4.
 */
export class MaxPool2d extends BaseLayer {
  /** Name of the kind of layer, as in messages. */
  readonly name = 'MaxPool2d';
  /** Both sides of the window. */
  readonly kernelSize: number;
  /** From one place of the window to the next. */
  readonly stride: number;
  #plan: Plan | undefined;
  #rows = 0;

  /** @throws RangeError where a number is not a whole number of 1 or more */
  constructor(kernelSize: number, options: MaxPool2dOptions = {}) {
    super();
    checkArguments('MaxPool2d', arguments, {
      kernelSize: integer(1, 2 ** 10),
      options: optionsOf<MaxPool2dOptions>({ stride: integer(1, 2 ** 10) }),
    });
    const { stride = kernelSize } = options;
    this.kernelSize = kernelSize;
    this.stride = stride;
  }

  protected allocateBuffers(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const { kernelSize, stride } = this;
    const [channels = 0, height = 0, width = 0] = inputShape;
    if (inputShape.length !== 3 || height < kernelSize || width < kernelSize) {
      throw new RangeError(
        `[MaxPool2d] expected rows of [channels, ${kernelSize} or more, ${kernelSize} or more] but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const places = (size: number) => Math.floor((size - kernelSize) / stride) + 1;
    const outputShape = [channels, places(height), places(width)];
    this.#plan = {
      kernels: device.kernels,
      channels,
      height,
      width,
      indices: Tensor.zeros(device, [batchSize, ...outputShape], 'int32'),
      y: allocateBatch(device, batchSize, outputShape),
      dx: needsInputGradient ? allocateBatch(device, batchSize, inputShape) : null,
    };
    return outputShape;
  }

  protected computeOutput(x: Tensor): Tensor {
    const { kernels, channels, height, width, indices, y } = this.#plan as Plan;
    const { kernelSize, stride } = this;
    const rows = x.shape[0] as number;
    this.#rows = y.shape[0] = rows;
    kernels.maxPool(rows * channels, height, width, kernelSize, stride, x.pointer, indices.pointer, y.pointer);
    return y;
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    const { kernels, channels, height, width, indices, dx } = this.#plan as Plan;
    const rows = this.#rows;
    if (!dx) return null;
    const { kernelSize, stride } = this;
    dx.shape[0] = rows;
    kernels.maxPoolBackward(
      rows * channels,
      height,
      width,
      kernelSize,
      stride,
      indices.pointer,
      dy.pointer,
      dx.pointer,
    );
    return dx;
  }
}
