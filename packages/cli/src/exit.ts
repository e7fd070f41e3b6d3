// How a command ends: its exit code, and the error that carries one.
import { readable } from './terminal/terminal.ts';

/** The exit codes of every command. */
export const exitCodes = {
  ok: 0,
  fault: 1,
  usage: 2,
  data: 3,
  diverged: 4,
  different: 5,
  claim: 6,
  interrupted: 130,
} as const;

/** An expected failure: one line for the user, an exit code, and a hint on what to do next. */
export class Exit extends Error {
  override readonly name = 'Exit';
  constructor(
    readonly code: number,
    message: string,
    readonly hint?: string,
  ) {
    super(readable(message));
  }
}

export const usageError = (message: string, hint?: string) => new Exit(exitCodes.usage, message, hint);
export const dataError = (message: string, hint?: string) => new Exit(exitCodes.data, message, hint);

/** Removes the `[Linear] ` with which messages of the libraries begin. */
export const withoutTag = (message: string) => message.replace(/^\[[^\]]*\] /, '');

/** Lists the first four items, and how many more there are. */
export function listSome(items: readonly string[], separator = ', '): string {
  const rest = items.length - 4;
  return items.slice(0, 4).join(separator) + (rest > 0 ? `${separator}and ${rest} more` : '');
}

/** Creates the error for a thread that exited before its arm was done. @param reason its exit code, or why it ended */
export const threadLost = (reason: number | string) =>
  new Exit(exitCodes.fault, `a worker thread exited unexpectedly (${reason})`, '--jobs 1 needs less memory');

const systemReasons: Record<string, string> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than the file system allows',
  EIO: 'the disk reported an error',
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

/** Returns why a system call failed, in words. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return systemReasons[code] ?? message;
}

/** Exit codes of errors of the libraries, by name, so that no library is loaded for it. */
const codesByName: ReadonlyMap<string, number> = new Map([
  ['CheckpointError', exitCodes.data],
  ['DataError', exitCodes.data],
  // A network, batch or data set that needs more than 4 GiB.
  ['MemoryError', exitCodes.usage],
  ['OptionError', exitCodes.usage],
  ['RecordError', exitCodes.data],
  ['UnknownExperimentError', exitCodes.data],
]);

/**
 * Converts an error of a library or of the system that the user can fix to an `Exit`; returns any other error as it is.
 */
export function toExit(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Exit) return error;
  const { code = '', syscall, path = 'a file' } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return threadLost('out of memory');
  // The machine or the engine cannot run the kernels.
  if (error instanceof RangeError && error.message.startsWith('[loadDevice] '))
    return new Exit(exitCodes.fault, withoutTag(error.message));
  const known = codesByName.get(error.name);
  if (known !== undefined) return new Exit(known, withoutTag(error.message));
  return syscall && code in systemReasons ? usageError(`cannot ${syscall} ${path}: ${reasonOf(error)}`) : error;
}
