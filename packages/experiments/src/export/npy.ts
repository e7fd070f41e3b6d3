// Series as NumPy files (numpy/lib/format.py, version 1.0).
import type { RunRecord } from '../record/record.ts';

/** One half of a series as a file. */
export interface NpyFile {
  /** The name of the arm. */
  readonly arm: string;
  /** The name of the series. */
  readonly measure: string;
  /** Steps (int32) or values (float32). */
  readonly part: 'step' | 'value';
  /** The bytes of the file. */
  readonly bytes: Uint8Array;
}

/** Returns two files per series: steps as int32, values as float32. */
export function npyFiles({ arms }: RunRecord): NpyFile[] {
  return arms.flatMap(({ name: arm, series }) =>
    Object.entries(series).flatMap(([measure, { step, value }]): NpyFile[] => [
      { arm, measure, part: 'step', bytes: npy('<i4', Int32Array.from(step)) },
      { arm, measure, part: 'value', bytes: npy('<f4', Float32Array.from(value)) },
    ]),
  );
}

/** The header ends with a newline, and the data begin at a multiple of 64 bytes. */
function npy(descr: string, data: Int32Array | Float32Array): Uint8Array {
  const fields = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${data.length},), }`;
  const length = 64 * Math.ceil((10 + fields.length + 1) / 64) - 10;
  const header = `${fields.padEnd(length - 1)}\n`;
  const bytes = new Uint8Array(10 + length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + length);
  return bytes;
}
