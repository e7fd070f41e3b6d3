// The built command as a child process, and a scratch folder to run it in.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const binary = fileURLToPath(new URL('../bin/descent.js', import.meta.url));
if (!existsSync(new URL('../dist/descent.js', import.meta.url))) {
  throw new Error('these tests run the built command: node packages/cli/scripts/build.js');
}

export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Another copy of the built command. */
  readonly command?: string;
}

/** A folder that is deleted when the tests of the file have run. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'descent-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const { NO_COLOR, FORCE_COLOR, TERM, ...plainEnv } = process.env;

/** Starts the command; `whenEnded` resolves with what it printed, `said` is what stderr has by now. */
export function start(args: readonly string[], { cwd, env, command = binary }: Surroundings) {
  const child: ChildProcess = spawn(process.execPath, [command, ...args], { cwd, env: { ...plainEnv, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => (stdout += text));
  child.stderr?.on('data', (text: Buffer) => (stderr += text));
  const whenEnded = new Promise<Ending>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, whenEnded, said: () => stderr };
}

/** Runs the command to its end. `args` is a line of words. */
export function descent(args: string, surroundings: Surroundings): Promise<Ending> {
  return start(args.split(' ').filter(Boolean), surroundings).whenEnded;
}
