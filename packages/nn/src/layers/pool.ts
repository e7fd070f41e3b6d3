// Pooling.
import type { Kernels } from '@descent/kernels';
import { checkArguments, integer, optionsOf } from '../core/check.ts';
import { Tensor } from '../core/tensor.ts';
import { type Allocation, BufferedLayer } from './layer.ts';

/** Options of `MaxPool2d`. */
export interface MaxPool2dOptions {
  /** Distance from one window to the next. Default: `kernelSize`. */
  stride?: number;
}

interface Buffers {
  kernels: Kernels;
  channels: number;
  height: number;
  width: number;
  /** The position in its channel of each element of y. */
  indices: Tensor<'int32'>;
}

/**
 * y (B, C, OH, OW) = the maximum of each window of K × K of x (B, C, H, W), with OH = ⌊(H − K) / stride⌋ + 1. Rest rows and
 * columns at the right and the bottom are ignored. Backward: dy is added at the maximum, the first of equal ones.
 * Book: Pooling, section 7.4.
 */
export class MaxPool2d extends BufferedLayer {
  readonly name = 'MaxPool2d';
  /** K, both sides of the window. */
  readonly kernelSize: number;
  /** Distance from one window to the next. */
  readonly stride: number;
  #buffers: Buffers | undefined;

  /** @throws RangeError unless the numbers are whole numbers of 1 or more */
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

  protected allocateWorkspace({ device, inputShape, batchSize }: Allocation): readonly number[] {
    const { kernelSize, stride } = this;
    const [channels = 0, height = 0, width = 0] = inputShape;
    if (inputShape.length !== 3 || height < kernelSize || width < kernelSize) {
      throw new RangeError(
        `[MaxPool2d] expected rows of [channels, ${kernelSize} or more, ${kernelSize} or more] but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const positions = (size: number) => Math.floor((size - kernelSize) / stride) + 1;
    const outputShape = [channels, positions(height), positions(width)];
    const indices = Tensor.zeros(device, [batchSize, ...outputShape], 'int32');
    this.#buffers = { kernels: device.kernels, channels, height, width, indices };
    return outputShape;
  }

  protected computeForward(x: Tensor, y: Tensor): void {
    const { kernels, channels, height, width, indices } = this.#buffers as Buffers;
    const { kernelSize, stride } = this;
    const planes = (x.shape[0] as number) * channels;
    kernels.maxPool(planes, height, width, kernelSize, stride, x.pointer, indices.pointer, y.pointer);
  }

  protected computeBackward(x: Tensor, dy: Tensor, dx: Tensor | null): void {
    if (!dx) return;
    const { kernels, channels, height, width, indices } = this.#buffers as Buffers;
    const { kernelSize, stride } = this;
    const planes = (x.shape[0] as number) * channels;
    kernels.maxPoolBackward(planes, height, width, kernelSize, stride, indices.pointer, dy.pointer, dx.pointer);
  }
}
