// The two streams: stdout carries the result, stderr everything else; each with the colors that it supports.
import type { WriteStream } from 'node:tty';
import pc from 'picocolors';

type Output = NodeJS.WriteStream & Partial<Pick<WriteStream, 'columns'>>;

/**
 * Returns whether a stream gets colors. NO_COLOR overrides FORCE_COLOR, which overrides TERM=dumb and the kind of
 * stream.
 */
export function hasColor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Returns whether the lines of a stream can be overwritten. */
export function isLive(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** Returns the width of the output: that of the terminal, else COLUMNS or 80; from 40 to 120. */
export function columnsOf(stream: Output): number {
  return Math.min(Math.max(stream.columns ?? (Number.parseInt(process.env.COLUMNS ?? '', 10) || 80), 40), 120);
}

/** Colors of text on stdout. */
export const paint = pc.createColors(hasColor(process.stdout));
/** Colors of text on stderr. */
export const colorize = pc.createColors(hasColor(process.stderr));

/** The command in suggestions. Under npm it is not on the path; `descent` on npm is another project's package. */
export const self = process.env.npm_command ? 'npx @descent/cli' : 'descent';

/** Characters that control a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it matches
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Makes text from outside safe to print: control characters are escaped and very long words are cut. */
export function readable(text: string): string {
  return text.replace(CONTROL, escaped).replace(/\S{1000,}/g, (word) => `${word.slice(0, 200)}…`);
}

/** Quotes a path for the shell if necessary, so that a suggested command can be copied. */
export function shellQuoted(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path;
  if (/^[\p{L}\p{N}_./:@%+,-]+$/u.test(word)) return word;
  if (word.search(CONTROL) >= 0) return `$'${word.replace(/[\\']/g, '\\$&').replace(CONTROL, escaped)}'`;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Hides the password in the address of a queue, but not the placeholder in our own help. */
const withoutSecrets = (text: string) => text.replace(/(rediss?:\/\/)(?!\[?name:password@)\S*@/gi, '$1…@');

function writeToStderr(text: string): void {
  process.stderr.write(text);
}

let isSilent = false;
let write = writeToStderr;
const writeLine = (text: string) => write(withoutSecrets(text));

/** Messages on stderr. */
export const log = {
  /** Drops all messages from now on, except notes and errors. */
  silence(): void {
    isSilent = true;
  },
  /** Writes messages by another function, above a progress bar; without one to stderr again. */
  redirect(writer: (text: string) => void = writeToStderr): void {
    write = writer;
  },
  line(text: string): void {
    if (!isSilent) writeLine(`${text}\n`);
  },
  /** Writes a message that `--quiet` does not drop. */
  note(message: string, hint?: string): void {
    writeLine(`${message}\n${hint ? `${colorize.dim(hint)}\n` : ''}`);
  },
  /** Writes an error and a hint on what to do next. */
  error(message: string, hint?: string): void {
    writeLine(`${colorize.red('error:')} ${message}\n${hint ? `${colorize.dim(`       ${hint}`)}\n` : ''}`);
  },
};

let hasPrinted = false;

/** Forgets what an earlier command in this process set: `--quiet`, and that it printed its result. */
export function resetOutput(): void {
  isSilent = false;
  hasPrinted = false;
}

/** Prints the result. */
export function print(text: string): void {
  hasPrinted = true;
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

interface CommandError {
  readonly code: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Prints the error of a command as JSON, unless its result has been printed: stdout contains one document. */
export function printError({ code, message, hint }: CommandError): void {
  if (!hasPrinted) print(withoutSecrets(JSON.stringify({ error: { code, message, hint: hint ?? null } }, null, 2)));
}
