// The fully connected layer.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import { checkInteger } from '../check.ts';
import { type Initialiser, kaimingNormal, zeros } from '../init.ts';
import { after, batchOf, checkBatch, type Layer } from '../layer.ts';
import { Parameter } from '../parameter.ts';
import type { Rng } from '../random.ts';
import { sizeOf, type Tensor } from '../tensor.ts';

export interface LinearOptions {
  /** Default `kaimingNormal()`. */
  weightInit?: Initialiser;
  /** Default `zeros()`. */
  biasInit?: Initialiser;
  /** Whether there is a bias. Default true. */
  bias?: boolean;
}

interface Plan {
  kernels: Kernels;
  inputShape: readonly number[];
  batchSize: number;
  y: Tensor;
  dx: Tensor | null;
  /** In × Out floats for the transpose of the weight; 0 where there is no dx. */
  workspace: Pointer;
}

/**
 * y (…, Out) = x (…, In) · W + b, with W (In, Out) and b (Out). Backward:
 * dW = xᵀ · dy, db = Σ dy over the rows, dx = dy · Wᵀ.
 *
 * W is stored (In, Out), the transpose of PyTorch's, because the kernels stream its rows; `stateDict` gives PyTorch's.
 * Book: Affine, section 5.6. Keras: Dense.
 */
export class Linear implements Layer {
  readonly name = 'Linear';
  training = true;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly #weightInit: Initialiser;
  readonly #biasInit: Initialiser;
  #plan: Plan | undefined;
  #x: Tensor | undefined;

  /** @throws RangeError where a number of features is not a whole number of 1 or more */
  constructor(
    inFeatures: number,
    outFeatures: number,
    { weightInit = kaimingNormal(), biasInit = zeros(), bias = true }: LinearOptions = {},
  ) {
    checkInteger('Linear', 'inFeatures', inFeatures, 1, 2 ** 24);
    checkInteger('Linear', 'outFeatures', outFeatures, 1, 2 ** 24);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter('weight', [inFeatures, outFeatures], { decay: true, transposed: true });
    this.bias = bias ? new Parameter('bias', [outFeatures], { decay: false }) : null;
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
    if (inputShape.at(-1) !== this.inFeatures) {
      throw new RangeError(
        `[Linear] expected rows that end in ${this.inFeatures} features but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const outputShape = [...inputShape.slice(0, -1), this.outFeatures];
    this.#plan = {
      kernels: device.kernels,
      inputShape,
      batchSize,
      y: batchOf(device, batchSize, outputShape),
      dx: needsInputGradient ? batchOf(device, batchSize, inputShape) : null,
      workspace: needsInputGradient ? device.arena.allocate(4 * sizeOf(this.weight.shape)) : 0,
    };
    return outputShape;
  }

  initialise(rng: Rng, stream: number): number {
    const fans = { fanIn: this.inFeatures, fanOut: this.outFeatures, rng };
    this.#weightInit(this.weight.value, { ...fans, stream });
    if (this.bias) this.#biasInit(this.bias.value, { ...fans, stream: stream + 1 });
    return stream + 2;
  }

  forward(x: Tensor): Tensor {
    const { kernels, inputShape, batchSize, y } = after('Linear', 'layOut', this.#plan);
    checkBatch('Linear', x, inputShape, batchSize);
    const { inFeatures, outFeatures, weight, bias } = this;
    const rows = x.size / inFeatures;
    y.shape[0] = x.shape[0] as number;
    kernels.matmul(rows, outFeatures, inFeatures, x.pointer, weight.value.pointer, y.pointer);
    if (bias) kernels.addBias(rows, outFeatures, y.pointer, bias.value.pointer, y.pointer);
    this.#x = x;
    return y;
  }

  backward(dy: Tensor): Tensor | null {
    const { kernels, dx, workspace } = after('Linear', 'layOut', this.#plan);
    const x = after('Linear', 'forward', this.#x);
    const { inFeatures, outFeatures, weight, bias } = this;
    const rows = x.size / inFeatures;
    kernels.matmulTN(inFeatures, outFeatures, rows, x.pointer, dy.pointer, weight.grad.pointer);
    if (bias) kernels.sumRows(rows, outFeatures, dy.pointer, bias.grad.pointer);
    if (!dx) return null;
    dx.shape[0] = x.shape[0] as number;
    kernels.matmulNT(rows, inFeatures, outFeatures, dy.pointer, weight.value.pointer, workspace, dx.pointer);
    return dx;
  }
}
