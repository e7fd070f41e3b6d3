// Series as NumPy's files. Format: numpy/lib/format.py, version 1.0.
import type { RunRecord } from '../record/record.ts';

/** A file's name without ending, what it is of, and its bytes. */
export interface NpyFile {
  /** Name of the arm. */
  readonly arm: string;
  /** Name of the series. */
  readonly measure: string;
  /** Which half of the series: its steps, int32, or its values, float32. */
  readonly part: 'step' | 'value';
  /** The file. */
  readonly bytes: Uint8Array;
}

/** Two files a series: its steps as int32, its values as float32. */
export function npyFiles({ arms }: RunRecord): NpyFile[] {
  return arms.flatMap(({ name: arm, series }) =>
    Object.entries(series).flatMap(([measure, { step, value }]): NpyFile[] => [
      { arm, measure, part: 'step', bytes: npy('<i4', Int32Array.from(step)) },
      { arm, measure, part: 'value', bytes: npy('<f4', Float32Array.from(value)) },
    ]),
  );
}

/** The header ends with a line end, and the data begin at a multiple of 64 bytes. */
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
