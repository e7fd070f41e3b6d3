// The files of a run in progress: an append-only journal, one checkpoint per arm, and finally run.json.
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type ArmRecord,
  type ArmSpec,
  type Checkpoint,
  type FinalState,
  findExperiment,
  isComplete,
  RecordError,
  type RunRecord,
  UnknownExperimentError,
} from '@descent/experiments';
import { writeCheckpoint } from '@descent/experiments/formats';
import {
  armLine,
  checkpointLine,
  endLine,
  type JournalHeader,
  parseJournal,
  parseRecord,
  parseRecordOptions,
  type ResumePoint,
  startLine,
  stringifyRecord,
} from '@descent/experiments/records';
import { sha256 } from '../builtin.ts';
import { dataError, withoutTag } from '../exit.ts';
import { log } from '../terminal/terminal.ts';
import {
  makeFolders,
  notWritable,
  readText,
  removeFile,
  removeIfEmpty,
  removeTemporaryFiles,
  writeAll,
  writeFileAtomic,
} from './files.ts';
import { toFileName } from './weights.ts';

const journalFile = (folder: string) => join(folder, 'journal.jsonl');

export const hasJournal = (folder: string) => existsSync(journalFile(folder));
export const hasRecord = (folder: string) => existsSync(join(folder, 'run.json'));

/**
 * The most bytes of weights and optimizer state that a checkpoint, a line of text, can have; more would take seconds to
 * write.
 */
const MAX_STATE_BYTES = 2 ** 27;

/** What earlier processes saved of a run. */
interface StoredState extends Pick<ResumePoint, 'finished' | 'checkpoints'> {
  /** The record of a run that ended or was interrupted. */
  readonly record?: RunRecord | undefined;
}

export const emptyState: StoredState = { finished: [], checkpoints: new Map() };

export class Journal {
  /** Whether it contains only the start of the run. */
  isEmpty = false;
  /** Arms whose checkpoints are too large; the log mentions each once. */
  readonly #tooLarge = new Set<string>();
  /** Ended arms of this and earlier processes. */
  readonly #ended: ArmRecord[];
  #descriptor: number | undefined;

  private constructor(
    readonly folder: string,
    readonly header: JournalHeader,
    descriptor: number,
    readonly stored: StoredState,
  ) {
    this.#descriptor = descriptor;
    this.#ended = [...stored.finished];
  }

  static create(folder: string, header: JournalHeader): Journal {
    makeFolders(folder);
    // A journal without a complete first line would be of no use.
    writeFileAtomic(journalFile(folder), startLine(header));
    const journal = new Journal(folder, header, openAppending(folder), emptyState);
    journal.isEmpty = true;
    return journal;
  }

  /** Opens the journal of an earlier process and removes an incomplete last line. */
  static resume(folder: string): Journal {
    const file = journalFile(folder);
    const text = readText(file, 'the journal of a run');
    try {
      const { header: found, validBytes, finished, checkpoints } = parseJournal(text);
      const header = { ...found, options: parseRecordOptions(findExperiment(found.experiment), found.options) };
      removeTemporaryFiles(folder);
      removeTemporaryFiles(join(folder, 'checkpoints'));
      const start = text.slice(0, text.indexOf('\n') + 1);
      // One at a time: all of them may not fit into one string.
      for (const line of readCheckpointLines(folder))
        for (const [arm, checkpoint] of parseJournal(start + line).checkpoints) checkpoints.set(arm, checkpoint);
      for (const { name } of finished) checkpoints.delete(name);
      const descriptor = openAppending(folder);
      ftruncateSync(descriptor, validBytes);
      return new Journal(folder, header, descriptor, { finished, checkpoints, record: readRecord(folder) });
    } catch (error) {
      if (!(error instanceof RecordError || error instanceof UnknownExperimentError)) throw error;
      throw dataError(`${file} is not a journal that this version can resume: ${withoutTag(error.message)}`);
    }
  }

  get recordFile(): string {
    return join(this.folder, 'run.json');
  }

