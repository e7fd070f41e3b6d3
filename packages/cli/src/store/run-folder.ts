// The folder of a run: never shared by two, never written over. One journal, or one a seed in folders of their own.
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JournalHeader } from '@descent/experiments';
import { folderTaken, notWritable } from '../errors.ts';
import { makeFolders, reasonOf, removeIfEmpty } from './files.ts';
import { hasJournal, hasRecord, Journal } from './journal.ts';
import { lockFolder } from './lock.ts';

export class RunFolder {
  private constructor(
    readonly path: string,
    /** One a seed. */
    readonly notes: readonly Journal[],
    private readonly unlock: () => void,
    /** The folders made for it, the innermost first. */
    private readonly made: readonly string[],
  ) {}

  /** A folder for a new run: `out`, or `runs/<name>` with a number behind it where that is taken. */
  static create(headers: readonly JournalHeader[], name: string, out?: string): RunFolder {
    const { path, made } = out === undefined ? freshFolder(join('runs', name)) : { path: out, made: makeFolders(out) };
    if (!statSync(path).isDirectory()) throw notWritable(path, 'it is a file');
    return RunFolder.locked(path, made, () => {
      const isTaken = seedFolders(path).length > 0;
      if (isTaken || hasJournal(path) || hasRecord(path)) throw folderTaken(path, isTaken || hasJournal(path));
      if (headers.length === 1) return headers.map((header) => Journal.begin(path, header));
      return headers.map((header) => Journal.begin(join(path, `seed-${header.seed}`), header));
    });
  }

  /** Goes on with the run of a folder. */
  static resume(path: string): RunFolder {
    const seeds = seedFolders(path);
    if (seeds.length === 0 && !hasJournal(path)) Journal.resume(path);
    return RunFolder.locked(path, [], () =>
      (seeds.length === 0 ? [path] : seeds).map((folder) => Journal.resume(folder)),
    );
  }

  private static locked(path: string, made: readonly string[], open: () => Journal[]): RunFolder {
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

  get isEmpty(): boolean {
    return this.notes.every(({ isEmpty }) => isEmpty);
  }

  close(hasFailed: boolean): void {
    for (const journal of this.notes) journal.close();
    this.unlock();
    if (!hasFailed || !this.isEmpty) return;
    for (const journal of this.notes) journal.remove();
    this.made.forEach(removeIfEmpty);
  }
}

/** The folders `seed-3`, `seed-4`, … of a run over several seeds, in that order. */
export function seedFolders(path: string, has = hasJournal): string[] {
  const seedOf = (name: string) => Number(name.slice('seed-'.length));
  return namesIn(path)
    .filter((name) => /^seed-\d+$/.test(name) && has(join(path, name)))
    .sort((a, b) => seedOf(a) - seedOf(b))
    .map((name) => join(path, name));
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Makes the first of `runs/name`, `runs/name-2`, … that is not there yet. */
function freshFolder(stem: string): { path: string; made: string[] } {
  const above = makeFolders(dirname(stem));
  for (let number = 1; ; number++) {
    const path = number === 1 ? stem : `${stem}-${number}`;
    try {
      mkdirSync(path);
      return { path, made: [path, ...above] };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(path, reasonOf(error));
    }
  }
}
