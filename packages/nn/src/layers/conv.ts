// The convolution layer.
import type { Kernels, Pointer } from '@descent/kernels';
import { checkArguments, integer, optionsOf } from '../core/check.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Allocation } from './layer.ts';
import { WeightedLayer, type WeightOptions, weightRules } from './weighted-layer.ts';

/** Options of `Conv2d`. */
export interface Conv2dOptions extends WeightOptions {
  /** Distance from one position of the window to the next. Default 1. */
  stride?: number;
  /** Width of the border of zeros around the image. Default 0. */
  padding?: number;
}

interface Buffers {
  kernels: Kernels;
  height: number;
  width: number;
  /** OH · OW, the positions of the window. */
  positions: number;
  /** The windows of one image, or their gradient (C·K², OH·OW). */
  columns: Pointer;
  /** dy of one image, transposed. */
  transposedOutput: Pointer;
  /** dW, transposed. */
  transposedGradient: Pointer;
  /** dy by channels (O, B·OH·OW). */
  channels: Pointer;
}

/**
 * y (B, O, OH, OW) = W ⋆ x + b with x (B, C, H, W), W (O, C, K, K) and b (O): a cross-correlation, with
 * OH = ⌊(H + 2 · padding − K) / stride⌋ + 1. With the windows of an image as columns X (C·K², OH·OW) it is a product:
 * Y = W · X + b. Backward: dW = Σ dY · Xᵀ and db = Σ dY over images and positions, dX = Wᵀ · dY, and dx sums dX over
 * overlapping windows. Images are processed one by one, so that X stays in the cache; backward computes X again.
 *
 * Book: Convolution, section 7.4.
 */
export class Conv2d extends WeightedLayer {
  readonly name = 'Conv2d';
  /** C, the channels of the input. */
  readonly inChannels: number;
  /** O, the channels of the output. */
  readonly outChannels: number;
  /** K, both sides of the window. */
  readonly kernelSize: number;
  /** Distance from one position of the window to the next. */
  readonly stride: number;
  /** Width of the border of zeros around the image. */
  readonly padding: number;
  #buffers: Buffers | undefined;

  /** @throws RangeError if a number is out of its range */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv2dOptions = {}) {
    checkArguments('Conv2d', arguments, {
      inChannels: integer(1, 2 ** 16),
      outChannels: integer(1, 2 ** 16),
      kernelSize: integer(1, 2 ** 10),
      options: optionsOf<Conv2dOptions>({
        ...weightRules,
        stride: integer(1, 2 ** 10),
        padding: integer(0, 2 ** 10),
      }),
    });
    const { stride = 1, padding = 0, ...weightOptions } = options;
    const area = kernelSize * kernelSize;
    const shape = [outChannels, inChannels, kernelSize, kernelSize];
    const fans = { fanIn: inChannels * area, fanOut: outChannels * area };
    super(outChannels, { shape, transposed: false, ...fans }, weightOptions);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
  }

  /** C·K², the elements of one window. */
  get #window(): number {
    return this.inChannels * this.kernelSize * this.kernelSize;
  }

  protected allocateWorkspace({ device, inputShape, batchSize }: Allocation): readonly number[] {
    const { inChannels, outChannels, kernelSize, stride, padding } = this;
    const [channels, height = 0, width = 0] = inputShape;
    const [rows = 0, columns = 0] = [height, width].map((size) =>
      Math.max(0, Math.floor((size + 2 * padding - kernelSize) / stride) + 1),
    );
    if (inputShape.length !== 3 || channels !== inChannels || rows * columns === 0) {
      const least = Math.max(1, kernelSize - 2 * padding);
      throw new RangeError(
        `[Conv2d] expected rows of [${inChannels}, ${least} or more, ${least} or more] but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const positions = rows * columns;
    const floats = (count: number) => device.arena.allocate(4 * count);
    this.#buffers = {
      kernels: device.kernels,
      height,
      width,
      positions,
      columns: floats(this.#window * positions),
      transposedOutput: floats(outChannels * positions),
      transposedGradient: floats(this.#window * outChannels),
      channels: floats(outChannels * batchSize * positions),
    };
    return [outChannels, rows, columns];
  }

  protected computeForward(x: Tensor, y: Tensor, relu: number): void {
    const { kernels, positions, columns } = this.#buffers as Buffers;
    const { outChannels, weight, bias } = this;
    const images = x.shape[0] as number;
    for (let i = 0, out = y.pointer; i < images; i++, out += 4 * outChannels * positions) {
      this.#im2col(x.pointer, i);
      kernels.matmul(outChannels, positions, this.#window, weight.value.pointer, columns, out);
      if (bias) kernels.channelBias(1, outChannels, positions, relu, out, bias.value.pointer, out);
    }
  }

  protected computeBackward(x: Tensor, dy: Tensor, dx: Tensor | null): void {
    const { kernels, positions, columns, transposedOutput, transposedGradient, channels } = this.#buffers as Buffers;
    const { outChannels, weight, bias } = this;
    const images = x.shape[0] as number;
    if (bias) {
      kernels.swapAxes(images, outChannels, positions, dy.pointer, channels);
      kernels.sumAxis1(outChannels, images * positions, channels, bias.grad.pointer);
    }
    for (let i = 0, gradient = dy.pointer; i < images; i++, gradient += 4 * outChannels * positions) {
      this.#im2col(x.pointer, i);
      // dWᵀ rather than dW, because its product transposes the smaller of the two matrices.
      const product = i === 0 ? kernels.matmulNT : kernels.addMatmulNT;
      product(this.#window, outChannels, positions, columns, gradient, transposedOutput, transposedGradient);
      if (dx) this.#computeInputGradient(dx.pointer, i, gradient);
    }
    kernels.transpose(this.#window, outChannels, transposedGradient, weight.grad.pointer);
  }

  /** Copies the windows of an image to `columns`. */
  #im2col(x: Pointer, image: number): void {
    const { kernels, height, width, columns } = this.#buffers as Buffers;
    const { inChannels, kernelSize, stride, padding } = this;
    const from = x + 4 * image * inChannels * height * width;
    kernels.im2col(1, inChannels, height, width, kernelSize, stride, padding, from, columns);
  }

  #computeInputGradient(dx: Pointer, image: number, gradient: Pointer): void {
    const { kernels, height, width, positions, columns } = this.#buffers as Buffers;
    const { inChannels, outChannels, kernelSize, stride, padding, weight } = this;
    const to = dx + 4 * image * inChannels * height * width;
    kernels.matmulTN(this.#window, positions, outChannels, weight.value.pointer, gradient, columns);
    kernels.col2im(1, inChannels, height, width, kernelSize, stride, padding, columns, to);
  }
}
