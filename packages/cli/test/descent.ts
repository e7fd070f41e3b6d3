// Runs the command, in this process or as a child process, in a temporary folder.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os, { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadDevice } from '@descent/experiments';
import { afterAll, vi } from 'vitest';
import { main } from '../src/program.ts';
import { log, resetOutput } from '../src/terminal/terminal.ts';

export const binary = fileURLToPath(new URL('../bin/descent.js', import.meta.url));
if (!existsSync(new URL('../dist/descent.js', import.meta.url))) {
  throw new Error('these tests run the built command: node packages/cli/scripts/build.js');
}

export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Context {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Another copy of the built command. */
  readonly command?: string;
}

/** Creates a folder that is deleted after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'descent-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const toWords = (args: string | readonly string[]) =>
  typeof args === 'string' ? args.split(' ').filter(Boolean) : args;

const { NO_COLOR, FORCE_COLOR, TERM, ...plainEnv } = process.env;

/**
 * Starts a child process. `whenEnded` resolves with its output; `said` returns what it has written to stderr so far.
 */
export function start(args: string | readonly string[], { cwd, env, command = binary }: Context) {
  const options = { cwd, env: { ...plainEnv, ...env } };
  const child: ChildProcess = spawn(process.execPath, [command, ...toWords(args)], options);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => (stdout += text));
  child.stderr?.on('data', (text: Buffer) => (stderr += text));
  const whenEnded = new Promise<Ending>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, whenEnded, said: () => stderr };
}

/** Runs the command as a child process. */
export const spawnDescent = (args: string | readonly string[], context: Context) => start(args, context).whenEnded;

// Without the build there is no thread to start. This also changes named imports of the sources.
os.availableParallelism = () => 1;
syncBuiltinESMExports();

/** The allocation of wasm memory, which test/detach-on-allocate.ts makes slow; data.test.ts tests that. */
const arena = Object.getPrototypeOf((await loadDevice({})).arena) as { allocate: { plain?: never } };
const { allocate } = arena;

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command in this process, after the one before; that takes a fraction of the time of a child process, which
 * commands with threads need.
 */
export function descent(args: string | readonly string[], context: Context): Promise<Ending> {
  if (/--jobs [2-9]/.test(toWords(args).join(' '))) return spawnDescent(args, context);
  const ending = last.then(() => runHere(toWords(args), context));
  last = ending;
  return ending;
}

async function runHere(words: readonly string[], { cwd, env = {} }: Context): Promise<Ending> {
  let [stdout, stderr] = ['', ''];
  const outputs = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((stdout += text))),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((stderr += text))),
  ];
  const home = process.cwd();
  process.chdir(cwd);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  arena.allocate = allocate.plain ?? allocate;
  resetOutput();
  log.redirect();
  try {
    return { code: await main(words), stdout, stderr };
  } finally {
    arena.allocate = allocate;
    vi.unstubAllEnvs();
    process.chdir(home);
    for (const output of outputs) output.mockRestore();
  }
}

/** Copies the built command. @returns its path */
export function copyCommand(folder: string): string {
  const built = dirname(dirname(binary));
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(built, part), join(folder, part), { recursive: true });
  return join(folder, 'bin', 'descent.js');
}

/** Waits for an effect of child processes. */
export async function until(condition: () => unknown, milliseconds = 40_000): Promise<void> {
  for (const start = performance.now(); !(await condition()); await sleep(3))
    if (performance.now() - start > milliseconds) throw new Error(`timeout: ${condition}`);
}

/** Runs a line of bash in which `descent` is the command. */
export function shell(line: string, cwd: string): Ending {
  const env = { ...plainEnv, NODE: process.execPath, DESCENT: binary };
  const command = `descent() { "$NODE" "$DESCENT" "$@"; }; ${line}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}
