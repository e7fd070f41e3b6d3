// What targets of the command line share: a scratch folder in memory, and what counts as a designed end.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exit, exitCodes } from '../../packages/cli/src/exit.ts';

const { usage, data, diverged, interrupted } = exitCodes;
const designed: ReadonlySet<number> = new Set([usage, data, diverged, interrupted]);

/** Where files cost nothing. */
const memory = '/dev/shm';

/** A folder that goes with the process. */
export function scratch(name: string): string {
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), `descent-fuzz-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An `Exit` of an input's making is no fault of ours. */
export function checkEnd(error: unknown): never {
  if (error instanceof Exit && !designed.has(error.code)) throw new Error(`exit ${error.code}: ${error.message}`);
  throw error;
}

/** @throws Error where there is more in the folder than `expected` */
export function checkFolder(folder: string, expected: readonly string[]): void {
  const stray = readdirSync(folder).find((name) => !expected.includes(name));
  if (stray !== undefined) throw new Error(`${stray} should not be in ${folder}`);
}
