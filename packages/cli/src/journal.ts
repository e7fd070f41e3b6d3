// The files of one record under way: a journal that is only appended to, a checkpoint an arm, in the end run.json.
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  type ArmRecord,
  type ArmSpec,
  armLine,
  type Checkpoint,
  checkpointLine,
  endLine,
  type FinalState,
  findExperiment,
  type JournalHeader,
  optionsOf,
  parseRecord,
  RecordError,
  type RunRecord,
  resumeFrom,
  startLine,
  stringifyRecord,
  UnknownExperimentError,
} from '@descent/experiments';
import { writeCheckpoint } from '@descent/experiments/formats';
import { sha256 } from './builtin.ts';
import { badJournal, notWritable } from './errors.ts';

import { makeFolders, readText, reasonOf, removeIfEmpty, writeWhole } from './files.ts';
import { type Before, isWhole, nothing } from './session.ts';
import { fileNameOf } from './weights.ts';

/** Whether a folder holds a journal. */
export const hasJournal = (folder: string) => existsSync(join(folder, 'journal.jsonl'));
export const hasRecord = (folder: string) => existsSync(join(folder, 'run.json'));

export class Journal {
  /** Whether nothing stands in it but how the run began. */
  isEmpty = false;

  private constructor(
    readonly folder: string,
    readonly header: JournalHeader,
    private readonly descriptor: number,
    readonly before: Before,
  ) {}

  static begin(folder: string, header: JournalHeader): Journal {
    const journal = new Journal(folder, header, openAppending(folder), nothing);
    journal.append(startLine(header));
    journal.isEmpty = true;
    return journal;
  }

  /** Opens the journal of an earlier process behind its last whole line. */
  static resume(folder: string): Journal {
    const file = join(folder, 'journal.jsonl');
    const text = readText(file, 'the journal of a run');
    try {
      const { header: found, validBytes } = resumeFrom(text);
      const header = { ...found, options: optionsOf(findExperiment(found.experiment), found.options) };
      const before = resumeFrom(text.slice(0, validBytes) + checkpointsIn(folder));
      const descriptor = openAppending(folder);
      ftruncateSync(descriptor, validBytes);
      return new Journal(folder, header, descriptor, { ...before, record: recordIn(folder) });
    } catch (error) {
      const isOfFile = error instanceof RecordError || error instanceof UnknownExperimentError;
      throw isOfFile ? badJournal(file, error) : error;
    }
  }

  /** An arm has ended: nobody will have to run it again. On disk when this returns. */
  keepArm(record: ArmRecord): void {
    this.append(armLine(record));
    rmSync(this.checkpointFile(record.name), { force: true });
  }

  /** The state of an arm under way, in the place of its last one. */
  keepCheckpoint(checkpoint: Checkpoint): void {
    this.isEmpty = false;
    makeFolders(this.checkpointFolder);
    writeWhole(this.checkpointFile(checkpoint.arm), checkpointLine(checkpoint), { sync: false });
  }

  /** The weights of an arm that has ended, for other programs and for `descent export`. On disk when this returns. */
  keepFinal(spec: ArmSpec, final: FinalState): void {
    this.isEmpty = false;
    makeFolders(this.checkpointFolder);
    const { experiment, data, variant, environment } = this.header;
    const origin = { experiment, data, variant, descent: environment.descent ?? '' };
    const file = join(this.checkpointFolder, `${fileNameOf(spec.name)}.safetensors`);
    writeWhole(file, writeCheckpoint(spec, final, origin, sha256));
  }

  private checkpointFile(arm: string): string {
    return join(this.checkpointFolder, `${fileNameOf(arm)}.json`);
  }

  private get checkpointFolder(): string {
    return join(this.folder, 'checkpoints');
  }

  get recordFile(): string {
    return join(this.folder, 'run.json');
  }

  /** Writes the record. One that is whole ends the journal, and nobody will have to go on from a checkpoint any more. */
  finish(record: RunRecord): void {
    writeWhole(this.recordFile, stringifyRecord(record));
    if (isWhole(record)) {
      this.append(endLine());
      for (const file of checkpointFiles(this.folder)) rmSync(file, { force: true });
      removeIfEmpty(this.checkpointFolder);
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** Takes the file away, and its folder if that is empty then. */
  remove(): void {
    rmSync(join(this.folder, 'journal.jsonl'), { force: true });
    removeIfEmpty(this.folder);
  }

  private append(line: string): void {
    this.isEmpty = false;
    writeSync(this.descriptor, line);
    fsyncSync(this.descriptor);
  }
}

/** The record that an earlier process wrote, if it came to that. */
function recordIn(folder: string): RunRecord | undefined {
  return hasRecord(folder) ? parseRecord(readText(join(folder, 'run.json'), 'a record')) : undefined;
}

function openAppending(folder: string): number {
  const file = join(folder, 'journal.jsonl');
  try {
    makeFolders(folder);
    return openSync(file, 'a');
  } catch (error) {
    throw notWritable(file, reasonOf(error));
  }
}

/** Where arms under way stand; weights of those that have ended lie beside. */
function checkpointFiles(folder: string): string[] {
  const checkpoints = join(folder, 'checkpoints');
  if (!existsSync(checkpoints)) return [];
  const names = readdirSync(checkpoints).filter((name) => name.endsWith('.json'));
  return names.map((name) => join(checkpoints, name));
}

/** Journal lines of the checkpoints; they stand in files of their own so that the journal stays small. */
function checkpointsIn(folder: string): string {
  return checkpointFiles(folder)
    .map((file) => readFileSync(file, 'utf8'))
    .filter((line) => line.endsWith('}\n'))
    .join('');
}
