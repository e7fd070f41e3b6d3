// IDX, the format of MNIST's files: 0, 0, type, number of dimensions, each dimension as a big-endian uint32, elements.
import { DataError } from './data-error.ts';

const UNSIGNED_BYTE = 0x08;
const MAX_DIMENSIONS = 4;

/** A file's content and the name that errors call it by. */
export interface NamedBytes {
  /** What errors call it. */
  file: string;
  /** Its content, unpacked. */
  bytes: Uint8Array;
}

/** An array of bytes, row-major. */
export interface IdxArray {
  /** The dimensions that its header tells. */
  shape: number[];
  /** A view of the bytes that were parsed. */
  data: Uint8Array;
}

/**
 * Reads an IDX file of unsigned bytes (yann.lecun.com/exdb/mnist).
 * @throws DataError where the magic number is another, a dimension is 0, or the length is not what the header says
 */
export function parseIdx(bytes: Uint8Array, file: string): IdxArray {
  const dimensions = readMagic(bytes, file);
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) throw new DataError(file, `an IDX header of ${header} bytes`, `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, length) => product * length, 1);
  if (size === 0) throw new DataError(file, 'at least one element', `the shape ${shape.join(' × ')}`);
  if (bytes.length !== header + size) {
    const expected = `${header + size} bytes for the shape ${shape.join(' × ')}`;
    throw new DataError(
      file,
      expected,
      `${bytes.length} bytes${bytes.length < header + size ? ': it is cut short' : ''}`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}

function readMagic(bytes: Uint8Array, file: string): number {
  const expected = 'an IDX file of unsigned bytes (it begins 00 00 08)';
  if (bytes.length < 4) throw new DataError(file, expected, `${bytes.length} bytes`);
  const [zero, alsoZero, type, dimensions] = bytes as unknown as [number, number, number, number];
  if (zero === 0x1f && alsoZero === 0x8b) throw new DataError(file, expected, 'a gzip stream; unpack it first');
  if (zero !== 0 || alsoZero !== 0 || type !== UNSIGNED_BYTE) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'));
    throw new DataError(file, expected, `a file that begins ${start.join(' ')}`);
  }
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new DataError(file, `1 to ${MAX_DIMENSIONS} dimensions`, `${dimensions}`);
  }
  return dimensions;
}
