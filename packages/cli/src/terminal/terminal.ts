// The two streams: stdout carries the result, stderr everything else; each with the colors that it can show.
import type { WriteStream } from 'node:tty';
import pc from 'picocolors';

type Output = NodeJS.WriteStream & Partial<Pick<WriteStream, 'columns'>>;

/** NO_COLOR beats FORCE_COLOR beats TERM=dumb beats what the stream is. */
export function hasColor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Whether a line of this stream can be drawn over. */
export function isLive(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** Columns to write: 40 to 120, as the terminal has; of a pipe or a file COLUMNS, or 80. */
export function columnsOf(stream: Output): number {
  return Math.min(Math.max(stream.columns ?? (Number.parseInt(process.env.COLUMNS ?? '', 10) || 80), 40), 120);
}

/** Colors for what is written to stdout, and to stderr. */
export const paint = pc.createColors(hasColor(process.stdout));
export const colorize = pc.createColors(hasColor(process.stderr));

/** What to type to call us again: under npm the command is not on the path. */
export const self = process.env.npm_command ? 'npx descent' : 'descent';

/** What a terminal obeys rather than shows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text from outside, as one may show it: nothing that a terminal obeys, and of a word without end its beginning. */
export function readable(text: string): string {
  return text.replace(CONTROL, escaped).replace(/\S{1000,}/g, (word) => `${word.slice(0, 200)}…`);
}

/** Quotes a path for the shell, if it needs quotes, so that a suggested command can be copied. */
export function shellQuoted(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path;
  if (/^[\p{L}\p{N}_./:@%+,-]+$/u.test(word)) return word;
  if (word.search(CONTROL) >= 0) return `$'${word.replace(/[\\']/g, '\\$&').replace(CONTROL, escaped)}'`;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}

let quiet = false;

/** Hides the password of a queue's address, wherever the text comes from; not the words of our own usage. */
const withoutSecrets = (text: string) => text.replace(/(rediss?:\/\/)(?!\[?name:password@)\S*@/gi, '$1…@');

function toStderr(text: string): void {
  process.stderr.write(text);
}
let write = toStderr;
const writeLine = (text: string) => write(withoutSecrets(text));

/** Messages, on stderr. */
export const log = {
  /** From now on errors only. */
  hush(): void {
    quiet = true;
  },
  /** Lines go this way as long as something is drawn on the screen; without a way they go straight there. */
  through(way: (text: string) => void = toStderr): void {
    write = way;
  },
  line(text: string): void {
    if (!quiet) writeLine(`${text}\n`);
  },
  /** What the user has to know though it is no error; said even when hushed. */
  note(message: string, hint?: string): void {
    writeLine(`${message}\n${hint ? `${colorize.dim(hint)}\n` : ''}`);
  },
  /** A sentence and the way out of it; said even when hushed. */
  error(message: string, hint?: string): void {
    writeLine(`${colorize.red('error:')} ${message}\n${hint ? `${colorize.dim(`       ${hint}`)}\n` : ''}`);
  },
};

let hasPrinted = false;

/** Writes the result. */
export function print(text: string): void {
  hasPrinted = true;
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Writes the error that ends a command as JSON, unless its result has been written: stdout has one document. */
export function printError({
  code,
  message,
  hint,
}: {
  code: number;
  message: string;
  hint?: string | undefined;
}): void {
  if (!hasPrinted) print(withoutSecrets(JSON.stringify({ error: { code, message, hint: hint ?? null } }, null, 2)));
}
