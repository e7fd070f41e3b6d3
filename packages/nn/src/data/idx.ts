// IDX, the format of MNIST: 0, 0, type, number of dimensions, each dimension as a big-endian uint32, elements.
import * as is from '../core/check.ts';
import { DataError } from './data-error.ts';

const UNSIGNED_BYTE = 0x08;
const INT32 = 0x0c;
const MAX_DIMENSIONS = 4;

/** Element types by the third byte of a file. */
const TYPES: Readonly<Record<number, string>> = {
  [UNSIGNED_BYTE]: 'unsigned bytes',
  9: 'signed bytes',
  11: 'int16',
  [INT32]: 'int32',
  13: 'float32',
  14: 'float64',
};

/** The content of a file, with a name for error messages. */
export interface NamedBytes {
  /** The name of the file. */
  file: string;
  /** The content, decompressed. */
  bytes: Uint8Array;
}

/** Checks a `NamedBytes`. */
export const namedBytes = is.optionsOf<NamedBytes>({ file: is.string, bytes: is.bytesLike }, ['file', 'bytes']);

/** An array of unsigned bytes, row-major. */
export interface IdxArray {
  /** The dimensions. */
  shape: number[];
  /** The elements: a view of the parsed bytes. */
  data: Uint8Array;
}

/** The header of a file. */
export interface IdxHeader {
  /** The element type: 0x08 for unsigned bytes, 0x0c for int32. */
  type: number;
  /** The dimensions. */
  shape: number[];
  /** The offset of the elements in bytes. */
  start: number;
}

/**
 * Reads an IDX file of unsigned bytes (yann.lecun.com/exdb/mnist).
 * @throws DataError if the magic number or the length is wrong, or a dimension is 0
 */
export function parseIdx(bytes: Uint8Array, file: string): IdxArray {
  is.checkArguments('parseIdx', arguments, { bytes: is.bytesLike, file: is.string });
  const { shape, start } = checkedHeader(bytes, file, [UNSIGNED_BYTE]);
  return { shape, data: bytes.subarray(start) };
}

/**
 * Reads labels (N): unsigned bytes, or the first column of int32 rows of 8, as in QMNIST.
 * @throws DataError as `parseIdx`, and if the shape is another one or a label is not in 0 … 255
 */
export function parseLabels(bytes: Uint8Array, file: string): Uint8Array {
  const { type, shape, start } = checkedHeader(bytes, file, [UNSIGNED_BYTE, INT32]);
  const [count = 0, columns = 1] = shape;
  const isQmnist = type === INT32 && shape.length === 2 && columns === 8;
  if (shape.length !== 1 && !isQmnist) throw shapeError(file, '1 dimension', shape);
  if (type === UNSIGNED_BYTE) return bytes.subarray(start);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  return Uint8Array.from({ length: count }, (_, row) => {
    const label = view.getInt32(4 * row * columns);
    if (label < 0 || label > 255) throw new DataError(file, 'labels from 0 to 255', `${label} at index ${row}`);
    return label;
  });
}

/** Returns the error for an array of wrong dimensions, such as labels in place of images. */
export function shapeError(file: string, expected: string, shape: readonly number[]): DataError {
  const kind = shape.length === 1 ? '; it holds labels' : shape.length === 3 ? '; it holds images' : '';
  return new DataError(file, expected, `the shape ${shape.join(' × ')}${kind}`);
}

/** Returns the header of a file of unsigned bytes. */
export function idxHeader(shape: readonly number[]): Uint8Array<ArrayBuffer> {
  is.checkArguments('idxHeader', arguments, { shape: is.shapeLike });
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x100 * UNSIGNED_BYTE + shape.length);
  for (const [axis, length] of shape.entries()) header.setUint32(4 + 4 * axis, length);
  return new Uint8Array(header.buffer);
}

/** Reads the header of an IDX file. @throws DataError if the file is not IDX or has another element type */
export function readIdxHeader(bytes: Uint8Array, file: string, types: readonly number[] = [UNSIGNED_BYTE]): IdxHeader {
  const typesLike = is.optional(is.listOf('an array of types', is.integer(0, 255)));
  is.checkArguments('readIdxHeader', arguments, { bytes: is.bytesLike, file: is.string, types: typesLike });
  const expected = 'an IDX file of unsigned bytes (it begins 00 00 08)';
  if (bytes.length < 4) throw new DataError(file, expected, `${bytes.length} bytes`);
  const [zero, alsoZero, type, dimensions] = bytes as unknown as [number, number, number, number];
  if (zero !== 0 || alsoZero !== 0 || !types.includes(type))
    throw new DataError(file, expected, describeContent(bytes));
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new DataError(file, `1 to ${MAX_DIMENSIONS} dimensions`, `${dimensions}`);
  }
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) throw new DataError(file, `an IDX header of ${start} bytes`, `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  return { type, shape: Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis)), start };
}

function checkedHeader(bytes: Uint8Array, file: string, types: readonly number[]): IdxHeader {
  const header = readIdxHeader(bytes, file, types);
  const { type, shape, start } = header;
  const size = shape.reduce((product, length) => product * length, type === INT32 ? 4 : 1);
  if (size === 0) throw new DataError(file, 'at least one element', `the shape ${shape.join(' × ')}`);
  if (bytes.length === start + size) return header;
  const way = bytes.length < start + size ? ': it is cut short' : ': some are surplus';
  const expected = `${start + size} bytes for the shape ${shape.join(' × ')}`;
  throw new DataError(file, expected, `${bytes.length} bytes${way}`);
}

/** Archive formats by their first bytes. */
const ARCHIVES: readonly (readonly [magic: string, name: string])[] = [
  ['1f 8b', 'a gzip stream'],
  ['50 4b 03 04', 'a zip archive'],
  ['fd 37 7a 58', 'an xz archive'],
  ['42 5a 68', 'a bzip2 archive'],
  ['28 b5 2f fd', 'a zstd archive'],
  ['37 7a bc af', 'a 7z archive'],
];

const hex = (byte: number) => byte.toString(16).padStart(2, '0');

/** Returns whether the first 60 bytes of a file are text. */
export function isText(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 60), { stream: true });
  return !/[\ufffd\p{Cc}]/u.test(start.replaceAll(/[\t\r\n]/g, ''));
}

/** Describes a file that is not IDX. */
export function describeContent(bytes: Uint8Array): string {
  const start = Array.from(bytes.subarray(0, 4), hex).join(' ');
  const archive = ARCHIVES.find(([magic]) => start.startsWith(magic));
  if (archive) return `${archive[1]}; unpack it first`;
  const text = new TextDecoder().decode(bytes.subarray(0, 60), { stream: true }).replaceAll(/\s+/g, ' ');
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer; git lfs pull fetches the file';
  const kind = isText(bytes)
    ? `text, not gzip: ${JSON.stringify(text)}`
    : start.startsWith('00 00') && TYPES[bytes[2] as number];
  return `a file that begins ${start}${kind ? ` (${kind})` : ''}`;
}
