// The error class for unusable data.
import { checkArguments, string } from '../core/check.ts';

/** The error for unusable data. Its message names the file, what was expected and what was found. */
export class DataError extends Error {
  /** The name of the class. */
  override readonly name = 'DataError';
  /** The name of the file. */
  readonly file: string;
  /** What was expected. */
  readonly expected: string;
  /** What was found. */
  readonly got: string;

  constructor(file: string, expected: string, got: string) {
    checkArguments('DataError', arguments, { file: string, expected: string, got: string });
    super(`${file}: expected ${shorten(expected)} but got ${shorten(got)}`);
    this.file = file;
    this.expected = expected;
    this.got = got;
  }
}

/** Limits text that can contain parts of a damaged file. */
const shorten = (text: string) => (text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text);
