// Tensors: shaped views of a device's memory.
import type { Device, Pointer } from '@descent/kernels';
import { checkChoice, checkKind, checkNumbers } from './check.ts';
import type { RowLists } from './row-lists.ts';

/** The typed array that shows elements of each type. */
export interface DTypeArrays {
  /** Numbers. */
  float32: Float32Array<ArrayBuffer>;
  /** Labels, indices. */
  int32: Int32Array<ArrayBuffer>;
  /** Pixels. */
  uint8: Uint8Array<ArrayBuffer>;
}

/** What an element is: numbers are float32, labels and indices int32, pixels uint8. */
export type DType = 'float32' | 'int32' | 'uint8';

type ArrayOf<A> = {
  new (buffer: ArrayBuffer, pointer: Pointer, length: number): A;
  readonly BYTES_PER_ELEMENT: number;
};

const ARRAYS: { readonly [D in DType]: ArrayOf<DTypeArrays[D]> } = {
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
};

/** A row-major array in the memory of a device. It owns nothing: whoever allocated the memory gives it back. */
export class Tensor<D extends DType = 'float32'> {
  /** Whose memory it is in. */
  readonly device: Device;
  /** What an element is. */
  readonly dtype: D;
  readonly #pointer: Pointer;
  /** Only `shape[0]` ever changes: it shrinks where the last batch is short. */
  readonly shape: number[];

  constructor(device: Device, dtype: D, pointer: Pointer, shape: readonly number[]) {
    this.device = device;
    this.dtype = dtype;
    this.#pointer = pointer;
    this.shape = [...shape];
  }

  /**
   * Fresh memory, all zero.
   * @throws RangeError where a dimension is not a whole number or the memory cannot grow
   */
  static zeros(device: Device, shape: readonly number[]): Tensor;
  static zeros<D extends DType>(device: Device, shape: readonly number[], dtype: D): Tensor<D>;
  static zeros(device: Device, shape: readonly number[], dtype: DType = 'float32'): Tensor<DType> {
    checkKind('Tensor', device, 'arena', 'a device, as await loadDevice() gives it,');
    checkKind('Tensor', shape, 'length', 'a shape, such as [2, 3],');
    checkChoice('Tensor', 'dtype', dtype, Object.keys(ARRAYS));
    if (!shape.every((length) => Number.isInteger(length) && length >= 0)) {
      throw new RangeError(`[Tensor] expected a shape of whole numbers but got [${shape.join(', ')}]`);
    }
    return new Tensor(device, dtype, device.arena.allocate(sizeOf(shape) * ARRAYS[dtype].BYTES_PER_ELEMENT), shape);
  }

  /**
   * Fresh memory that holds a copy of `values`.
   * @throws RangeError where their number does not fill the shape
   */
  static from(device: Device, values: ArrayLike<number>, shape: readonly number[]): Tensor;
  static from<D extends DType>(
    device: Device,
    values: ArrayLike<number>,
    shape: readonly number[],
    dtype: D,
  ): Tensor<D>;
  static from(
    device: Device,
    values: ArrayLike<number>,
    shape: readonly number[],
    dtype: DType = 'float32',
  ): Tensor<DType> {
    checkKind('Tensor', device, 'arena', 'a device, as await loadDevice() gives it,');
    checkKind('Tensor', values, 'length', 'values, an array of numbers,');
    checkKind('Tensor', shape, 'length', 'a shape, such as [2, 3],');
    checkNumbers('Tensor', values);
    if (values.length !== sizeOf(shape)) {
      throw new RangeError(
        `[Tensor] expected ${sizeOf(shape)} values for the shape [${shape.join(', ')}] but got ${values.length}`,
      );
    }
    const tensor = Tensor.zeros(device, shape, dtype);
    tensor.data.set(values);
    return tensor;
  }

  /** Where its elements lie. */
  get pointer(): Pointer {
    return this.#pointer;
  }

  /**
   * Lists of the non-zeros of its rows, where whoever filled it has made them.
   * @internal
   */
  get rowLists(): RowLists | null {
    return null;
  }

  /**
   * Whether the arena has taken its memory back.
   * @internal
   */
  get isReleased(): boolean {
    return this.#pointer + this.size * ARRAYS[this.dtype].BYTES_PER_ELEMENT > this.device.arena.mark();
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** A fresh typed array over the memory, valid until the memory grows: ask anew rather than keep it. */
  get data(): DTypeArrays[D] {
    return new ARRAYS[this.dtype](this.device.arena.memory.buffer, this.pointer, this.size);
  }

  /** The same memory from row `start` up to, not including, row `end`. */
  rows(start: number, end: number): Tensor<D> {
    const [count = 0, ...row] = this.shape;
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= count)) {
      throw new RangeError(`[Tensor] expected rows between 0 and ${count} but got ${start} to ${end}`);
    }
    return new Tensor(
      this.device,
      this.dtype,
      this.pointer + start * sizeOf(row) * ARRAYS[this.dtype].BYTES_PER_ELEMENT,
      [end - start, ...row],
    );
  }
}

/** Number of elements of a shape; 1 for the shape of a scalar, []. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis] as number;
  return size;
}
