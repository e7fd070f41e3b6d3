// A reader to be fuzzed. To add one, export a `Target` and list it in fuzz.test.ts.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type fc from 'fast-check';
import { Exit, exitCodes } from '../../packages/cli/src/exit.ts';

export interface Target<I extends string | Uint8Array = string> {
  readonly name: string;
  /** A few small good inputs of each kind. */
  seeds(): readonly I[] | Promise<readonly I[]>;
  /** Makes damaged inputs from good ones. */
  mutate(seeds: readonly I[]): fc.Arbitrary<I>;
  /** Error classes that may reject a bad input. Any other error is a finding. */
  readonly refusals: readonly (abstract new (
    ...args: never
  ) => Error)[];
  /** Uses an input as the program does, without waiting for anything outside. Throws a plain `Error` for a finding. */
  run(input: I): void | Promise<void>;
}

const { usage, data, diverged, interrupted } = exitCodes;
const expectedCodes: ReadonlySet<number> = new Set([usage, data, diverged, interrupted]);

/** Rethrows an error; an `Exit` with the code of an internal error becomes a finding. */
export function checkExit(error: unknown): never {
  if (error instanceof Exit && !expectedCodes.has(error.code)) throw new Error(`exit ${error.code}: ${error.message}`);
  throw error;
}

/** Creates a folder, in memory where possible, that is removed when the process exits. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `descent-fuzz-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @throws Error if the folder has an entry that is not in `expected` */
export function checkFolder(folder: string, expected: readonly string[]): void {
  const stray = readdirSync(folder).find((name) => !expected.includes(name));
  if (stray !== undefined) throw new Error(`${stray} should not be in ${folder}`);
}
