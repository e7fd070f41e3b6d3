// The files of a data set among others, by the names of MNIST, EMNIST and QMNIST, or as tables, as on Kaggle.
import * as is from '../core/check.ts';
import { DataError } from './data-error.ts';
import type { NamedBytes } from './idx.ts';
import { imageFilesFromCsv } from './image-table.ts';
import { type ImageFiles, imageFiles } from './mnist.ts';

type Role = keyof ImageFiles;

/** Names of the files of one data set: the four of IDX, or a table or two. */
export type ImageFileNames = Partial<Record<keyof ImageFiles | 'trainTable' | 'testTable', string>>;

const IDX = /^(.*?)[-_.]?(train|t10k|test)[-_.](images|labels)[-_.]idx[123][-_.](?:ubyte|int)(?:\.gz)?$/i;
const TABLE = /^(.*?)[-_.]?(train|test)\.csv(?:\.gz)?$/i;

/** What a file of a data set holds. */
export interface ImageFileRole {
  /** What the names of the files of one data set have in common; '' for MNIST. */
  readonly set: string;
  /** Which of the files it is. */
  readonly role: keyof ImageFileNames;
}

/** The data set that a file belongs to by its name, and what it is of it; undefined for any other file. */
export function imageFileRole(name: string): ImageFileRole | undefined {
  is.checkArguments('imageFileRole', arguments, { name: is.string });
  const [, set = '', part = '', kind = 'table'] = IDX.exec(name) ?? TABLE.exec(name) ?? [];
  if (part === '') return undefined;
  const [first = '', ...rest] = kind.toLowerCase();
  const role = `${part.toLowerCase() === 'train' ? 'train' : 'test'}${first.toUpperCase()}${rest.join('')}`;
  return { set, role: role as keyof ImageFileNames };
}

/**
 * Finds the files of a data set among others. Plain files come before gzipped ones.
 * @param where what errors call the place
 * @param wanted the beginning of the names, such as `emnist-letters`; default: none, as MNIST's, or that of the only set there is
 * @throws DataError that names the sets where there are several, or the first file that is missing
 */
export function findImageFiles(where: string, names: readonly string[], wanted?: string): ImageFileNames {
  const namesLike = is.listOf('an array of names', is.string);
  is.checkArguments('findImageFiles', arguments, {
    where: is.string,
    names: namesLike,
    wanted: is.optional(is.string),
  });
  const sets = new Map<string, ImageFileNames>();
  const isPacked = (name: string) => Number(name.endsWith('.gz'));
  for (const name of names.toSorted((a, b) => isPacked(a) - isPacked(b) || (a < b ? -1 : 1))) {
    const found = imageFileRole(name);
    if (!found) continue;
    const files = sets.get(found.set) ?? {};
    files[found.role] ??= name;
    sets.set(found.set, files);
  }
  const whole = [...sets.keys()].filter((set) => missingOf(sets.get(set)) === undefined);
  if (wanted === undefined && whole.length > 1 && !whole.includes('')) {
    throw new DataError(where, 'the files of one data set', `those of ${whole.join(', ')}`);
  }
  const set = wanted ?? (whole.includes('') ? '' : (whole[0] ?? [...sets.keys()][0] ?? ''));
  const missing = missingOf(sets.get(set));
  if (!missing) return sets.get(set) as ImageFileNames;
  const name = set === '' ? missing : `${set}-${missing.replace('t10k', 'test')}`;
  throw new DataError(where, `the file ${name} (all four files together, or a train.csv)`, 'none of that name');
}

/** The first that is not there of the four IDX files, unless there is a table in their place. */
function missingOf(files: ImageFileNames = {}): string | undefined {
  const role = (Object.keys(imageFiles) as Role[]).find((each) => files[each] === undefined);
  return files.trainTable !== undefined || role === undefined ? undefined : imageFiles[role];
}

/** Reads the files that were found. @param read gives a file's content, unpacked */
export function collectImageFiles(names: ImageFileNames, read: (name: string) => NamedBytes): ImageFiles {
  is.checkArguments('collectImageFiles', arguments, { names: is.strings, read: is.callable() });
  const roles = Object.keys(imageFiles) as Role[];
  if (names.trainTable === undefined || roles.every((role) => names[role] !== undefined)) {
    return Object.fromEntries(roles.map((role) => [role, read(names[role] as string)])) as unknown as ImageFiles;
  }
  return imageFilesFromCsv(read(names.trainTable), names.testTable === undefined ? undefined : read(names.testTable));
}
