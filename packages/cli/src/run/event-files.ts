// Event files of one arm. A resumed arm gets a new file, which tells TensorBoard to drop the steps that are trained
// again.
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestBytes } from '@descent/experiments';
import { ArmEvents, createEventFile, type eventSettings } from '@descent/experiments/formats';
import { makeFolders, notWritable, removeFile } from '../store/files.ts';

type Settings = ReturnType<typeof eventSettings>;

/**
 * TensorBoard reads files with `tfevents` in their names, in the order of the names: seconds since 1970, then the run.
 */
const NAME = /^events\.out\.tfevents\.(\d+)\.descent(?:\.(\w+))?$/;
/** Shortest time between two writes of a file, in milliseconds. */
const WRITE_INTERVAL_MS = 250;

/** Returns seconds since 1970. */
export const now = () => Date.now() / 1000;

/** Returns whether a folder has event files of an arm with these settings. */
export function hasEventFile(folder: string, settings: Settings): boolean {
  return eventFilesIn(folder).some(({ run }) => run === runId(settings));
}

export class EventFile {
  /** Whether an earlier process wrote the steps up to the checkpoint. */
  readonly isContinued: boolean;
  readonly events: ArmEvents;
  readonly #file: string;
  #pending: Uint8Array[] = [];
  #lastWrite = Number.NEGATIVE_INFINITY;

  /**
   * Creates the next file of an arm. Files of other runs in the folder are removed.
   * @param checkpointStep step from which the arm is resumed; undefined if it starts from the beginning
   * @throws Exit if the folder cannot be written
   */
  constructor(folder: string, settings: Settings, checkpointStep: number | undefined) {
    makeFolders(folder);
    const earlier = eventFilesIn(folder);
    this.isContinued = checkpointStep !== undefined && hasEventFile(folder, settings);
    this.events = new ArmEvents(this.isContinued ? checkpointStep : undefined);
    const number = Math.max(Math.floor(now()), ...earlier.map((each) => each.number + 1));
    this.#file = join(folder, `events.out.tfevents.${number}.descent.${runId(settings)}`);
    const purgeStep = this.isContinued ? (checkpointStep as number) + 1 : 0;
    this.#write(() => {
      writeFileSync(this.#file, createEventFile(settings, now(), earlier.length > 0 ? purgeStep : undefined));
    });
    if (!this.isContinued) for (const { name } of earlier) removeFile(join(folder, name));
  }

  /** Appends at once, or after `WRITE_INTERVAL_MS`. */
  append(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#pending.push(bytes);
    if (performance.now() - this.#lastWrite >= WRITE_INTERVAL_MS) this.flush();
  }

  /** Writes what is pending. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#lastWrite = performance.now();
    // Appending would create a file without a beginning.
    if (!existsSync(this.#file)) throw notWritable(this.#file, 'it has been removed');
    this.#write(() => appendFileSync(this.#file, bytes));
  }

  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw notWritable(this.#file, error);
    }
  }
}

function eventFilesIn(folder: string): { name: string; number: number; run: string | undefined }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const [, number, run] = NAME.exec(name) ?? [];
    return number === undefined ? [] : [{ name, number: Number(number), run }];
  });
}

/** Returns an identifier that two arms share if all their settings are equal. */
function runId(settings: Settings): string {
  return digestBytes(new TextEncoder().encode(JSON.stringify(settings))).slice(0, 8);
}
