// One writer per folder: a lock file that names its owner and is broken when the owner is dead. `proper-lockfile` has
// only the age of a lock: a killed run could be resumed only after 10 seconds, and a suspended run would lose its lock.
import { linkSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../exit.ts';
import { notWritable, removeFile } from './files.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, if the system reports it: process ids are reused. */
  readonly began?: string;
}

/**
 * Locks a folder.
 * @returns a function that unlocks it
 * @throws Exit if a running process has locked it
 */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, 'lock');
  const own: Owner = { pid: process.pid, host: hostname(), began: readStartTime(process.pid) };
  const refuse = (owner: string) =>
    usageError(
      `another run is writing to ${folder} (${owner})`,
      `wait for it, or choose another folder with --out; if it no longer runs, delete ${lock}`,
    );
  if (!tryLock(lock, own)) {
    const owner = readOwner(lock);
    if (owner && isAlive(owner)) throw refuse(`process ${owner.pid} on ${owner.host}`);
    breakLock(lock, owner);
    if (!tryLock(lock, own)) throw refuse('it has just started');
  }
  const unlock = () => {
    process.off('exit', unlock);
    // If the folder was removed, the lock may belong to another process.
    if (readOwner(lock)?.pid === process.pid) removeFile(lock);
  };
  process.once('exit', unlock);
  return unlock;
}

/** Creates the lock by a hard link, so that it never exists without its content. */
function tryLock(lock: string, owner: Owner): boolean {
  const draft = `${lock}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, JSON.stringify(owner));
    linkOrWrite(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw notWritable(lock, error);
  } finally {
    removeFile(draft);
  }
}

/** Writes the file where the file system has no hard links, as on a USB stick. */
function linkOrWrite(draft: string, lock: string): void {
  try {
    linkSync(draft, lock);
  } catch (error) {
    if (!['ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    writeFileSync(lock, readFileSync(draft), { flag: 'wx' });
  }
}

function readOwner(lock: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Returns whether a process runs. Processes of other machines count as running. */
function isAlive({ pid, host, began }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return began === undefined || readStartTime(pid) === began;
}

/** Reads when a process started, in ticks since boot (Linux only); `dead` for a zombie process. */
function readStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields 3 and 22. The second is a name in parentheses that can contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'dead' : fields[19];
  } catch {
    return undefined;
  }
}

/** Moves the lock of a dead owner away; restores it if another process has just replaced it. */
function breakLock(lock: string, dead: Owner | undefined): void {
  const moved = `${lock}.dead.${process.pid}.tmp`;
  try {
    renameSync(lock, moved);
    const owner = readOwner(moved);
    if (owner && owner.pid !== dead?.pid) linkSync(moved, lock);
  } catch {
    // Another process has moved it: the first to create its own lock succeeds.
  }
  removeFile(moved);
}
