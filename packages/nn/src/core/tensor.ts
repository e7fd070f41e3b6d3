// Tensors: views of a device's memory with a shape.
import type { Device, Pointer } from '@descent/kernels';
import type { SparseRows } from '../layers/sparse-rows.ts';
import * as is from './check.ts';

/** The typed array of each element type. */
export interface DTypeArrays {
  /** Numbers. */
  float32: Float32Array<ArrayBuffer>;
  /** Labels, indices. */
  int32: Int32Array<ArrayBuffer>;
  /** Pixels. */
  uint8: Uint8Array<ArrayBuffer>;
}

/** The type of the elements: float32 for numbers, int32 for labels and indices, uint8 for pixels. */
export type DType = 'float32' | 'int32' | 'uint8';

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };
/** The method of the arena that returns a view of each element type. */
const VIEWS = { float32: 'f32', int32: 'i32', uint8: 'u8' } as const;

/** The numbers that each element type can represent. A typed array would silently change others. */
const ELEMENTS: { readonly [D in DType]: { readonly wanted: string; canHold(value: number): boolean } } = {
  float32: {
    wanted: 'a number that float32 holds, up to 3.4e+38,',
    canHold: (value) => Math.abs(Math.fround(value)) < Number.POSITIVE_INFINITY || !Number.isFinite(value),
  },
  int32: { wanted: 'a whole number from -2147483648 to 2147483647', canHold: (value) => (value | 0) === value },
  uint8: { wanted: 'a whole number from 0 to 255', canHold: (value) => (value & 255) === value },
};

const dtypeLike = is.choice(...Object.keys(ARRAYS));
const valuesLike = is.kind(
  'an array of numbers',
  (value) => Number.isInteger(Object(value).length) && Object(value) === value && typeof value !== 'function',
);
const LIVE = is.tensorOf(...Object.keys(ARRAYS));
const ZEROS = { device: is.deviceLike, shape: is.shapeLike, dtype: is.optional(dtypeLike) };
const FROM = { device: is.deviceLike, values: valuesLike, shape: is.shapeLike, dtype: is.optional(dtypeLike) };
const VIEW = { device: is.deviceLike, dtype: dtypeLike, pointer: is.integer(0, 2 ** 32), shape: is.shapeLike };

/** A row-major array in the memory of a device. It does not release its memory. */
export class Tensor<D extends DType = 'float32'> {
  /** The device of its memory. */
  readonly device: Device;
  /** The type of its elements. */
  readonly dtype: D;
  readonly #pointer: Pointer;
  /** Its dimensions. Only `shape[0]` changes, because the last batch may have fewer rows. */
  readonly shape: number[];

  #isRetired = false;

  /**
   * Creates a view of allocated memory; `zeros` and `from` allocate.
   * @throws RangeError if the arena has not allocated the memory, or the pointer is not a multiple of an element's bytes
   */
  constructor(device: Device, dtype: D, pointer: Pointer, shape: readonly number[]) {
    is.checkArguments('Tensor', arguments, VIEW);
    this.device = device;
    this.dtype = dtype;
    this.#pointer = pointer;
    this.shape = [...shape];
    if (pointer % ARRAYS[dtype].BYTES_PER_ELEMENT === 0 && !this.isReleased) return;
    throw new RangeError(`[Tensor] expected a pointer to allocated memory, aligned for ${dtype}, but got ${pointer}`);
  }

  /**
   * Allocates a tensor of zeros.
   * @throws RangeError if a dimension is not a whole number or the memory cannot grow
   */
  static zeros(device: Device, shape: readonly number[]): Tensor;
  static zeros<D extends DType>(device: Device, shape: readonly number[], dtype: D): Tensor<D>;
  static zeros(device: Device, shape: readonly number[], dtype: DType = 'float32'): Tensor<DType> {
    is.checkArguments('Tensor', arguments, ZEROS);
    return new Tensor(device, dtype, device.arena.allocate(sizeOf(shape) * ARRAYS[dtype].BYTES_PER_ELEMENT), shape);
  }

  /**
   * Allocates a tensor with a copy of `values`.
   * @throws RangeError if their number does not match the shape
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
    is.checkArguments('Tensor', arguments, FROM);
    if (!(values instanceof ARRAYS[dtype])) checkElements(values, dtype);
    if (values.length !== sizeOf(shape)) {
      throw new RangeError(
        `[Tensor] expected ${sizeOf(shape)} values for the shape [${shape.join(', ')}] but got ${values.length}`,
      );
    }
    const copy = copyOfView(device, values);
    const tensor = Tensor.zeros(device, shape, dtype);
    tensor.data.set(copy);
    return tensor;
  }

  /** The address of its first element. */
  get pointer(): Pointer {
    return this.#pointer;
  }

