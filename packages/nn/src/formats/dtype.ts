// Element types of saved tensors, and their exact conversion to float32 and int32.
import * as is from '../core/check.ts';
import { sizeOf } from '../core/tensor.ts';
import { DataError } from '../data/data-error.ts';

const oneByte = { BOOL: 1, U8: 1, I8: 1, F8_E5M2: 1, F8_E4M3: 1 };
const moreBytes = { I16: 2, U16: 2, F16: 2, BF16: 2, I32: 4, U32: 4, F32: 4, F64: 8, I64: 8, U64: 8 };

/** Bytes per element. */
export const dtypeBytes = { ...oneByte, ...moreBytes };

/** Element types of safetensors. Weights can be F32, F16, BF16, or F64 if every value is exact in float32. */
export type SavedDType = keyof typeof dtypeBytes;

/** An array in a file, row-major. */
export interface SavedTensor {
  /** The element type. */
  readonly dtype: SavedDType;
  /** The dimensions. */
  readonly shape: readonly number[];
  /** The elements, little-endian. */
  readonly bytes: Uint8Array;
}

/** Checks a `SavedTensor`. */
const savedTensor = is.optionsOf<SavedTensor>(
  { dtype: is.choice(...Object.keys(dtypeBytes)), shape: is.shapeLike, bytes: is.bytesLike },
  ['dtype', 'shape', 'bytes'],
);

/** Checks a map of saved tensors by name. */
export const tensorMap: is.Rule = (who, name, value) => {
  is.kind('a Map of arrays by name', (map) => map instanceof Map)(who, name, value);
  for (const [key, tensor] of value as Map<unknown, unknown>) {
    is.string(who, `a name in ${name}`, key);
    savedTensor(who, `${name}.get(${JSON.stringify(key)})`, tensor ?? null);
  }
};

/** A tensor of a file, for error messages. */
export interface TensorSource {
  /** The name of the file. */
  readonly file: string;
  /** The name of the tensor. */
  readonly name: string;
}

const where = is.optionsOf<TensorSource>({ file: is.string, name: is.string }, ['file', 'name']);

/** Returns a float32 array as a saved tensor that shares its memory. */
export function savedFloats(shape: readonly number[], data: Float32Array): SavedTensor {
  is.checkArguments('savedFloats', arguments, { shape: is.shapeLike, data: is.floatsLike });
  return { dtype: 'F32', shape, bytes: toBytes(data) };
}

/** Returns an int32 array as a saved tensor that shares its memory. */
export function savedIntegers(shape: readonly number[], data: Int32Array): SavedTensor {
  const int32 = is.kind('an Int32Array', (value) => value instanceof Int32Array);
  is.checkArguments('savedIntegers', arguments, { shape: is.shapeLike, data: int32 });
  return { dtype: 'I32', shape, bytes: toBytes(data) };
}

function toBytes({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Copies the elements to a float32 array. F32, F16 and BF16 convert exactly; F64 must be exact in float32.
 * @param source the file and the tensor, for error messages
 * @throws DataError if the type is another one, or an F64 value would be rounded
 */
export function toFloats(tensor: SavedTensor, source: TensorSource): Float32Array {
  is.checkArguments('toFloats', arguments, { tensor: savedTensor, where });
  const { dtype, shape, bytes } = tensor;
  const size = dtypeBytes[dtype] * sizeOf(shape);
  if (/^B?F(16|32|64)$/.test(dtype) && bytes.length !== size)
    throw new RangeError(`[toFloats] expected bytes of ${size} but got ${bytes.length}`);
  // Not `slice`, which does not copy a Node buffer.
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
    case 'F64':
      return doublesToFloats(new Float64Array(buffer), source);
    default:
      throw new DataError(source.file, `${source.name} to be of F32, F16 or BF16`, `${dtype} [${shape.join(', ')}]`);
  }
}

/** Copies the elements to an int32 array. @throws DataError if the type is not I32 */
export function toIntegers(tensor: SavedTensor, source: TensorSource): Int32Array {
  is.checkArguments('toIntegers', arguments, { tensor: savedTensor, where });
  const { dtype, bytes } = tensor;
  if (dtype !== 'I32') throw new DataError(source.file, `${source.name} to be of I32`, dtype);
  return new Int32Array(new Uint8Array(bytes).buffer);
}

/** Converts an IEEE 754 binary16 number. Every step is exact. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * 2 ** -24 * (exponent === 0 ? fraction : (1024 + fraction) * (1 << (exponent - 1)));
}

function doublesToFloats(doubles: Float64Array, { file, name }: TensorSource): Float32Array {
  const floats = Float32Array.from(doubles);
  const at = floats.findIndex((float, index) => !Object.is(float, doubles[index]));
  if (at < 0) return floats;
  throw new DataError(file, `${name} in float32 (model.float() before it is saved)`, `F64 with ${doubles[at]} in it`);
}
