// Which run in Redis is that of a folder. The file is there as long as something of it may be left in Redis.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../store/files.ts';
import { newRunId } from './names.ts';

export interface Identity {
  readonly run: string;
  /** Whether an earlier process may have left jobs and results. */
  readonly isResumed: boolean;
  /** Nothing is left in Redis. */
  forget(): void;
}

/** @param folder of the run; without one nobody will go on with it */
export function identify(folder: string | undefined): Identity {
  if (folder === undefined) return { run: newRunId(), isResumed: false, forget() {} };
  const file = join(folder, 'queue.json');
  const forget = () => rmSync(file, { force: true });
  const earlier = readId(file);
  if (earlier !== undefined) return { run: earlier, isResumed: true, forget };
  const run = newRunId();
  writeFileAtomic(file, `${JSON.stringify({ format: 'descent-queue/1', run })}\n`);
  return { run, isResumed: false, forget };
}

/** A file that is none of ours counts as missing. */
function readId(file: string): string | undefined {
  try {
    const { run } = JSON.parse(readFileSync(file, 'utf8')) as { run?: unknown };
    return typeof run === 'string' && /^[0-9a-f]{16}$/.test(run) ? run : undefined;
  } catch {
    return undefined;
  }
}
