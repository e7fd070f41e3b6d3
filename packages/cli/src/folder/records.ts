// Records as files, and what they are records of.

import { existsSync, statSync } from 'node:fs';
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
import { differentRuns, noFile, notRecord } from '../errors.ts';
import { decodeText, readText } from '../files.ts';
import { seedFolders } from './run-folder.ts';

export interface OpenedRecord extends Opened {
  readonly file: string;
}

/** @throws Exit where the file is not a record, or one of an experiment that we do not have */
export function openRecord(file: string): OpenedRecord {
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
  const [first, ...others] = paths.flatMap(recordFiles).map(openRecord) as [OpenedRecord, ...OpenedRecord[]];
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

/** A file is itself; a folder is the record in it, or those in its folders of seeds. */
function recordFiles(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const own = join(path, 'run.json');
  const files = existsSync(own) ? [own] : seedFolders(path).map((folder) => join(folder, 'run.json'));
  if (files.length === 0) throw noFile(own, 'a record');
  return files;
}

/** What tells two runs apart beside their seeds. */
function differenceOf(a: RunRecord, b: RunRecord): string | undefined {
  if (a.experiment !== b.experiment) return `${a.experiment} and ${b.experiment}`;
  if (a.data.sha256 !== b.data.sha256) return 'their data';
  const names = [...new Set([...Object.keys(a.options), ...Object.keys(b.options)])];
  const option = names.find((name) => String(a.options[name]) !== String(b.options[name]));
  return option && toFlag(option);
}
