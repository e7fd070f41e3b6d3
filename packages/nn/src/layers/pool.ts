// Pooling.
import type { Device, Kernels } from '@descent/kernels';
import { checkInteger, checkOptions } from '../check.ts';
import { after, batchOf, checkBatch, type Layer } from '../layer.ts';
import type { Parameter } from '../parameter.ts';
import { Tensor } from '../tensor.ts';

/** Settings of `MaxPool2d`. */
export interface MaxPool2dOptions {
  /** From one window to the next. Default: as wide as a window. */
  stride?: number;
}

interface Plan {
  kernels: Kernels;
  inputShape: readonly number[];
  batchSize: number;
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
export class MaxPool2d implements Layer {
  readonly name = 'MaxPool2d';
  training = true;
  /** Both sides of the window. */
  readonly kernelSize: number;
  /** From one place of the window to the next. */
  readonly stride: number;
  #plan: Plan | undefined;
  #rows: number | undefined;

  /** @throws RangeError where a number is not a whole number of 1 or more */
  constructor(kernelSize: number, options: MaxPool2dOptions = {}) {
    checkOptions('MaxPool2d', options, { stride: 1 });
    const { stride = kernelSize } = options;
    checkInteger('MaxPool2d', 'kernelSize', kernelSize, 1, 2 ** 10);
    checkInteger('MaxPool2d', 'stride', stride, 1, 2 ** 10);
    this.kernelSize = kernelSize;
    this.stride = stride;
  }

  parameters(): Parameter[] {
    return [];
  }

  layOut(
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
      inputShape,
      batchSize,
      channels,
      height,
      width,
      indices: Tensor.zeros(device, [batchSize, ...outputShape], 'int32'),
      y: batchOf(device, batchSize, outputShape),
      dx: needsInputGradient ? batchOf(device, batchSize, inputShape) : null,
    };
    return outputShape;
  }

  initialise(): void {}

  forward(x: Tensor): Tensor {
    const plan = after('MaxPool2d', 'model.to(device, …)', this.#plan);
    const { kernels, inputShape, batchSize, channels, height, width, indices, y } = plan;
    checkBatch('MaxPool2d', x, inputShape, batchSize);
    const { kernelSize, stride } = this;
    const rows = x.shape[0] as number;
    this.#rows = y.shape[0] = rows;
    kernels.maxPool(rows * channels, height, width, kernelSize, stride, x.pointer, indices.pointer, y.pointer);
    return y;
  }

  backward(dy: Tensor): Tensor | null {
    const { kernels, channels, height, width, indices, dx } = after('MaxPool2d', 'model.to(device, …)', this.#plan);
    const rows = after('MaxPool2d', 'forward', this.#rows);
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
