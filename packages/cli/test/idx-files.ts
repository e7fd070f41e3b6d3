// Small data sets in MNIST's arrangement, and ways to spoil them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function header(type: number, shape: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * shape.length);
  bytes.set([0, 0, type, shape.length]);
  for (const [axis, length] of shape.entries()) bytes.writeUInt32BE(length, 4 + 4 * axis);
  return bytes;
}

/** Images of 4 × 4 whose brightness tells their class. */
export function images(count: number): Buffer {
  const pixels = Buffer.from(
    Array.from({ length: 16 * count }, (_, at) => (25 * (Math.floor(at / 16) % 10) + (at % 16)) % 256),
  );
  return Buffer.concat([header(8, [count, 4, 4]), pixels]);
}

export function labels(count: number): Buffer {
  return Buffer.concat([header(8, [count]), Buffer.from(Array.from({ length: count }, (_, at) => at % 10))]);
}

export type Files = Record<string, Buffer>;

export const goodFiles = ({ train, test } = { train: 200, test: 50 }): Files => ({
  'train-images-idx3-ubyte': images(train),
  'train-labels-idx1-ubyte': labels(train),
  't10k-images-idx3-ubyte': images(test),
  't10k-labels-idx1-ubyte': labels(test),
});

/** Writes the files and gives the folder. */
export function writeFiles(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
