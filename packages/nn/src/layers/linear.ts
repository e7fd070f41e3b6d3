// The fully connected layer.
import type { Device, Kernels, Pointer } from '@descent/kernels';
import { checkArguments, integer, optionsOf } from '../core/check.ts';
import { sizeOf, type Tensor } from '../core/tensor.ts';
import type { Allocation } from './layer.ts';
import { SparseEncoder, type SparseRows } from './sparse-rows.ts';
import { WeightedLayer, type WeightOptions, weightRules } from './weighted-layer.ts';

/** Options of `Linear`. */
export type LinearOptions = WeightOptions;

interface Buffers {
  kernels: Kernels;
  inputs: SparseEncoder;
  /** The non-zeros of x by columns, for dW. */
  columns: SparseRows;
  /** Buffers for dx. */
  gradient: { outputs: SparseEncoder; transposedWeight: Pointer } | null;
}

/**
 * y (…, Out) = x (…, In) · W + b, with W (In, Out) and b (Out). Backward:
 * dW = xᵀ · dy, db = Σ dy over the rows, dx = dy · Wᵀ.
 *
 * Zeros of x and dy are skipped, because x + 0 · w = x for every finite w. `Optimizer.step` reports a weight that is not
 * finite.
 *
 * W is stored as (In, Out), the transpose of PyTorch's, because the kernels read its rows in order; `stateDict` returns
 * PyTorch's layout. Book: Affine, section 5.6. Keras: Dense.
 */
export class Linear extends WeightedLayer {
  readonly name = 'Linear';
  /** Elements of a row of input. */
  readonly inFeatures: number;
  /** Elements of a row of output. */
  readonly outFeatures: number;
  #buffers: Buffers | undefined;
  /** The non-zeros of x, or null if x is dense. */
  #sparseInput: SparseRows | null = null;

  /** @throws RangeError unless the numbers of features are whole numbers of 1 or more */
  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    checkArguments('Linear', arguments, {
      inFeatures: integer(1, 2 ** 24),
      outFeatures: integer(1, 2 ** 24),
      options: optionsOf<LinearOptions>(weightRules),
    });
    const shape = [inFeatures, outFeatures];
    super(outFeatures, { shape, transposed: true, fanIn: inFeatures, fanOut: outFeatures }, options);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
  }

  protected allocateWorkspace({ device, inputShape, batchSize, needsInputGradient }: Allocation): readonly number[] {
    const { inFeatures, outFeatures } = this;
    if (inputShape.at(-1) !== inFeatures) {
      throw new RangeError(
        `[Linear] expected rows that end in ${inFeatures} features but got the shape [${inputShape.join(', ')}]`,
      );
    }
    const rows = (batchSize * sizeOf(inputShape)) / inFeatures;
    const gradient = () => ({
      outputs: new SparseEncoder(device, rows, outFeatures),
      transposedWeight: device.arena.allocate(4 * this.weight.size),
    });
    this.#buffers = {
      kernels: device.kernels,
      inputs: new SparseEncoder(device, rows, inFeatures),
      columns: allocateColumns(device, inFeatures, rows),
      gradient: needsInputGradient ? gradient() : null,
    };
    return [...inputShape.slice(0, -1), outFeatures];
  }

  protected computeForward(x: Tensor, y: Tensor, relu: number): void {
    const { kernels, inputs } = this.#buffers as Buffers;
    const { inFeatures, outFeatures } = this;
    const rows = x.size / inFeatures;
    const w = this.weight.value.pointer;
    const b = this.bias?.value.pointer;
    this.#sparseInput = x.sparseRows ?? inputs.encode(x.pointer, rows);
    if (this.#sparseInput) {
      const { counts, entries, capacity } = this.#sparseInput;
      if (b === undefined) kernels.sparseMatmul(rows, outFeatures, capacity, counts, entries, w, y.pointer);
      else kernels.sparseLinear(rows, outFeatures, capacity, relu, counts, entries, w, b, y.pointer);
    } else if (b === undefined) kernels.matmul(rows, outFeatures, inFeatures, x.pointer, w, y.pointer);
    else kernels.linear(rows, outFeatures, inFeatures, relu, x.pointer, w, b, y.pointer);
  }

  protected computeBackward(x: Tensor, dy: Tensor, dx: Tensor | null): void {
    const { kernels } = this.#buffers as Buffers;
    const rows = x.size / this.inFeatures;
    this.#computeWeightGradient(rows, x, dy.pointer);
    if (this.bias) kernels.sumAxis0(rows, this.outFeatures, dy.pointer, this.bias.grad.pointer);
    if (dx) this.#computeInputGradient(rows, dy.pointer, dx.pointer);
  }

  #computeWeightGradient(rows: number, x: Tensor, dy: Pointer): void {
    const { kernels, columns } = this.#buffers as Buffers;
    const { inFeatures, outFeatures } = this;
    const dw = this.weight.grad.pointer;
    if (!this.#sparseInput) {
      kernels.matmulTN(inFeatures, outFeatures, rows, x.pointer, dy, dw);
      return;
    }
    const { counts, entries, capacity } = columns;
    const { counts: rowCounts, entries: rowEntries } = this.#sparseInput;
    kernels.compressColumns(rows, inFeatures, capacity, rowCounts, rowEntries, counts, entries);
    kernels.sparseMatmul(inFeatures, outFeatures, capacity, counts, entries, dy, dw);
  }

  #computeInputGradient(rows: number, dy: Pointer, dx: Pointer): void {
    const { kernels, gradient } = this.#buffers as Buffers;
    const { inFeatures, outFeatures } = this;
    const { outputs, transposedWeight } = gradient as NonNullable<Buffers['gradient']>;
    const w = this.weight.value.pointer;
    const sparse = outputs.encode(dy, rows);
    if (!sparse) {
      kernels.matmulNT(rows, inFeatures, outFeatures, dy, w, transposedWeight, dx);
      return;
    }
    kernels.transpose(inFeatures, outFeatures, w, transposedWeight);
    kernels.sparseMatmul(rows, inFeatures, outFeatures, sparse.counts, sparse.entries, transposedWeight, dx);
  }
}

/** Allocates lists whose starts are an odd number of cache lines apart, so that they do not share cache sets. */
function allocateColumns(device: Device, columns: number, rows: number): SparseRows {
  const capacity = (2 * Math.ceil(rows / 16) + 1) * 8;
  const counts = device.arena.allocate(4 * columns);
  return { counts, entries: device.arena.allocate(8 * columns * capacity), capacity };
}
