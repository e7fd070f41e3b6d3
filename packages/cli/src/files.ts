// Files that are whole or not there: read with an error that names them, written at one stroke.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { badFile, noFile, notWritable } from './errors.ts';
import { say } from './terminal.ts';

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than a file may be here',
  EIO: 'the disk does not answer as it should',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file',
  EPERM: 'the system does not permit it',
  EROFS: 'the disk is read-only',
};

/** What the system says of a failed call, in words. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}

/** Text as editors and shells of any system leave it: UTF-8, or UTF-16 as `>` of PowerShell writes it, marked as such or not. */
export function decodeText(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** The text of a file. `what` names what it should have been. */
export function readText(file: string, what: string, decode = (bytes: Buffer) => bytes.toString('utf8')): string {
  try {
    return decode(readFileSync(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw noFile(file, what);
    throw badFile(file, what, reasonOf(error));
  }
}

/** Writes a file so that a reader sees the old one or the new one whole; with `sync` also after a power cut. */
export function writeWhole(file: string, content: string | Uint8Array, { sync = true } = {}): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const descriptor = openSync(temporary, 'w');
    try {
      writeAll(descriptor, content);
      if (sync) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    patiently(() => renameSync(temporary, file));
    if (sync) syncFolder(dirname(file));
  } catch (error) {
    removeFile(temporary);
    throw notWritable(file, reasonOf(error));
  }
}

/** Writes what a command was asked for with `-o`, makes missing folders, and reports the file on stderr. */
export function writeOutput(file: string, content: string | Uint8Array, options?: { sync: boolean }): void {
  if (file.endsWith('/')) throw notWritable(file, 'the name of the file is missing');
  makeFolders(dirname(file));
  writeWhole(file, content, options);
  say.line(file);
}

/** Every byte, however few a call takes. */
export function writeAll(descriptor: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

/** Files of ours that a killed process left half-written; nobody else writes in a folder that is locked. */
export function sweep(folder: string): void {
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
function patiently(act: () => void, isPatient = process.platform === 'win32'): void {
  for (const wait of isPatient ? WAITS : []) {
    try {
      act();
      return;
    } catch (error) {
      if (!passing.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
    }
  }
  act();
}

/** Makes a folder and those above it. (`recursive` of Node 20 never returns where the system refuses with ENOENT.) */
export function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolders(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(folder, reasonOf(error));
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
