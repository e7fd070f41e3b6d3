// Lists of the non-zeros of a batch's rows, for products that skip zeros.
import type { Device, Pointer } from '@descent/kernels';

/** The output of `kernels.compressRows`: one list of non-zeros per row. */
export interface SparseRows {
  readonly counts: Pointer;
  readonly entries: Pointer;
  /** Entries from the start of one list to the start of the next. */
  readonly capacity: number;
}

/** Above this share of non-zeros a dense product is faster. */
const MAX_DENSITY = 0.7;
/** Number of batches that are not encoded after one that was dense. */
const DENSE_STREAK = 15;

/** Returns whether lists with `total` non-zeros among `size` elements are slower than a dense product. */
export function isDense(total: number, size: number): boolean {
  return total > MAX_DENSITY * size;
}

/** Allocates lists for `rows` rows of `columns` elements. */
export function allocateSparseRows(device: Device, rows: number, columns: number): SparseRows {
  const counts = device.arena.allocate(4 * rows);
  return { counts, entries: device.arena.allocate(8 * rows * columns), capacity: columns };
}

/** Encodes batches of one shape as lists, unless they are dense. */
export class SparseEncoder {
  readonly #lists: SparseRows;
  readonly #device: Device;
  #skipped = 0;

  /** Allocates memory for `rows` rows of `columns` elements. */
  constructor(device: Device, rows: number, columns: number) {
    this.#device = device;
    this.#lists = allocateSparseRows(device, rows, columns);
  }

  /** Returns the lists of x (rows, capacity), or null if it is dense. Both give the same bits of a finite product. */
  encode(x: Pointer, rows: number): SparseRows | null {
    if (this.#skipped > 0) {
      this.#skipped--;
      return null;
    }
    const { counts, entries, capacity } = this.#lists;
    const total = this.#device.kernels.compressRows(rows, capacity, x, counts, entries);
    if (!isDense(total, rows * capacity)) return this.#lists;
    this.#skipped = DENSE_STREAK;
    return null;
  }
}
