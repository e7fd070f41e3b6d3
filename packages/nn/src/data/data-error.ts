// The one error for data that is not what it should be.

import { checkArguments, string } from '../core/check.ts';

/** Data that cannot be used. The message is one sentence: the file, what was expected, what came. */
export class DataError extends Error {
  /** 'DataError'. */
  override readonly name = 'DataError';
  /** The file's name. */
  readonly file: string;
  /** What it should have been. */
  readonly expected: string;
  /** What it is. */
  readonly got: string;

  constructor(file: string, expected: string, got: string) {
    checkArguments('DataError', arguments, { file: string, expected: string, got: string });
    super(`${file}: expected ${expected} but got ${got}`);
    this.file = file;
    this.expected = expected;
    this.got = got;
  }
}
