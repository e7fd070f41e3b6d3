// Rows of bytes picked from a table, made into floats or into lists of their non-zeros only when asked for.
import type { Device, Pointer } from '@descent/kernels';
import { sizeOf, Tensor } from '../core/tensor.ts';
import { isDense, type SparseRows } from '../layers/sparse-rows.ts';

/** What a byte of 255 is divided by to be 1. */
const WHITE = 255;

/**
 * (B, …row) floats: table[indices] ÷ 255. Four pixels of five in MNIST are 0, so that the first layer reads only the
 * lists of the others, made from the bytes themselves; the floats are made where a layer asks for `pointer`.
 */
export class LazyBatch extends Tensor {
  readonly #table: Tensor<'uint8'>;
  readonly #lists: SparseRows;
  #indices: Pointer = 0;
  #hasFloats = true;
  #hasLists = false;
  #isDense = false;
  /** Whether anybody has had the floats, and so may write them: from then on they are made at once, and lists are made of them. */
  #isShared = false;

  /** Takes memory for up to `batchSize` rows of the table. */
  constructor(device: Device, table: Tensor<'uint8'>, batchSize: number) {
    const row = table.shape.slice(1);
    const capacity = sizeOf(row);
    super(device, 'float32', device.arena.allocate(4 * batchSize * capacity), [batchSize, ...row]);
    this.#table = table;
    const counts = device.arena.allocate(4 * batchSize);
    this.#lists = { counts, entries: device.arena.allocate(8 * batchSize * capacity), capacity };
  }

  /** Takes `size` rows, by the int32 at `indices`: these must stay until the floats have been asked for. */
  pick(indices: Pointer, size: number): void {
    this.#indices = indices;
    this.shape[0] = size;
    this.#hasFloats = false;
    this.#hasLists = false;
    if (this.#isShared) this.#makeFloats();
  }

  override get pointer(): Pointer {
    this.#isShared = true;
    if (!this.#hasFloats) this.#makeFloats();
    return super.pointer;
  }

  #makeFloats(): void {
    const { kernels } = this.device;
    const table = this.#table.pointer;
    kernels.gatherBytes(this.shape[0] as number, this.#lists.capacity, WHITE, table, this.#indices, super.pointer);
    this.#hasFloats = true;
  }

  override get rowLists(): SparseRows | null {
    if (this.#isShared) return null;
    if (!this.#hasLists) {
      const { counts, entries, capacity } = this.#lists;
      const { kernels } = this.device;
      const rows = this.shape[0] as number;
      const table = this.#table.pointer;
      const total = kernels.compressBytes(rows, capacity, WHITE, table, this.#indices, counts, entries);
      this.#hasLists = true;
      this.#isDense = isDense(total, rows * capacity);
    }
    return this.#isDense ? null : this.#lists;
  }
}
