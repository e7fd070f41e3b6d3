// Files that are whole or not there: read with an error that names them, written at one stroke.
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { badFile, Exit, exitCodes, noFile, notWritable } from '../errors.ts';
import { log } from '../terminal/terminal.ts';

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than a file may be here',
  EIO: 'the disk does not answer as it should',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links form a loop',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file',
  ENXIO: 'the device does not exist',
  EPERM: 'the system does not permit it',
  EROFS: 'the disk is read-only',
};

/** What the system says of a failed call, in words. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}

/** Converts an error of a system call that no caller expected into an `Exit`; returns any other error as it is. */
export function systemExit(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !(String((error as NodeJS.ErrnoException).code) in reasons))
    return error;
  const { path = 'a file', syscall } = error as NodeJS.ErrnoException;
  return new Exit(exitCodes.usage, `cannot ${syscall} ${path}: ${reasonOf(error)}`);
}

/** Text as editors and shells of any system leave it: UTF-8, or UTF-16 as `>` of PowerShell writes it, marked as such or not. */
export function decodeText(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** The text of a file. `what` names what it should have been. */
export function readText(file: string, what: string, decode = (bytes: Buffer) => bytes.toString('utf8')): string {
  return decode(readWhole(file, what));
}

/** The bytes of a file that a user named. @throws Exit if they cannot be read; `what` names what they should have been */
export function readWhole(file: string, what: string, limit = MAX_TEXT_BYTES): Buffer {
  try {
    return readAtMost(file, limit);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw noFile(file, what);
    throw badFile(file, what, reasonOf(error));
  }
}

/** What fits into one string. */
const MAX_TEXT_BYTES = 2 ** 29 - 25;

/**
 * Reads a file or a pipe, such as `<(command)` makes one.
 * @throws Error if it is something else (`/dev/zero` never ends), or larger than `limit` bytes
 */
export function readAtMost(file: string, limit: number): Buffer {
  // Opening a named pipe to which nobody writes would block.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile() && !status.isFIFO() && !status.isDirectory()) throw new Error('it is a device');
    const tooLarge = () => new Error(`it is larger than ${Math.ceil(limit / 2 ** 20)} MiB`);
    if (status.size > limit) throw tooLarge();
    const chunks: Buffer[] = [];
    for (let total = 0; total <= limit; ) {
      const chunk = readChunk(descriptor, Math.min(MOST_AT_ONCE, Math.max(65_536, status.size - total)));
      if (chunk.length === 0) return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      chunks.push(chunk);
      total += chunk.length;
    }
    throw tooLarge();
  } finally {
    closeSync(descriptor);
  }
}

/** The next bytes; none at the end. Waits for whoever writes to a pipe. */
function readChunk(descriptor: number, size: number): Buffer {
  const chunk = Buffer.allocUnsafe(size);
  for (;;) {
    try {
      return chunk.subarray(0, readSync(descriptor, chunk));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      sleep(10);
    }
  }
}

/** Writes a file so that a reader sees the old one or the new one whole; with `sync` also after a power cut. */
export function writeFileAtomic(file: string, content: string | Uint8Array, { sync = true } = {}): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const descriptor = openSync(temporary, 'w');
    try {
      writeAll(descriptor, content);
      if (sync) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    retryOnWindows(() => renameSync(temporary, file));
    if (sync) syncFolder(dirname(file));
  } catch (error) {
    removeFile(temporary);
    throw notWritable(file, reasonOf(error));
  }
}

/** Writes what a command was asked for with `-o`, makes missing folders, and reports the file on stderr. */
export function writeOutput(file: string, content: string | Uint8Array, options?: { sync: boolean }): void {
  const unfollowed = existsSync(file) ? undefined : linkTarget(file);
  if (unfollowed) throw notWritable(file, unfollowed);
  if (file.endsWith('/')) throw notWritable(file, 'the name of the file is missing');
  makeFolders(dirname(file));
  try {
    const status = statSync(file, { throwIfNoEntry: false });
    // A device or a pipe is written to; anything else is replaced, but not the link that leads to it.
    if (status && !status.isFile()) writeFileSync(file, content);
    else writeFileAtomic(status ? realpathSync(file) : file, content, options);
  } catch (error) {
    throw error instanceof Exit ? error : notWritable(file, reasonOf(error));
  }
  log.line(file);
}

/** Bytes that a call of Node takes or gives. */
const MOST_AT_ONCE = 2 ** 30;

/** Every byte, however few a call takes. */
export function writeAll(descriptor: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; )
    at += writeSync(descriptor, bytes, at, Math.min(bytes.length - at, MOST_AT_ONCE));
}

/** Files of ours that a killed process left half-written; nobody else writes in a folder that is locked. */
export function removeTemporaryFiles(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (/\.\d+\.tmp$/.test(name)) removeFile(join(folder, name));
}

/** Removes a file, or leaves it: what cannot be removed does no harm. */
export function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}

/** What Windows says of a file that a virus scanner or an indexer looks at; it passes. */
const passing = new Set(['EACCES', 'EBUSY', 'EPERM']);
const WAITS = [5, 20, 80, 320];

/** Tries again for half a second where the system is one that refuses for a moment. */
function retryOnWindows(act: () => void, isPatient = process.platform === 'win32'): void {
  for (const wait of isPatient ? WAITS : []) {
    try {
      act();
      return;
    } catch (error) {
      if (!passing.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      sleep(wait);
    }
  }
  act();
}

/** Where a symbolic link leads that cannot be followed; undefined of anything else. */
function linkTarget(path: string): string | undefined {
  try {
    return `it is a symbolic link to ${readlinkSync(path)}, which does not exist`;
  } catch {
    return undefined;
  }
}

const sleep = (milliseconds: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** Makes a folder and those above it, and returns those it made, the innermost first. (`recursive` of Node 20 never returns where the system refuses with ENOENT.) */
export function makeFolders(folder: string): string[] {
  if (existsSync(folder)) return [];
  const above = dirname(folder);
  const made = above === folder ? [] : makeFolders(above);
  try {
    mkdirSync(folder);
    return [folder, ...made];
  } catch (error) {
    // Of two processes that make the same folder one is late.
    if (existsSync(folder)) return made;
    made.forEach(removeIfEmpty);
    throw notWritable(folder, linkTarget(folder) ?? reasonOf(error));
  }
}

/** A rename is safe once the folder is on disk; some systems do not let a folder be opened. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // Nothing is lost but the guarantee against a power cut.
  }
}

/** Removes a folder of ours, unless somebody keeps something in it. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {}
}
