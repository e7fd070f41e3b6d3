// Records as files, and what they are records of.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Experiment,
  type OpenedRecord as Opened,
  openRecord as open,
  RecordError,
  type RunRecord,
  toFlag,
  UnknownExperimentError,
} from '@descent/experiments';
import { differentRuns, Exit, exitCodes, notRecord } from '../errors.ts';
import { self, shellQuoted } from '../terminal/terminal.ts';
import { decodeText, readText } from './files.ts';
import { hasJournal, hasRecord } from './journal.ts';
import { seedFolders } from './run-folder.ts';

export interface OpenedRecord extends Opened {
  readonly file: string;
}

/**
 * Opens the one record that a path names.
 * @param path a record, or the folder of a run with one seed
 * @throws Exit if it is not a record, names an unknown experiment, or the folder has no record or several
 */
export function openRecord(path: string): OpenedRecord {
  return openFile(recordFile(path));
}

function openFile(file: string): OpenedRecord {
  const text = readText(file, 'a record', decodeText);
  try {
    return { file, ...open(text) };
  } catch (error) {
    if (error instanceof RecordError || error instanceof UnknownExperimentError) throw notRecord(file, error);
    throw error;
  }
}

export interface OpenedRuns {
  readonly experiment: Experiment;
  readonly records: readonly [RunRecord, ...RunRecord[]];
}

/**
 * Runs of one experiment that differ in nothing but their seeds, in the order of these.
 * @param paths records, or folders of runs at one seed or several
 * @throws Exit where they differ in more, or a seed comes twice
 */
export function openRuns(paths: readonly string[]): OpenedRuns {
  const [first, ...others] = paths.flatMap(recordFiles).map(openFile) as [OpenedRecord, ...OpenedRecord[]];
  const seeds = new Set([first.record.seed]);
  for (const { file, record } of others) {
    const difference =
      differenceOf(first.record, record) ?? (seeds.has(record.seed) ? `seed ${record.seed} twice` : undefined);
    if (difference) throw differentRuns(first.file, file, difference);
    seeds.add(record.seed);
  }
  const records = [first, ...others].map(({ record }) => record).sort((a, b) => a.seed - b.seed);
  return { experiment: first.experiment, records: records as [RunRecord, ...RunRecord[]] };
}

/**
 * Lists the records that a path names: the file itself, the run.json of a folder, or one per seed of a run with several.
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
    throw new Exit(exitCodes.data, message, `${self} run --resume ${shellQuoted(path)} continues it`);
  }
  const within = subfolders(path).filter((name) => hasRecord(join(path, name)));
  const hint =
    within.length > 0
      ? `name one of the runs in it: ${within.slice(0, 4).join(', ')}`
      : 'a run writes run.json to its folder';
  throw new Exit(exitCodes.data, `${path}: expected the folder of a run, but it has no run.json`, hint);
}

/** @throws Exit if a folder has no record, or one per seed */
export function recordFile(path: string): string {
  const files = recordFiles(path);
  if (files.length === 1) return files[0] as string;
  const shown = files.slice(0, 4).join(', ');
  throw new Exit(exitCodes.usage, `${path} has ${files.length} records, one per seed`, `name one of them: ${shown}`);
}

export const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const subfolders = (path: string) =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** What tells two runs apart beside their seeds. */
function differenceOf(a: RunRecord, b: RunRecord): string | undefined {
  if (a.experiment !== b.experiment) return `${a.experiment} and ${b.experiment}`;
  if (a.data.sha256 !== b.data.sha256) return 'their data';
  const names = [...new Set([...Object.keys(a.options), ...Object.keys(b.options)])];
  const option = names.find((name) => String(a.options[name]) !== String(b.options[name]));
  return option && toFlag(option);
}
