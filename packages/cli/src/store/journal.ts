// The files of one record under way: a journal that is only appended to, a checkpoint an arm, in the end run.json.
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
import { sha256 } from '../builtin.ts';
import { badJournal, Exit, notWritable } from '../errors.ts';
import { log } from '../terminal/terminal.ts';
import {
  makeFolders,
  readText,
  reasonOf,
  removeFile,
  removeIfEmpty,
  removeTemporaryFiles,
  writeAll,
  writeFileAtomic,
} from './files.ts';
import { emptyState, isWhole, type StoredState } from './run-writer.ts';
import { fileNameOf } from './weights.ts';

/** Whether a folder holds a journal. */
export const hasJournal = (folder: string) => existsSync(join(folder, 'journal.jsonl'));
export const hasRecord = (folder: string) => existsSync(join(folder, 'run.json'));

/** Bytes of weights and of an optimizer that a line of text has room for; one of more takes seconds to write. */
const MOST_STATE_BYTES = 2 ** 27;

export class Journal {
  /** Whether nothing stands in it but how the run began. */
  isEmpty = false;
  /** Arms that have been said to have no checkpoints. */
  private readonly tooLarge = new Set<string>();
  /** Arms of this process and of those before it. */
  private readonly ended: ArmRecord[];

  private constructor(
    readonly folder: string,
    readonly header: JournalHeader,
    private descriptor: number | undefined,
    readonly before: StoredState,
  ) {
    this.ended = [...before.finished];
  }

  static begin(folder: string, header: JournalHeader): Journal {
    makeFolders(folder);
    // A journal that is cut in its first line says nothing: it is there whole or not at all.
    writeFileAtomic(join(folder, 'journal.jsonl'), startLine(header));
    const journal = new Journal(folder, header, openAppending(folder), emptyState);
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
      removeTemporaryFiles(folder);
      removeTemporaryFiles(join(folder, 'checkpoints'));
      const before = resumeFrom(text.slice(0, validBytes));
      const start = text.slice(0, text.indexOf('\n') + 1);
      // One by one: together they may be longer than a string can be.
      for (const line of checkpointLines(folder))
        for (const [arm, checkpoint] of resumeFrom(start + line).checkpoints) before.checkpoints.set(arm, checkpoint);
      for (const { name } of before.finished) before.checkpoints.delete(name);
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
    this.ended.push(record);
    removeFile(this.checkpointFile(record.name));
  }

  /** The state of an arm under way, in the place of its last one. */
  keepCheckpoint(checkpoint: Checkpoint): void {
    const { arm, state } = checkpoint;
    if (state.byteLength > MOST_STATE_BYTES) {
      if (this.tooLarge.size < this.tooLarge.add(arm).size)
        log.line(`${arm} is too large for checkpoints; after an interruption it begins anew`);
      return;
    }
    this.isEmpty = false;
    this.write(this.checkpointFile(checkpoint.arm), checkpointLine(checkpoint), false);
  }

  /** The weights of an arm that has ended, for other programs and for `descent export`. On disk when this returns. */
  keepFinal(spec: ArmSpec, final: FinalState): void {
    this.isEmpty = false;
    const { experiment, data, variant, environment } = this.header;
    const origin = { experiment, data, variant, descent: environment.descent ?? '' };
    const file = join(this.checkpointFolder, `${fileNameOf(spec.name)}.safetensors`);
    this.write(file, writeCheckpoint(spec, final, origin, sha256));
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
    this.write(this.recordFile, stringifyRecord(record));
    if (isWhole(record)) {
      this.append(endLine());
      for (const file of checkpointFiles(this.folder)) removeFile(file);
      removeIfEmpty(this.checkpointFolder);
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  /** Takes the file away, and its folder if that is empty then. */
  remove(): void {
    removeFile(join(this.folder, 'journal.jsonl'));
    removeIfEmpty(this.folder);
  }

  /** Makes the folder, and once more where somebody removes it meanwhile. */
  private write(file: string, content: string | Uint8Array, sync = true): void {
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

  private append(line: string): void {
    // The number of a file that has been closed may be another's by now.
    if (this.descriptor === undefined) throw new TypeError('[Journal] expected to be open but it has been closed');
    this.isEmpty = false;
    try {
      const text = fstatSync(this.descriptor).nlink === 0 ? this.beginAnew() + line : line;
      writeAll(this.descriptor, text);
      fsyncSync(this.descriptor);
    } catch (error) {
      throw error instanceof Exit ? error : notWritable(join(this.folder, 'journal.jsonl'), reasonOf(error));
    }
  }

  /** Somebody has removed the file from under us: what is known goes into another. */
  private beginAnew(): string {
    this.close();
    makeFolders(this.folder);
    writeFileAtomic(join(this.folder, 'journal.jsonl'), startLine(this.header));
    this.descriptor = openAppending(this.folder);
    return this.ended.map(armLine).join('');
  }
}

/** The record that an earlier process wrote, if it came to that. */
function recordIn(folder: string): RunRecord | undefined {
  if (!hasRecord(folder)) return undefined;
  try {
    return parseRecord(readText(join(folder, 'run.json'), 'a record'));
  } catch (error) {
    // The journal knows all that it said but the time.
    if (error instanceof RecordError) return undefined;
    throw error;
  }
}

function openAppending(folder: string): number {
  const file = join(folder, 'journal.jsonl');
  try {
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
function checkpointLines(folder: string): string[] {
  return checkpointFiles(folder)
    .map((file) => readText(file, 'a checkpoint'))
    .filter((line) => line.endsWith('}\n'));
}
