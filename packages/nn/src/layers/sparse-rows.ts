// The non-zeros of the rows of a batch, for products that pass over zeros.
import type { Device, Pointer } from '@descent/kernels';

/** Lists of a batch's rows: what `kernels.compressRows` writes. The next batch overwrites them. */
export interface SparseRows {
  readonly counts: Pointer;
  readonly entries: Pointer;
  /** Entries from the start of one list to that of the next. */
  readonly capacity: number;
}

/** Above this share of non-zeros a dense product is faster than one over lists. */
const DENSE = 0.7;
/** Batches that a tensor found dense is taken for dense before it is looked at again. */
const DENSE_STREAK = 15;

/** Whether `total` non-zeros among `size` elements are too many for lists to pay. */
export function isDense(total: number, size: number): boolean {
  return total > DENSE * size;
}

/** Makes lists of the rows of tensors of one shape, unless they have too few zeros for it to pay. */
export class SparseEncoder {
  readonly #lists: SparseRows;
  readonly #device: Device;
  #patience = 0;

  /** Takes memory for `rows` rows of `columns` elements. */
  constructor(device: Device, rows: number, columns: number) {
    this.#device = device;
    const counts = device.arena.allocate(4 * rows);
    this.#lists = { counts, entries: device.arena.allocate(8 * rows * columns), capacity: columns };
  }

  /** The lists of x (rows, capacity), float32, or null where it is dense. The choice changes no bit of a finite product. */
  encode(x: Pointer, rows: number): SparseRows | null {
    if (this.#patience > 0) {
      this.#patience--;
      return null;
    }
    const { counts, entries, capacity } = this.#lists;
    const total = this.#device.kernels.compressRows(rows, capacity, x, counts, entries);
    if (!isDense(total, rows * capacity)) return this.#lists;
    this.#patience = DENSE_STREAK;
    return null;
  }
}
