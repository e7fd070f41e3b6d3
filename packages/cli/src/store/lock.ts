// One writer a folder: a lock file that names its owner, and gives way when the owner is dead.
import { linkSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { folderBusy, notWritable } from '../errors.ts';
import { reasonOf, removeFile } from './files.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, where the system tells: numbers of processes are given again. */
  readonly began?: string;
}

/** Takes the lock of a folder or throws; the returned function gives it back. */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, 'lock');
  const mine: Owner = { pid: process.pid, host: hostname(), began: beginOf(process.pid) };
  if (!tryLock(lock, mine)) {
    const owner = ownerOf(lock);
    if (owner && isAlive(owner)) throw folderBusy(folder, `process ${owner.pid} on ${owner.host}`, lock);
    breakLock(lock, owner);
    if (!tryLock(lock, mine)) throw folderBusy(folder, 'it has just begun', lock);
  }
  const unlock = () => {
    process.off('exit', unlock);
    // Not another's, should ours have gone with its folder.
    if (ownerOf(lock)?.pid === process.pid) removeFile(lock);
  };
  process.once('exit', unlock);
  return unlock;
}

/** A link appears with its content or not at all, so nobody ever reads a half-written owner. */
function tryLock(lock: string, owner: Owner): boolean {
  const draft = `${lock}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, JSON.stringify(owner));
    linkOrWrite(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw notWritable(lock, reasonOf(error));
  } finally {
    removeFile(draft);
  }
}

/** Where a file cannot have two names, as on a USB stick, it is written under the second one, if there is none yet. */
function linkOrWrite(draft: string, lock: string): void {
  try {
    linkSync(draft, lock);
  } catch (error) {
    if (!['ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    writeFileSync(lock, readFileSync(draft), { flag: 'wx' });
  }
}

function ownerOf(lock: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Another machine's processes cannot be asked, so they count as alive. */
function isAlive({ pid, host, began }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return began === undefined || beginOf(pid) === began;
}

/** Linux only: when a process began, in ticks since boot; `dead` of one that nobody has waited for yet. */
function beginOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields 3 and 22; the second is a name in brackets that may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'dead' : fields[19];
  } catch {
    return undefined;
  }
}

/** Puts a dead owner's lock aside; a lock that somebody else has just renewed is put back. */
function breakLock(lock: string, dead: Owner | undefined): void {
  const aside = `${lock}.dead.${process.pid}.tmp`;
  try {
    renameSync(lock, aside);
    const owner = ownerOf(aside);
    if (owner && owner.pid !== dead?.pid) linkSync(aside, lock);
  } catch {
    // Somebody else has put it aside: whoever links first has it.
  }
  removeFile(aside);
}
