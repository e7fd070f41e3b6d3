// The convolution layer.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import { checkInteger } from '../check.ts';
import { type Initialiser, kaimingNormal, zeros } from '../init.ts';
import { after, batchOf, checkBatch, type Layer } from '../layer.ts';
import { Parameter } from '../parameter.ts';
import type { Rng, Streams } from '../random.ts';
import type { Tensor } from '../tensor.ts';

/** Settings of `Conv2d`. */
export interface Conv2dOptions {
  /** From one place of the window to the next. Default 1. */
  stride?: number;
  /** Zeros around the picture, on each side. Default 0. */
  padding?: number;
  /** Whether there is a bias. Default true. */
  bias?: boolean;
  /** Default `kaimingNormal()`. */
  weightInit?: Initialiser;
  /** Default `zeros()`. */
  biasInit?: Initialiser;
}

interface Plan {
  kernels: Kernels;
  inputShape: readonly number[];
  batchSize: number;
  height: number;
  width: number;
  /** OH · OW. */
  places: number;
  y: Tensor;
  dx: Tensor | null;
  /** x as columns, then their gradient: (C·K², B·OH·OW). */
  columns: Pointer;
  /** y, then dy, by channels (O, B·OH·OW). */
  products: Pointer;
  /** dy by channels, transposed. */
  workspace: Pointer;
  /** dW, transposed. */
  flipped: Pointer;
}

/**
 * y (B, O, OH, OW) = W ⋆ x + b with x (B, C, H, W), W (O, C, K, K) and b (O): a cross-correlation, with
 * OH = ⌊(H + 2 · padding − K) / stride⌋ + 1. With the windows of x as columns X (C·K², B·OH·OW) it is a product:
 * Y = W · X + b. Backward: dW = dY · Xᵀ, db = Σ dY over the columns, dX = Wᵀ · dY, and dx sums dX where windows overlap.
 * Once after each `forward`: dX overwrites X.
 *
 * Book: Convolution, section 7.4.
 */
export class Conv2d implements Layer {
  readonly name = 'Conv2d';
  training = true;
  /** C, the channels of the input. */
  readonly inChannels: number;
  /** O, the channels of the output. */
  readonly outChannels: number;
  /** K, both sides of the window. */
  readonly kernelSize: number;
  /** From one place of the window to the next. */
  readonly stride: number;
  /** Zeros around the picture, on each side. */
  readonly padding: number;
  /** (O, C, K, K). */
  readonly weight: Parameter;
  /** (O), or null without one. */
  readonly bias: Parameter | null;
  readonly #weightInit: Initialiser;
  readonly #biasInit: Initialiser;
  #plan: Plan | undefined;
  #rows: number | undefined;
  #rectifies = false;

