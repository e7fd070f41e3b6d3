// The fully connected layer.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import { boolean, checkArguments, integer, optionsOf } from '../core/check.ts';
import { type Initializer, initialize, initializer, kaimingNormal, zeros } from '../core/init.ts';
import { Parameter } from '../core/parameter.ts';
import type { Rng, Streams } from '../core/random.ts';
import { sizeOf, type Tensor } from '../core/tensor.ts';
import { allocateBatch, BaseLayer, type FusedActivation } from './layer.ts';
import { SparseEncoder, type SparseRows } from './sparse-rows.ts';

/** Settings of `Linear`. */
export interface LinearOptions {
  /** Default `kaimingNormal()`. */
  weightInit?: Initializer;
  /** Default `zeros()`. */
  biasInit?: Initializer;
  /** Whether there is a bias. Default true. */
  bias?: boolean;
}

interface Plan {
  kernels: Kernels;
  y: Tensor;
  inputs: SparseEncoder;
  /** The lists of x's columns, made of those of its rows for dW. */
  columns: SparseRows;
  dx: InputGradient | null;
}

/** What dx needs. */
interface InputGradient {
  tensor: Tensor;
  outputs: SparseEncoder;
  /** In × Out floats for the transpose of the weight. */
  workspace: Pointer;
}

/**
 * y (…, Out) = x (…, In) · W + b, with W (In, Out) and b (Out). Backward:
 * dW = xᵀ · dy, db = Σ dy over the rows, dx = dy · Wᵀ.
 *
 * Zeros of x and dy are passed over, since x + 0 · w = x for every finite w; a weight that is not finite is seen by
 * `Optimizer.step`, which says so.
 *
 * W is stored (In, Out), the transpose of PyTorch's, because the kernels stream its rows; `stateDict` gives PyTorch's.
 * Book: Affine, section 5.6. Keras: Dense.
 */
export class Linear extends BaseLayer {
  /** Name of the kind of layer, as in messages. */
  readonly name = 'Linear';
  /** Numbers of a row of input. */
  readonly inFeatures: number;
  /** Numbers of a row of output. */
  readonly outFeatures: number;
  /** W (In, Out); in a state dict (Out, In). */
  readonly weight: Parameter;
  /** b (Out), or null without one. */
  readonly bias: Parameter | null;
  /** Applied with the bias: `relu`, or nothing without a bias. */
  override readonly fusibleActivations: readonly FusedActivation[];
  readonly #weightInit: Initializer;
  readonly #biasInit: Initializer;
  #plan: Plan | undefined;
  #x: Tensor | undefined;
  /** The lists of x, or null where it is dense. */
  #lists: SparseRows | null = null;