  /**
   * Lists of the non-zeros of its rows, in place of its floats; null if there are only floats.
   * @internal
   */
  get sparseRows(): SparseRows | null {
    return null;
  }

  /**
   * Whether the arena has released its memory, or its parameter has other memory now.
   * @internal
   */
  get isReleased(): boolean {
    return (
      this.#isRetired || this.#pointer + this.size * ARRAYS[this.dtype].BYTES_PER_ELEMENT > this.device.arena.mark()
    );
  }

  /**
   * Marks it as released.
   * @internal
   */
  retire(): void {
    this.#isRetired = true;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /**
   * A new typed array of its elements, a view that is valid until the memory grows: do not keep it.
   * @throws RangeError if the memory was released
   */
  get data(): DTypeArrays[D] {
    is.check('Tensor', 'data', this, LIVE);
    return this.device.arena[VIEWS[this.dtype]](this.pointer, this.size) as DTypeArrays[D];
  }

  /** Returns the elements as nested arrays, one level per dimension; a number for the shape []. */
  toArray(): NestedArray {
    return toNested([...this.data], this.shape);
  }

  /** Returns the text that `console.log` prints in Node: shape, dtype and values. */
  [is.inspectSymbol](): string {
    return `Tensor(${this.dtype}, [${this.shape.join(', ')}])${valuesText(this)}`;
  }

  /** Returns a view of the rows from `start` up to, not including, `end`. */
  rows(start: number, end: number): Tensor<D> {
    const [count = 0, ...row] = this.shape;
    is.checkArguments('Tensor', arguments, {
      start: is.integer(0, count),
      end: (who, name, value) => is.integer(start, count)(who, name, value),
    });
    const offset = start * sizeOf(row) * ARRAYS[this.dtype].BYTES_PER_ELEMENT;
    return new Tensor(this.device, this.dtype, this.pointer + offset, [end - start, ...row]);
  }
}

/** Maximum number of elements that `console.log` prints. */
const MAX_PRINTED = 24;

/** Returns the first elements of a tensor with five digits; a small matrix has one line per row. */
export function valuesText(tensor: Tensor<DType>): string {
  const { shape, size, isReleased } = tensor;
  if (isReleased) return ' in memory that was released';
  const texts = Array.from(tensor.data.subarray(0, MAX_PRINTED), (value) => String(Number(value.toPrecision(5))));
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2 || size > MAX_PRINTED || rows < 2 || columns < 1) {
    return ` [${texts.join(', ')}${size > MAX_PRINTED ? `, … ${size - MAX_PRINTED} more` : ''}]`;
  }
  const width = Math.max(...texts.map(({ length }) => length));
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = texts.slice(row * columns, (row + 1) * columns).map((text) => text.padStart(width));
    return `[${cells.join(', ')}]`;
  });
  return `\n[${lines.join(',\n ')}]`;
}

/** Nested arrays of numbers. */
export type NestedArray = number | NestedArray[];

function toNested(values: readonly number[], [length, ...row]: readonly number[]): NestedArray {
  if (length === undefined) return values[0] as number;
  const size = sizeOf(row);
  return Array.from({ length }, (_, i) => toNested(values.slice(i * size, (i + 1) * size), row));
}

function checkElements(values: ArrayLike<unknown>, dtype: DType): void {
  const { wanted, canHold } = ELEMENTS[dtype];
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value === 'number' && canHold(value)) continue;
    const hint = Array.isArray(value) ? '; values.flat() makes one list of rows' : '';
    const kind = typeof value === 'number' ? RangeError : TypeError;
    is.refuse(kind, 'Tensor', `values[${index}] to be ${wanted}`, value, hint);
  }
}

/** Returns the values; a copy if they are a view of the device's memory, which the next allocation may detach. */
export function copyOfView<T extends ArrayLike<number>>(device: Device, values: T): T {
  const isView = ArrayBuffer.isView(values) && device.arena.pointerOf(values) !== undefined;
  return isView ? ((values as unknown as Float32Array).slice() as unknown as T) : values;
}

/** Returns the number of elements of a shape; 1 for the shape of a scalar, []. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis] as number;
  return size;
}