  /** @throws RangeError where a number is out of its range */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv2dOptions = {}) {
    const { stride = 1, padding = 0, bias = true, weightInit = kaimingNormal(), biasInit = zeros() } = options;
    checkInteger('Conv2d', 'inChannels', inChannels, 1, 2 ** 16);
    checkInteger('Conv2d', 'outChannels', outChannels, 1, 2 ** 16);
    checkInteger('Conv2d', 'kernelSize', kernelSize, 1, 2 ** 10);
    checkInteger('Conv2d', 'stride', stride, 1, 2 ** 10);
    checkInteger('Conv2d', 'padding', padding, 0, 2 ** 10);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
    this.weight = new Parameter('weight', [outChannels, inChannels, kernelSize, kernelSize], { decay: true });
    this.bias = bias ? new Parameter('bias', [outChannels], { decay: false }) : null;
    this.#weightInit = weightInit;
    this.#biasInit = biasInit;
  }

  parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }

  layOut(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
    const { inChannels, outChannels, kernelSize, stride, padding } = this;
    const [channels, height = 0, width = 0] = inputShape;
    const [rows, columns] = [height, width].map((size) => Math.floor((size + 2 * padding - kernelSize) / stride) + 1);
    if (inputShape.length !== 3 || channels !== inChannels || !(rows && rows > 0 && columns && columns > 0)) {
      const least = Math.max(1, kernelSize - 2 * padding);
      throw new RangeError(
        `[Conv2d] expected rows of [${inChannels}, ${least} or more, ${least} or more] but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const places = rows * columns;
    const window = inChannels * kernelSize * kernelSize;
    const floats = (count: number) => device.arena.allocate(4 * count);
    this.#plan = {
      kernels: device.kernels,
      inputShape,
      batchSize,
      height,
      width,
      places,
      y: batchOf(device, batchSize, [outChannels, rows, columns]),
      dx: needsInputGradient ? batchOf(device, batchSize, inputShape) : null,
      columns: floats(window * batchSize * places),
      products: floats(outChannels * batchSize * places),
      workspace: floats(outChannels * batchSize * places),
      flipped: floats(window * outChannels),
    };
    return [outChannels, rows, columns];
  }

  /** Takes over the ReLU that follows: y ← max(y, 0) as it is stored. Only a layer with a bias does. */
  rectify(): boolean {
    this.#rectifies = this.bias !== null;
    return this.#rectifies;
  }

  initialise(rng: Rng, streams: Streams): void {
    const { inChannels, outChannels, kernelSize, weight, bias } = this;
    const area = kernelSize * kernelSize;
    const fans = { fanIn: inChannels * area, fanOut: outChannels * area, rng };
    this.#weightInit(weight.value, { ...fans, stream: streams.take('weights') });
    const stream = streams.take('weights');
    if (bias) this.#biasInit(bias.value, { ...fans, stream });
  }

  forward(x: Tensor): Tensor {
    const plan = after('Conv2d', 'layOut', this.#plan);
    const { kernels, inputShape, batchSize, height, width, places, y, columns, products } = plan;
    checkBatch('Conv2d', x, inputShape, batchSize);
    const { inChannels, outChannels, kernelSize, stride, padding, weight, bias } = this;
    const rows = x.shape[0] as number;
    const window = inChannels * kernelSize * kernelSize;
    this.#rows = rows;
    y.shape[0] = rows;
    kernels.im2col(rows, inChannels, height, width, kernelSize, stride, padding, x.pointer, columns);
    kernels.matmul(outChannels, rows * places, window, weight.value.pointer, columns, products);
    kernels.swapAxes(outChannels, rows, places, products, y.pointer);
    if (!bias) return y;
    kernels.channelBias(rows, outChannels, places, +this.#rectifies, y.pointer, bias.value.pointer, y.pointer);
    return y;
  }

  backward(dy: Tensor): Tensor | null {
    const plan = after('Conv2d', 'layOut', this.#plan);
    const { kernels, places, columns, products, workspace, flipped } = plan;
    const rows = after('Conv2d', 'forward', this.#rows);
    const { inChannels, outChannels, kernelSize, weight, bias } = this;
    const window = inChannels * kernelSize * kernelSize;
    const terms = rows * places;
    kernels.swapAxes(rows, outChannels, places, dy.pointer, products);
    if (bias) kernels.rowSums(outChannels, terms, products, bias.grad.pointer);
    // dWᵀ rather than dW: the transpose in the workspace is then that of the smaller matrix.
    kernels.matmulNT(window, outChannels, terms, columns, products, workspace, flipped);
    kernels.transpose(window, outChannels, flipped, weight.grad.pointer);
    return this.#differentiateInput(rows, plan);
  }

  #differentiateInput(rows: number, { kernels, height, width, places, dx, columns, products }: Plan): Tensor | null {
    if (!dx) return null;
    const { inChannels, outChannels, kernelSize, stride, padding, weight } = this;
    const window = inChannels * kernelSize * kernelSize;
    dx.shape[0] = rows;
    kernels.matmulTN(window, rows * places, outChannels, weight.value.pointer, products, columns);
    kernels.col2im(rows, inChannels, height, width, kernelSize, stride, padding, columns, dx.pointer);
    return dx;
  }
}
