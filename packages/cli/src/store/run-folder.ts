// The folder of a run, locked against other processes: one journal, or one per seed in subfolders. It is never
// overwritten.
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JournalHeader } from '@descent/experiments/records';
import { usageError } from '../exit.ts';
import { self, shellQuoted } from '../terminal/terminal.ts';
import { makeFolders, notWritable, removeIfEmpty } from './files.ts';
import { hasJournal, hasRecord, Journal } from './journal.ts';
import { lockFolder } from './lock.ts';

export class RunFolder {
  readonly #unlock: () => void;
  /** The folders that this process created, innermost first. */
  readonly #made: readonly string[];

  private constructor(
    readonly path: string,
    /** One per seed. */
    readonly journals: readonly Journal[],
    unlock: () => void,
    made: readonly string[],
  ) {
    this.#unlock = unlock;
    this.#made = made;
  }

  /** Creates the folder of a new run: `out`, or `runs/<name>` with a number if that exists. */
  static create(headers: readonly JournalHeader[], name: string, out?: string): RunFolder {
    const { path, made } = out === undefined ? makeNumbered(join('runs', name)) : { path: out, made: makeFolders(out) };
    if (!statSync(path).isDirectory()) throw notWritable(path, 'it is a file');
    return RunFolder.#lock(path, made, () => {
      checkUnused(path);
      if (headers.length === 1) return headers.map((header) => Journal.create(path, header));
      return headers.map((header) => Journal.create(join(path, `seed-${header.seed}`), header));
    });
  }

  static resume(path: string): RunFolder {
    const seeds = seedFolders(path);
    // Without a journal this throws, before a lock is created.
    if (seeds.length === 0 && !hasJournal(path)) Journal.resume(path);
    const folders = seeds.length === 0 ? [path] : seeds;
    return RunFolder.#lock(path, [], () => folders.map((folder) => Journal.resume(folder)));
  }

  static #lock(path: string, made: readonly string[], open: () => Journal[]): RunFolder {
    let unlock = () => {};
    try {
      unlock = lockFolder(path);
      return new RunFolder(path, open(), unlock, made);
    } catch (error) {
      unlock();
      made.forEach(removeIfEmpty);
      throw error;
    }
  }

  /** Whether nothing but the start of the runs has been saved. */
  get isEmpty(): boolean {
    return this.journals.every(({ isEmpty }) => isEmpty);
  }

  /** Closes the journals. A failed run that has saved nothing leaves no files. */
  close(hasFailed: boolean): void {
    for (const journal of this.journals) journal.close();
    this.#unlock();
    if (!hasFailed || !this.isEmpty) return;
    for (const journal of this.journals) journal.remove();
    this.#made.forEach(removeIfEmpty);
  }
}

/** @throws Exit if the folder contains a run */
function checkUnused(path: string): void {
  const isResumable = hasJournal(path) || seedFolders(path).length > 0;
  if (!isResumable && !hasRecord(path)) return;
  const hint = isResumable ? `${self} run --resume ${shellQuoted(path)} continues it; or choose another folder` : '';
  throw usageError(`--out ${path} already contains a run`, hint || 'choose another folder');
}

/** Lists the folders `seed-3`, `seed-4`, … of a run with several seeds, in that order. */
export function seedFolders(path: string, has = hasJournal): string[] {
  const toSeed = (name: string) => Number(name.slice('seed-'.length));
  return listNames(path)
    .filter((name) => /^seed-\d+$/.test(name) && has(join(path, name)))
    .sort((a, b) => toSeed(a) - toSeed(b))
    .map((name) => join(path, name));
}

function listNames(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Creates the first of `runs/name`, `runs/name-2`, … that does not exist. */
function makeNumbered(stem: string): { path: string; made: string[] } {
  const parents = makeFolders(dirname(stem));
  for (let number = 1; ; number++) {
    const path = number === 1 ? stem : `${stem}-${number}`;
    try {
      mkdirSync(path);
      return { path, made: [path, ...parents] };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(path, error);
    }
  }
}
