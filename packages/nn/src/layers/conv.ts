// The convolution layer.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import { boolean, checkArguments, integer, optionsOf } from '../core/check.ts';
import { type Initializer, initialize, initializer, kaimingNormal, zeros } from '../core/init.ts';
import { Parameter } from '../core/parameter.ts';
import type { Rng, Streams } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import { allocateBatch, BaseLayer, type FusedActivation } from './layer.ts';

/** Settings of `Conv2d`. */
export interface Conv2dOptions {
  /** From one place of the window to the next. Default 1. */
  stride?: number;
  /** Zeros around the picture, on each side. Default 0. */
  padding?: number;
  /** Whether there is a bias. Default true. */
  bias?: boolean;
  /** Default `kaimingNormal()`. */
  weightInit?: Initializer;
  /** Default `zeros()`. */
  biasInit?: Initializer;
}

interface Plan {
  kernels: Kernels;
  height: number;
  width: number;
  /** OH · OW. */
  places: number;
  y: Tensor;
  dx: Tensor | null;
  /** Of one picture, as the cache holds them: its windows or their gradient (C·K², OH·OW), and its dy transposed. */
  columns: Pointer;
  workspace: Pointer;
  /** dW, transposed. */
  flipped: Pointer;
  /** dy by channels (O, B·OH·OW). */
  channels: Pointer;
}

/**
 * y (B, O, OH, OW) = W ⋆ x + b with x (B, C, H, W), W (O, C, K, K) and b (O): a cross-correlation, with
 * OH = ⌊(H + 2 · padding − K) / stride⌋ + 1. With the windows of a picture as columns X (C·K², OH·OW) it is a product:
 * Y = W · X + b. Backward: dW = Σ dY · Xᵀ and db = Σ dY over pictures and places, dX = Wᵀ · dY, and dx sums dX where windows
 * overlap. Picture by picture, so that X stays in the cache; backward lays it out again.
 *
 * Book: Convolution, section 7.4.
 */
export class Conv2d extends BaseLayer {
  /** Name of the kind of layer, as in messages. */
  readonly name = 'Conv2d';
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
  /** Applied with the bias: `relu`, or nothing without a bias. */
  override readonly fusibleActivations: readonly FusedActivation[];
  readonly #weightInit: Initializer;
  readonly #biasInit: Initializer;
  #plan: Plan | undefined;
  #x: Tensor | undefined;

  /** @throws RangeError where a number is out of its range */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv2dOptions = {}) {
    super();
    checkArguments('Conv2d', arguments, {
      inChannels: integer(1, 2 ** 16),
      outChannels: integer(1, 2 ** 16),
      kernelSize: integer(1, 2 ** 10),
      options: optionsOf<Conv2dOptions>({
        stride: integer(1, 2 ** 10),
        padding: integer(0, 2 ** 10),
        bias: boolean,
        weightInit: initializer,
        biasInit: initializer,
      }),
    });
    const { stride = 1, padding = 0, bias = true } = options;
    const { weightInit = kaimingNormal(), biasInit = zeros() } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
    this.weight = new Parameter('weight', [outChannels, inChannels, kernelSize, kernelSize], { decay: true });
    this.bias = bias ? new Parameter('bias', [outChannels], { decay: false }) : null;
    this.fusibleActivations = bias ? ['relu'] : [];
    this.#weightInit = weightInit;
    this.#biasInit = biasInit;
  }

  /** Returns the parameters, in the order of their names in a state dict. */
  override parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }

  protected allocateBuffers(
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
    const window = this.#window;
    const floats = (count: number) => device.arena.allocate(4 * count);
    this.#plan = {
      kernels: device.kernels,
      height,
      width,
      places,
      y: allocateBatch(device, batchSize, [outChannels, rows, columns]),
      dx: needsInputGradient ? allocateBatch(device, batchSize, inputShape) : null,
      columns: floats(window * places),
      workspace: floats(outChannels * places),
      flipped: floats(window * outChannels),
      channels: floats(outChannels * batchSize * places),
    };
    return [outChannels, rows, columns];
  }

  protected override initializeParameters(rng: Rng, streams: Streams): void {
    const { inChannels, outChannels, kernelSize, weight, bias } = this;
    const area = kernelSize * kernelSize;
    const fans = { fanIn: inChannels * area, fanOut: outChannels * area, rng };
    initialize('Conv2d', this.#weightInit, weight.value, { ...fans, stream: streams.take('weights') });
    const stream = streams.take('weights');
    if (bias) initialize('Conv2d', this.#biasInit, bias.value, { ...fans, stream });
  }

  protected computeOutput(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    const plan = this.#plan as Plan;
    const { kernels, places, y, columns } = plan;
    const { outChannels, weight, bias } = this;
    const rows = x.shape[0] as number;
    const relu = +(fusedActivation === 'relu');
    this.#x = x;
    y.shape[0] = rows;
    for (let i = 0, out = y.pointer; i < rows; i++, out += 4 * outChannels * places) {
      this.#layOutWindows(x, i, plan);
      kernels.matmul(outChannels, places, this.#window, weight.value.pointer, columns, out);
      if (bias) kernels.channelBias(1, outChannels, places, relu, out, bias.value.pointer, out);
    }
    return y;
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    const plan = this.#plan as Plan;
    const x = this.#x as Tensor;
    const { kernels, places, columns, workspace, flipped, channels, dx } = plan;
    const { outChannels, weight, bias } = this;
    const rows = x.shape[0] as number;
    if (bias) {
      kernels.swapAxes(rows, outChannels, places, dy.pointer, channels);
      kernels.sumAxis1(outChannels, rows * places, channels, bias.grad.pointer);
    }
    if (dx) dx.shape[0] = rows;
    for (let i = 0, gradient = dy.pointer; i < rows; i++, gradient += 4 * outChannels * places) {
      this.#layOutWindows(x, i, plan);
      // dWᵀ rather than dW: the transpose in the workspace is then that of the smaller matrix.
      const product = i === 0 ? kernels.matmulNT : kernels.addMatmulNT;
      product(this.#window, outChannels, places, columns, gradient, workspace, flipped);
      if (dx) this.#differentiateInput(dx, i, gradient, plan);
    }
    kernels.transpose(this.#window, outChannels, flipped, weight.grad.pointer);
    return dx;
  }

  /** Elements of one window, over all channels. */
  get #window(): number {
    return this.inChannels * this.kernelSize * this.kernelSize;
  }

  #layOutWindows(x: Tensor, picture: number, { kernels, height, width, columns }: Plan): void {
    const { inChannels, kernelSize, stride, padding } = this;
    const from = x.pointer + 4 * picture * inChannels * height * width;
    kernels.im2col(1, inChannels, height, width, kernelSize, stride, padding, from, columns);
  }

  #differentiateInput(dx: Tensor, picture: number, gradient: Pointer, plan: Plan): void {
    const { kernels, height, width, places, columns } = plan;
    const { inChannels, outChannels, kernelSize, stride, padding, weight } = this;
    const to = dx.pointer + 4 * picture * inChannels * height * width;
    kernels.matmulTN(this.#window, places, outChannels, weight.value.pointer, gradient, columns);
    kernels.col2im(1, inChannels, height, width, kernelSize, stride, padding, columns, to);
  }
}
