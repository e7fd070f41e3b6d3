// Rows of bytes picked from a table, made into floats or into lists of their non-zeros only when asked for.
import type { Device, Pointer } from '@descent/kernels';
import { isDense, type RowLists } from './row-lists.ts';
import { sizeOf, Tensor } from './tensor.ts';

/** What a byte of 255 is divided by to be 1. */
const WHITE = 255;

/**
 * (B, …row) floats: table[indices] ÷ 255. Four pixels of five in MNIST are 0, so that the first layer reads only the
 * lists of the others, made from the bytes themselves; the floats are made where a layer asks for `pointer`.
 */
export class GatheredBytes extends Tensor {
  readonly #table: Tensor<'uint8'>;
  readonly #lists: RowLists;
  #indices: Pointer = 0;
  #hasFloats = true;
  #hasLists = false;
  #isDense = false;

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
  }

  override get pointer(): Pointer {
    const floats = super.pointer;
    if (!this.#hasFloats) {
      const { kernels } = this.device;
      const table = this.#table.pointer;
      kernels.gatherBytes(this.shape[0] as number, this.#lists.capacity, WHITE, table, this.#indices, floats);
      this.#hasFloats = true;
    }
    return floats;
  }

  override get rowLists(): RowLists | null {
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
