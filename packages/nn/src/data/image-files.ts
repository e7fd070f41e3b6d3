// Recognition of data sets by file names: IDX files as of MNIST, EMNIST and QMNIST, or CSV files as on Kaggle.
import * as is from '../core/check.ts';
import { DataError } from './data-error.ts';
import type { NamedBytes } from './idx.ts';
import { imageFilesFromCsv } from './image-table.ts';
import { type ImageFiles, imageFiles } from './mnist.ts';

type Role = keyof ImageFiles;

/** The file names of a data set: four IDX files, or one or two CSV files. */
export type ImageFileNames = Partial<Record<keyof ImageFiles | 'trainTable' | 'testTable', string>>;

const IDX = /^(.*?)[-_.]?(train|t10k|test)[-_.](images|labels)[-_.]idx[123][-_.](?:ubyte|int)(?:\.gz)?$/i;
const TABLE = /^(.*?)[-_.]?(train|test)\.csv(?:\.gz)?$/i;

/** The part of a data set that a file contains. */
export interface ImageFileRole {
  /** The common prefix of the file names of the data set; '' for MNIST. */
  readonly set: string;
  /** The part. */
  readonly role: keyof ImageFileNames;
}

/** Returns data set and part of a file by its name, or undefined for an unknown name. */
export function imageFileRole(name: string): ImageFileRole | undefined {
  is.checkArguments('imageFileRole', arguments, { name: is.string });
  const [, set = '', part = '', kind = 'table'] = IDX.exec(name) ?? TABLE.exec(name) ?? [];
  if (part === '') return undefined;
  const [first = '', ...rest] = kind.toLowerCase();
  const role = `${part.toLowerCase() === 'train' ? 'train' : 'test'}${first.toUpperCase()}${rest.join('')}`;
  return { set, role: role as keyof ImageFileNames };
}

/**
 * Finds the files of a data set in a list of names. Uncompressed files have precedence over gzipped ones.
 * @param where the name of the folder, for error messages
 * @param wanted the prefix of the names, such as `emnist-letters`. Default: no prefix, or the prefix of the only data set
 * @throws DataError if there are several data sets, or a file is missing
 */
export function findImageFiles(where: string, names: readonly string[], wanted?: string): ImageFileNames {
  const namesLike = is.listOf('an array of names', is.string);
  is.checkArguments('findImageFiles', arguments, {
    where: is.string,
    names: namesLike,
    wanted: is.optional(is.string),
  });
  const sets = new Map<string, ImageFileNames>();
  const isGzipped = (name: string) => Number(name.endsWith('.gz'));
  for (const name of names.toSorted((a, b) => isGzipped(a) - isGzipped(b) || (a < b ? -1 : 1))) {
    const found = imageFileRole(name);
    if (!found) continue;
    const files = sets.get(found.set) ?? {};
    files[found.role] ??= name;
    sets.set(found.set, files);
  }
  const complete = [...sets.keys()].filter((set) => findMissing(sets.get(set)) === undefined);
  if (wanted === undefined && complete.length > 1 && !complete.includes('')) {
    throw new DataError(where, 'the files of one data set', `those of ${complete.join(', ')}`);
  }
  const set = wanted ?? (complete.includes('') ? '' : (complete[0] ?? [...sets.keys()][0] ?? ''));
  const missing = findMissing(sets.get(set));
  if (!missing) return sets.get(set) as ImageFileNames;
  const name = set === '' ? missing : `${set}-${missing.replace('t10k', 'test')}`;
  throw new DataError(where, `the file ${name} (all four files together, or a train.csv)`, 'none of that name');
}

/** Returns the usual name of the first missing IDX file, or undefined if the set is complete or has a CSV file. */
function findMissing(files: ImageFileNames = {}): string | undefined {
  const role = (Object.keys(imageFiles) as Role[]).find((each) => files[each] === undefined);
  return files.trainTable !== undefined || role === undefined ? undefined : imageFiles[role];
}

/** Reads the files of a data set. @param read returns the decompressed content of a file */
export function collectImageFiles(names: ImageFileNames, read: (name: string) => NamedBytes): ImageFiles {
  is.checkArguments('collectImageFiles', arguments, { names: is.strings, read: is.callable() });
  const roles = Object.keys(imageFiles) as Role[];
  if (names.trainTable === undefined || roles.every((role) => names[role] !== undefined)) {
    return Object.fromEntries(roles.map((role) => [role, read(names[role] as string)])) as unknown as ImageFiles;
  }
  return imageFilesFromCsv(read(names.trainTable), names.testTable === undefined ? undefined : read(names.testTable));
}
