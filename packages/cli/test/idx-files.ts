// Small data sets in the file format of MNIST.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function header(type: number, shape: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * shape.length);
  bytes.set([0, 0, type, shape.length]);
  for (const [axis, length] of shape.entries()) bytes.writeUInt32BE(length, 4 + 4 * axis);
  return bytes;
}

/** Creates images whose brightness depends on their class. */
export function images(count: number, side = 4): Buffer {
  const size = side * side;
  const pixels = Buffer.from(
    Array.from({ length: size * count }, (_, at) => (25 * (Math.floor(at / size) % 10) + (at % size)) % 256),
  );
  return Buffer.concat([header(8, [count, side, side]), pixels]);
}

export function labels(count: number): Buffer {
  return Buffer.concat([header(8, [count]), Buffer.from(Array.from({ length: count }, (_, at) => at % 10))]);
}

export type Files = Record<string, Buffer>;

export const goodFiles = ({ train = 200, test = 50, side = 4 } = {}): Files => ({
  'train-images-idx3-ubyte': images(train, side),
  'train-labels-idx1-ubyte': labels(train),
  't10k-images-idx3-ubyte': images(test, side),
  't10k-labels-idx1-ubyte': labels(test),
});

/** Writes files to a folder and returns it. */
export function writeFiles(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