  get #checkpointFolder(): string {
    return join(this.folder, 'checkpoints');
  }

  #checkpointFile(arm: string): string {
    return join(this.#checkpointFolder, `${toFileName(arm)}.json`);
  }

  /** Saves an ended arm. It is on disk when this returns. */
  saveArm(record: ArmRecord): void {
    this.#append(armLine(record));
    this.#ended.push(record);
    removeFile(this.#checkpointFile(record.name));
  }

  /** Replaces the checkpoint of an arm. */
  saveCheckpoint(checkpoint: Checkpoint): void {
    const { arm, state } = checkpoint;
    if (state.byteLength > MAX_STATE_BYTES) {
      if (this.#tooLarge.size < this.#tooLarge.add(arm).size)
        log.line(`${arm} is too large for checkpoints; after an interruption it starts again`);
      return;
    }
    this.isEmpty = false;
    this.#write(this.#checkpointFile(arm), checkpointLine(checkpoint), false);
  }

  /** Saves the weights of a finished arm as safetensors. They are on disk when this returns. */
  saveWeights(spec: ArmSpec, final: FinalState): void {
    this.isEmpty = false;
    const { experiment, data, variant, environment } = this.header;
    const origin = { experiment, data, variant, descent: environment.descent ?? '' };
    const file = join(this.#checkpointFolder, `${toFileName(spec.name)}.safetensors`);
    this.#write(file, writeCheckpoint(spec, final, origin, sha256));
  }

  /** Saves the record. A complete one ends the journal and makes the checkpoints obsolete. */
  saveRecord(record: RunRecord): void {
    this.#write(this.recordFile, stringifyRecord(record));
    if (!isComplete(record)) return;
    this.#append(endLine());
    for (const file of findCheckpoints(this.folder)) removeFile(file);
    removeIfEmpty(this.#checkpointFolder);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Removes the journal, and its folder if that is then empty. */
  remove(): void {
    removeFile(journalFile(this.folder));
    removeIfEmpty(this.folder);
  }

  /** Writes a file; creates the folder again if it has been removed meanwhile. */
  #write(file: string, content: string | Uint8Array, sync = true): void {
    const folder = dirname(file);
    makeFolders(folder);
    try {
      writeFileAtomic(file, content, { sync });
    } catch (error) {
      if (existsSync(folder)) throw error;
      makeFolders(folder);
      writeFileAtomic(file, content, { sync });
    }
  }

  #append(line: string): void {
    // The number of a closed file may by now belong to another file.
    if (this.#descriptor === undefined) throw new TypeError('[Journal] expected to be open but it has been closed');
    this.isEmpty = false;
    try {
      const isRemoved = fstatSync(this.#descriptor).nlink === 0;
      writeAll(this.#descriptor, isRemoved ? this.#recreate() + line : line);
      fsyncSync(this.#descriptor);
    } catch (error) {
      throw notWritable(journalFile(this.folder), error);
    }
  }

  /** Replaces a journal that has been removed from disk. @returns the lines of the arms that have ended */
  #recreate(): string {
    this.close();
    makeFolders(this.folder);
    writeFileAtomic(journalFile(this.folder), startLine(this.header));
    this.#descriptor = openAppending(this.folder);
    return this.#ended.map(armLine).join('');
  }
}

/** Reads the record of an earlier process, if there is a valid one. */
function readRecord(folder: string): RunRecord | undefined {
  if (!hasRecord(folder)) return undefined;
  try {
    return parseRecord(readText(join(folder, 'run.json'), 'a record'));
  } catch (error) {
    // The journal has everything but the elapsed time.
    if (error instanceof RecordError) return undefined;
    throw error;
  }
}

function openAppending(folder: string): number {
  try {
    return openSync(journalFile(folder), 'a');
  } catch (error) {
    throw notWritable(journalFile(folder), error);
  }
}

/** Lists the checkpoints of unfinished arms. */
function findCheckpoints(folder: string): string[] {
  const checkpoints = join(folder, 'checkpoints');
  if (!existsSync(checkpoints)) return [];
  const names = readdirSync(checkpoints).filter((name) => name.endsWith('.json'));
  return names.map((name) => join(checkpoints, name));
}

/** Reads checkpoints as journal lines. They are in separate files to keep the journal small. */
function readCheckpointLines(folder: string): string[] {
  return findCheckpoints(folder)
    .map((file) => readText(file, 'a checkpoint'))
    .filter((line) => line.endsWith('}\n'));
}
