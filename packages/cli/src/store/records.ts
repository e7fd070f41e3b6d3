// Opens the records of files and folders.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Experiment, RecordError, type RunRecord, toFlag, UnknownExperimentError } from '@descent/experiments';
import { type OpenedRecord as Opened, openRecord as open } from '@descent/experiments/records';
import { dataError, listSome, usageError, withoutTag } from '../exit.ts';
import { self, shellQuoted } from '../terminal/terminal.ts';
import { badFile, decodeText, isFolder, MAX_TEXT_BYTES, readWhole } from './files.ts';
import { hasJournal, hasRecord } from './journal.ts';
import { seedFolders } from './run-folder.ts';

export interface OpenedRecord extends Opened {
  readonly file: string;
}

/**
 * Opens a record.
 * @param bytes its content, if it has been read already
 * @throws Exit if it is not a record or names an unknown experiment
 */
export function openRecord(file: string, bytes: Uint8Array = readWhole(file, 'a record')): OpenedRecord {
  if (bytes.length > MAX_TEXT_BYTES) throw badFile(file, 'a record', 'one of more than 512 MiB');
  try {
    return { file, ...open(decodeText(bytes)) };
  } catch (error) {
    if (!(error instanceof RecordError || error instanceof UnknownExperimentError)) throw error;
    throw dataError(`${file} is not a record that this version can read: ${withoutTag(error.message)}`);
  }
}

export interface OpenedRuns {
  readonly experiment: Experiment;
  readonly records: readonly [RunRecord, ...RunRecord[]];
}

/**
 * Opens runs of one experiment that differ only in their seeds, and sorts them by seed.
 * @param paths records, or folders of runs with one seed or several
 * @throws Exit if they differ in more, or have the same seed
 */
export function openRuns(paths: readonly string[]): OpenedRuns {
  const [first, ...others] = paths.flatMap(recordFiles).map((file) => openRecord(file)) as [
    OpenedRecord,
    ...OpenedRecord[],
  ];
  const seeds = new Set([first.record.seed]);
  for (const { file, record } of others) {
    const difference =
      findDifference(first.record, record) ?? (seeds.has(record.seed) ? `seed ${record.seed} twice` : undefined);
    if (difference) {
      const message = `${first.file} and ${file} differ in more than the seed: ${difference}`;
      throw usageError(message, `${self} compare shows such records side by side`);
    }
    seeds.add(record.seed);
  }
  const records = [first, ...others].map(({ record }) => record).sort((a, b) => a.seed - b.seed);
  return { experiment: first.experiment, records: records as [RunRecord, ...RunRecord[]] };
}

/**
 * Lists the records of a path: the file itself, the run.json of a folder, or one per seed of a run with several.
 * @throws Exit if a folder has no record
 */
export function recordFiles(path: string): string[] {
  if (!isFolder(path)) return [path];
  const own = join(path, 'run.json');
  const files = hasRecord(path)
    ? [own]
    : seedFolders(path, (folder) => hasJournal(folder) || hasRecord(folder)).map((folder) => join(folder, 'run.json'));
  const missing = files.find((file) => !existsSync(file));
  if (files.length > 0 && missing === undefined) return files;
  if (files.length > 0 || hasJournal(path)) {
    const message = `${missing ?? own}: this run has not finished, so it has no record yet`;
    throw dataError(message, `${self} run --resume ${shellQuoted(path)} continues it`);
  }
  const within = readdirSync(path).filter((name) => hasRecord(join(path, name)));
  const hint =
    within.length > 0 ? `name one of the runs in it: ${listSome(within)}` : 'a run writes run.json to its folder';
  throw dataError(`${path}: expected the folder of a run, but it has no run.json`, hint);
}

/** Returns the one record of a path. @throws Exit if a folder has none, or several */
export function recordFile(path: string): string {
  const files = recordFiles(path);
  if (files.length === 1) return files[0] as string;
  throw usageError(`${path} has ${files.length} records, one per seed`, `name one of them: ${listSome(files)}`);
}

/** Finds what differs between two runs besides their seeds. */
function findDifference(a: RunRecord, b: RunRecord): string | undefined {
  if (a.experiment !== b.experiment) return `${a.experiment} and ${b.experiment}`;
  if (a.data.sha256 !== b.data.sha256) return 'their data';
  const names = [...new Set([...Object.keys(a.options), ...Object.keys(b.options)])];
  const option = names.find((name) => String(a.options[name]) !== String(b.options[name]));
  return option && toFlag(option);
}
