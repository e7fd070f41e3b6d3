// One writer a folder: a lock file that names its owner, and gives way when the owner is dead.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { folderBusy, notWritable } from './errors.ts';
import { reasonOf } from './files.ts';

interface Owner {
  pid: number;
  host: string;
}

/** Takes the lock of a folder or throws; the returned function gives it back. */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, 'lock');
  const mine: Owner = { pid: process.pid, host: hostname() };
  if (!tryLock(lock, mine)) {
    const owner = ownerOf(lock);
    if (owner && isAlive(owner)) throw folderBusy(folder, `process ${owner.pid} on ${owner.host}`);
    breakLock(lock, owner);
    if (!tryLock(lock, mine)) throw folderBusy(folder, 'it has just begun');
  }
  return () => rmSync(lock, { force: true });
}

/** A link appears with its content or not at all, so nobody ever reads a half-written owner. */
function tryLock(lock: string, owner: Owner): boolean {
  const draft = `${lock}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(owner));
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw notWritable(lock, reasonOf(error));
  } finally {
    rmSync(draft, { force: true });
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
function isAlive({ pid, host }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Puts a dead owner's lock aside; a lock that somebody else has just renewed is put back. */
function breakLock(lock: string, dead: Owner | undefined): void {
  const aside = `${lock}.dead.${process.pid}`;
  try {
    renameSync(lock, aside);
    const owner = ownerOf(aside);
    if (owner && owner.pid !== dead?.pid) linkSync(aside, lock);
  } catch {
    // Somebody else has put it aside: whoever links first has it.
  }
  rmSync(aside, { force: true });
}
