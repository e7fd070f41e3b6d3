// A batch of byte rows gathered from a table, as float32 or as lists of its non-zeros.
import type { Device, Pointer } from '@descent/kernels';
import { sizeOf, Tensor } from '../core/tensor.ts';
import { allocateSparseRows, isDense, type SparseRows } from '../layers/sparse-rows.ts';

/** The byte that becomes 1. */
const WHITE = 255;

/**
 * (B, …row) floats: table[indices] ÷ 255. Four of five pixels of MNIST are 0, so `gather` writes only lists of the non-zeros,
 * directly from the bytes. The first read of `pointer`, or the first dense batch, writes the floats instead, from then on in
 * every `gather`: the reader may also write to them.
 */
export class LazyBatch extends Tensor {
  readonly #table: Tensor<'uint8'>;
  readonly #lists: SparseRows;
  #indices: Pointer = 0;
  #hasFloats = false;

  /** Allocates memory for up to `batchSize` rows of the table. */
  constructor(device: Device, table: Tensor<'uint8'>, batchSize: number) {
    const row = table.shape.slice(1);
    const rowSize = sizeOf(row);
    super(device, 'float32', device.arena.allocate(4 * batchSize * rowSize), [batchSize, ...row]);
    this.#table = table;
    this.#lists = allocateSparseRows(device, batchSize, rowSize);
  }

  /** Gathers `size` rows, by the int32 at `indices`, which must not change before the next call. */
  gather(indices: Pointer, size: number): void {
    this.#indices = indices;
    this.shape[0] = size;
    if (!this.#hasFloats) this.#encode();
    else this.#writeFloats();
  }

  override get pointer(): Pointer {
    if (!this.#hasFloats) this.#writeFloats();
    return super.pointer;
  }

  override get sparseRows(): SparseRows | null {
    return this.#hasFloats ? null : this.#lists;
  }

  #encode(): void {
    const { counts, entries, capacity } = this.#lists;
    const rows = this.shape[0] as number;
    const { pointer } = this.#table;
    const total = this.device.kernels.compressBytes(rows, capacity, WHITE, pointer, this.#indices, counts, entries);
    if (isDense(total, rows * capacity)) this.#writeFloats();
  }

  #writeFloats(): void {
    const rows = this.shape[0] as number;
    const { pointer } = this.#table;
    this.device.kernels.gatherBytes(rows, this.#lists.capacity, WHITE, pointer, this.#indices, super.pointer);
    this.#hasFloats = true;
  }
}
