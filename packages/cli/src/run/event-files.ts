// The event file of one arm in its folder: found, gone on with, grown.
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ArmEvents, type settingsOf } from '@descent/experiments/formats';
import { notWritable } from '../errors.ts';
import { makeFolders, reasonOf, removeFile, writeFileAtomic } from '../store/files.ts';

/** The name must hold `tfevents`; TensorBoard orders several of a folder by it. */
const NAME = /^events\.out\.tfevents\.(\d+)\.descent$/;
const fileOf = (folder: string, number: number) => join(folder, `events.out.tfevents.${number}.descent`);

export interface EventFile {
  readonly events: ArmEvents;
  /** Appends, at once or within some time: see `PACE`. */
  append(bytes: Uint8Array): void;
  /** Writes what waits. */
  flush(): void;
}

/** Milliseconds between two writes of a file at least: whoever watches sees no more, and a busy machine has less to do. */
const PACE = 250;

/**
 * Opens the file of an arm. What an earlier process wrote beyond `step` would come again: what is before it goes into a file with
 * the next number, as does a new run, for a viewer never takes back what it has read of a file.
 * @param step where the arm goes on, infinite where it has ended; missing where it begins
 * @throws Exit where nothing can be written there
 */
export function openEventFile(
  folder: string,
  settings: ReturnType<typeof settingsOf>,
  step: number | undefined,
): EventFile {
  makeFolders(folder);
  const numbers = readdirSync(folder)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
  const [last] = numbers;
  const old = last === undefined || step === undefined ? undefined : readFileSync(fileOf(folder, last));
  const past = old && step !== undefined ? ArmEvents.resume(old, settings, step) : undefined;
  if (old && last !== undefined && past?.keptBytes === old.length) return growing(past.events, fileOf(folder, last));
  const { events, head } = past
    ? { events: past.events, head: (old as Uint8Array).subarray(0, past.keptBytes) }
    : ArmEvents.begin(settings, now());
  const file = fileOf(folder, (last ?? -1) + 1);
  replace(join(folder, 'begun'), file, head);
  for (const number of numbers) removeFile(fileOf(folder, number));
  return growing(events, file);
}

/** Whole at once, and not by a temporary name that a viewer would read. */
function replace(temporary: string, file: string, content: Uint8Array): void {
  writeFileAtomic(temporary, content, { sync: false });
  try {
    renameSync(temporary, file);
  } catch (error) {
    throw notWritable(file, reasonOf(error));
  }
}

function growing(events: ArmEvents, file: string): EventFile {
  let waiting: Uint8Array[] = [];
  let written = Number.NEGATIVE_INFINITY;
  const flush = () => {
    if (waiting.length === 0) return;
    const bytes = Buffer.concat(waiting);
    waiting = [];
    written = performance.now();
    // Else it would begin anew, without its head.
    if (!existsSync(file)) throw notWritable(file, 'it has been removed');
    try {
      appendFileSync(file, bytes);
    } catch (error) {
      throw notWritable(file, reasonOf(error));
    }
  };
  return {
    events,
    append(bytes) {
      if (bytes.length > 0) waiting.push(bytes);
      if (performance.now() - written >= PACE) flush();
    },
    flush,
  };
}

/** Seconds since 1970. */
export const now = () => Date.now() / 1000;
