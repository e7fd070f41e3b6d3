// Reads files with errors that name them, and writes files whole or not at all.
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
import { dataError, Exit, reasonOf, usageError } from '../exit.ts';
import { log } from '../terminal/terminal.ts';

/** The most bytes that Node reads or writes in one call. */
const MAX_CHUNK_BYTES = 2 ** 30;
/** The most bytes that fit into one string. */
export const MAX_TEXT_BYTES = 2 ** 29 - 25;

export const badFile = (file: string, expected: string, got: string, hint?: string) =>
  dataError(`${file}: expected ${expected} but got ${got}`, hint);

export const noFile = (file: string, expected: string, reason = 'there is no such file') =>
  dataError(`${file}: expected ${expected} but ${reason}`);

/** Creates the error for a path that cannot be written. @param cause the error of the system, or a reason in words */
export function notWritable(path: string, cause: unknown): Exit {
  if (cause instanceof Exit) return cause;
  return usageError(`cannot write ${path}: ${typeof cause === 'string' ? cause : reasonOf(cause)}`);
}

/** Decodes UTF-8, or the UTF-16 that PowerShell's `>` writes; a byte order mark is removed. */
export function decodeText(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** Reads a text file. `expected` describes its content for the error message. */
export const readText = (file: string, expected: string) => readWhole(file, expected).toString('utf8');

/**
 * Reads the bytes of a file.
 * @throws Exit if it cannot be read
 */
export function readWhole(file: string, expected: string, limit = MAX_TEXT_BYTES): Buffer {
  try {
    return readAtMost(file, limit);
  } catch (error) {
    throw noFile(file, expected, (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : reasonOf(error));
  }
}

/**
 * Reads a file or a pipe, such as bash's `<(command)`.
 * @throws Error if it is a device (`/dev/zero` never ends) or larger than `limit` bytes
 */
export function readAtMost(file: string, limit: number): Buffer {
  // Without O_NONBLOCK, opening a named pipe without a writer would block.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile() && !status.isFIFO() && !status.isDirectory()) throw new Error('it is a device');
    const tooLarge = () => new Error(`it is larger than ${Math.ceil(limit / 2 ** 20)} MiB`);
    if (status.size > limit) throw tooLarge();
    const chunks: Buffer[] = [];
    for (let total = 0; total <= limit; ) {
      const chunk = readChunk(descriptor, Math.min(MAX_CHUNK_BYTES, Math.max(65_536, status.size - total)));
      if (chunk.length === 0) return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      chunks.push(chunk);
      total += chunk.length;
    }
    throw tooLarge();
  } finally {
    closeSync(descriptor);
  }
}

/** Reads the next bytes, none at the end; waits for the writer of a pipe. */
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

/**
 * Replaces a file so that readers get the old or the new content; with `sync` also after a power failure.
 * `write-file-atomic` neither retries on Windows nor syncs the folder.
 */
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
    throw notWritable(file, error);
  }
}

/** Writes the output of a command to the file of `-o`, creates missing folders, and logs the file name. */
export function writeOutput(file: string, content: string | Uint8Array, options?: { sync: boolean }): void {
  const broken = existsSync(file) ? undefined : brokenLink(file);
  if (broken) throw notWritable(file, broken);
  if (file.endsWith('/')) throw notWritable(file, 'the name of the file is missing');
  makeFolders(dirname(file));
  try {
    const status = statSync(file, { throwIfNoEntry: false });
    // Devices and pipes are written to; a file is replaced, but not a link to it.
    if (status && !status.isFile()) writeFileSync(file, content);
    else writeFileAtomic(status ? realpathSync(file) : file, content, options);
  } catch (error) {
    throw notWritable(file, error);
  }
  log.line(file);
}

/** Writes every byte, even if one call writes only some of them. */
export function writeAll(descriptor: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; )
    at += writeSync(descriptor, bytes, at, Math.min(bytes.length - at, MAX_CHUNK_BYTES));
}

/** Removes the unfinished files of a killed process from a locked folder. */
export function removeTemporaryFiles(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (/\.\d+\.tmp$/.test(name)) removeFile(join(folder, name));
}

export const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Removes a file if possible; a leftover does no harm. */
export function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}

/** Removes a folder if it is empty. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {}
}

/** Retries for half a second on Windows, where a virus scanner or an indexer can hold a file for a moment. */
function retryOnWindows(act: () => void): void {
  for (const delay of process.platform === 'win32' ? [5, 20, 80, 320] : []) {
    try {
      act();
      return;
    } catch (error) {
      if (!['EACCES', 'EBUSY', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      sleep(delay);
    }
  }
  act();
}

const sleep = (milliseconds: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** Describes a symbolic link whose target does not exist; returns undefined for anything else. */
function brokenLink(path: string): string | undefined {
  try {
    return `it is a symbolic link to ${readlinkSync(path)}, which does not exist`;
  } catch {
    return undefined;
  }
}

/**
 * Creates a folder and its missing parents. `recursive` of Node 20 never returns if the system refuses with ENOENT.
 * @returns the folders that were created, innermost first
 */
export function makeFolders(folder: string): string[] {
  if (existsSync(folder)) return [];
  const parent = dirname(folder);
  const made = parent === folder ? [] : makeFolders(parent);
  try {
    mkdirSync(folder);
    return [folder, ...made];
  } catch (error) {
    // Another process may have created it meanwhile.
    if (existsSync(folder)) return made;
    made.forEach(removeIfEmpty);
    throw notWritable(folder, brokenLink(folder) ?? error);
  }
}

/** Writes the entries of a folder to disk, so that a rename survives a power failure. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // Some systems cannot open a folder; the file itself is complete.
  }
}
