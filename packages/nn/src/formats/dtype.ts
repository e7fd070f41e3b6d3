// What an element of a saved tensor may be, and how it becomes a float32: exactly, or not at all.
import * as is from '../core/check.ts';
import { sizeOf } from '../core/tensor.ts';
import { DataError } from '../data/data-error.ts';

/** The types of elements that a safetensors file may have, by its names. Of these F32, F16, BF16 and an exact F64 can be weights. */
export type SavedDType =
  | 'BOOL'
  | 'U8'
  | 'I8'
  | 'F8_E5M2'
  | 'F8_E4M3'
  | 'I16'
  | 'U16'
  | 'F16'
  | 'BF16'
  | 'I32'
  | 'U32'
  | 'F32'
  | 'F64'
  | 'I64'
  | 'U64';

/** Bytes an element. */
export const dtypeBytes: Readonly<Record<SavedDType, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
};

/** An array in a file, row-major, little-endian. */
export interface SavedTensor {
  /** What an element is. */
  readonly dtype: SavedDType;
  /** Its dimensions. */
  readonly shape: readonly number[];
  /** Its elements, little-endian, row-major. */
  readonly bytes: Uint8Array;
}

/** The rule of a `SavedTensor`. */
const savedTensor = is.optionsOf<SavedTensor>(
  { dtype: is.choice(...Object.keys(dtypeBytes)), shape: is.shapeLike, bytes: is.bytesLike },
  ['dtype', 'shape', 'bytes'],
);

/** A map of arrays by name. */
export const tensorMap: is.Rule = (who, name, value) => {
  is.kind('a Map of arrays by name', (map) => map instanceof Map)(who, name, value);
  for (const [key, tensor] of value as Map<unknown, unknown>) {
    is.string(who, `a name in ${name}`, key);
    savedTensor(who, `${name}.get(${JSON.stringify(key)})`, tensor ?? null);
  }
};

const where = is.optionsOf<{ file: string; name: string }>({ file: is.string, name: is.string }, ['file', 'name']);

/** A float32 array to be saved. Its memory is shared, not copied. */
export function savedFloats(shape: readonly number[], data: Float32Array): SavedTensor {
  is.checkArguments('savedFloats', arguments, { shape: is.shapeLike, data: is.floatsLike });
  return { dtype: 'F32', shape, bytes: bytesOf(data) };
}

/** An int32 array to be saved. Its memory is shared, not copied. */
export function savedIntegers(shape: readonly number[], data: Int32Array): SavedTensor {
  const int32 = is.kind('an Int32Array', (value) => value instanceof Int32Array);
  is.checkArguments('savedIntegers', arguments, { shape: is.shapeLike, data: int32 });
  return { dtype: 'I32', shape, bytes: bytesOf(data) };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * The elements as float32, in memory of their own. F32, F16 and BF16 become float32 exactly; of F64 only numbers that are
 * float32 already, for a rounded weight is another weight.
 * @param place the file and the tensor, for the error
 * @throws DataError where they are of another type, or do not fit into float32
 */
export function toFloats(tensor: SavedTensor, place: { file: string; name: string }): Float32Array {
  is.checkArguments('toFloats', arguments, { tensor: savedTensor, where });
  const { dtype, shape, bytes } = tensor;
  const size = dtypeBytes[dtype] * sizeOf(shape);
  if (/^B?F(16|32|64)$/.test(dtype) && bytes.length !== size)
    throw new RangeError(`[toFloats] expected bytes of ${size} but got ${bytes.length}`);
  // Not `slice`: that of a Buffer is no copy.
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
    case 'F64':
      return narrow(new Float64Array(buffer), place);
    default:
      throw new DataError(place.file, `${place.name} to be of F32, F16 or BF16`, `${dtype} [${shape.join(', ')}]`);
  }
}

/** The elements as int32. @throws DataError where they are of another type */
export function toIntegers(tensor: SavedTensor, place: { file: string; name: string }): Int32Array {
  is.checkArguments('toIntegers', arguments, { tensor: savedTensor, where });
  const { dtype, bytes } = tensor;
  const { file, name } = place;
  if (dtype !== 'I32') throw new DataError(file, `${name} to be of I32`, dtype);
  return new Int32Array(new Uint8Array(bytes).buffer);
}

/** IEEE 754 binary16: every step is exact. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  const lowest = 2 ** -24;
  return sign * lowest * (exponent === 0 ? fraction : (1024 + fraction) * (1 << (exponent - 1)));
}

function narrow(doubles: Float64Array, { file, name }: { file: string; name: string }): Float32Array {
  const floats = Float32Array.from(doubles);
  const at = floats.findIndex((float, index) => !Object.is(float, doubles[index]));
  if (at < 0) return floats;
  throw new DataError(file, `${name} in float32 (model.float() before it is saved)`, `F64 with ${doubles[at]} in it`);
}