  /** @throws RangeError where a number of features is not a whole number of 1 or more */
  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    checkArguments('Linear', arguments, {
      inFeatures: integer(1, 2 ** 24),
      outFeatures: integer(1, 2 ** 24),
      options: optionsOf<LinearOptions>({ weightInit: initializer, biasInit: initializer, bias: boolean }),
    });
    const { weightInit = kaimingNormal(), biasInit = zeros(), bias = true } = options;
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter('weight', [inFeatures, outFeatures], { decay: true, transposed: true });
    this.bias = bias ? new Parameter('bias', [outFeatures], { decay: false }) : null;
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
    if (inputShape.at(-1) !== this.inFeatures) {
      throw new RangeError(
        `[Linear] expected rows that end in ${this.inFeatures} features but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const outputShape = [...inputShape.slice(0, -1), this.outFeatures];
    const rows = (batchSize * sizeOf(inputShape)) / this.inFeatures;
    this.#plan = {
      kernels: device.kernels,
      y: allocateBatch(device, batchSize, outputShape),
      inputs: new SparseEncoder(device, rows, this.inFeatures),
      columns: columnLists(device, this.inFeatures, rows),
      dx: needsInputGradient ? this.#layOutInputGradient(device, inputShape, batchSize, rows) : null,
    };
    return outputShape;
  }

  #layOutInputGradient(device: Device, inputShape: readonly number[], batchSize: number, rows: number): InputGradient {
    return {
      tensor: allocateBatch(device, batchSize, inputShape),
      outputs: new SparseEncoder(device, rows, this.outFeatures),
      workspace: device.arena.allocate(4 * sizeOf(this.weight.shape)),
    };
  }

  protected override initializeParameters(rng: Rng, streams: Streams): void {
    const fans = { fanIn: this.inFeatures, fanOut: this.outFeatures, rng };
    initialize('Linear', this.#weightInit, this.weight.value, { ...fans, stream: streams.take('weights') });
    const stream = streams.take('weights');
    if (this.bias) initialize('Linear', this.#biasInit, this.bias.value, { ...fans, stream });
  }

  protected computeOutput(x: Tensor, fusedActivation?: FusedActivation): Tensor {
    const { y, inputs } = this.#plan as Plan;
    const relu = +(fusedActivation === 'relu');
    const rows = x.size / this.inFeatures;
    y.shape[0] = x.shape[0] as number;
    this.#x = x;
    this.#lists = x.rowLists ?? inputs.encode(x.pointer, rows);
    if (this.#lists) this.#multiplyLists(rows, relu, this.#lists, y.pointer);
    else this.#multiply(rows, relu, x.pointer, y.pointer);
    return y;
  }

  #multiply(rows: number, relu: number, x: Pointer, y: Pointer): void {
    const { kernels } = this.#plan as Plan;
    const { inFeatures, outFeatures, weight, bias } = this;
    const w = weight.value.pointer;
    if (bias) kernels.linear(rows, outFeatures, inFeatures, relu, x, w, bias.value.pointer, y);
    else kernels.matmul(rows, outFeatures, inFeatures, x, w, y);
  }

  #multiplyLists(rows: number, relu: number, { counts, entries, capacity }: SparseRows, y: Pointer): void {
    const { kernels } = this.#plan as Plan;
    const { outFeatures, weight, bias } = this;
    const w = weight.value.pointer;
    if (bias) kernels.sparseLinear(rows, outFeatures, capacity, relu, counts, entries, w, bias.value.pointer, y);
    else kernels.sparseMatmul(rows, outFeatures, capacity, counts, entries, w, y);
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    const { kernels, dx } = this.#plan as Plan;
    const x = this.#x as Tensor;
    const { outFeatures, bias } = this;
    const rows = x.size / this.inFeatures;
    this.#differentiateWeight(rows, x, dy);
    if (bias) kernels.sumAxis0(rows, outFeatures, dy.pointer, bias.grad.pointer);
    if (!dx) return null;
    dx.tensor.shape[0] = x.shape[0] as number;
    this.#differentiateInput(rows, dy, dx);
    return dx.tensor;
  }

  #differentiateWeight(rows: number, x: Tensor, dy: Tensor): void {
    const { kernels, columns } = this.#plan as Plan;
    const { inFeatures, outFeatures, weight } = this;
    const dw = weight.grad.pointer;
    if (!this.#lists) {
      kernels.matmulTN(inFeatures, outFeatures, rows, x.pointer, dy.pointer, dw);
      return;
    }
    const { counts, entries, capacity } = columns;
    kernels.compressColumns(rows, inFeatures, capacity, this.#lists.counts, this.#lists.entries, counts, entries);
    kernels.sparseMatmul(inFeatures, outFeatures, capacity, counts, entries, dy.pointer, dw);
  }

  #differentiateInput(rows: number, dy: Tensor, { tensor, outputs, workspace }: InputGradient): void {
    const { kernels } = this.#plan as Plan;
    const { inFeatures, outFeatures, weight } = this;
    const w = weight.value.pointer;
    const lists = outputs.encode(dy.pointer, rows);
    if (!lists) {
      kernels.matmulNT(rows, inFeatures, outFeatures, dy.pointer, w, workspace, tensor.pointer);
      return;
    }
    kernels.transpose(inFeatures, outFeatures, w, workspace);
    kernels.sparseMatmul(rows, inFeatures, outFeatures, lists.counts, lists.entries, workspace, tensor.pointer);
  }
}

/** Lists whose starts do not fall on each other in the cache: an odd number of its lines apart. */
function columnLists(device: Device, columns: number, rows: number): SparseRows {
  const capacity = (2 * Math.ceil(rows / 16) + 1) * 8;
  const counts = device.arena.allocate(4 * columns);
  return { counts, entries: device.arena.allocate(8 * columns * capacity), capacity };
}
