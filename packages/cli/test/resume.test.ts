// A run that is interrupted or killed goes on to the bits of one that was not.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resumeFrom, startLine } from '@descent/experiments';
import { beforeAll, expect, test } from 'vitest';
import { descent, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const long =
  'run optimizer_compare_mnist --data tiny --steps 3000 --hidden-sizes 24 --batch-size 32 --evaluate-every 500 --quiet --json';

let digest: string;
let journal: Buffer;
beforeAll(async () => {
  const { stdout } = await descent(`${long} --out whole`, { cwd });
  digest = JSON.parse(stdout).digest;
  journal = readFileSync(join(cwd, 'whole', 'journal.jsonl'));
});

const digestOf = (stdout: string): string => JSON.parse(stdout).digest;
const recordOf = (folder: string) => JSON.parse(readFileSync(join(cwd, folder, 'run.json'), 'utf8'));

/** Starts a run, waits until its journal stands and then some, and sends it a signal. */
async function stopped(folder: string, signal: NodeJS.Signals, milliseconds: number, flags = '') {
  const run = start(`${long} --out ${folder} --checkpoint-every 0.03 ${flags}`.split(' ').filter(Boolean), { cwd });
  while (!existsSync(join(cwd, folder, 'journal.jsonl'))) await sleep(2);
  await sleep(milliseconds);
  run.child.kill(signal);
  return run.whenEnded;
}

test.for([
  [5, '--jobs 1'],
  [60, '--jobs 1'],
  [150, '--jobs 1'],
  [300, '--jobs 1'],
  [100, '--jobs 2'],
  [250, '--jobs 2'],
] as const)('kill -9 after %i ms, %s', async ([milliseconds, flags]) => {
  const folder = `killed-${milliseconds}`;
  await stopped(folder, 'SIGKILL', milliseconds, flags);
  const { code, stdout, stderr } = await descent(`run --resume ${folder} --quiet --json`, { cwd });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(digestOf(stdout)).toBe(digest);
});

test.for(['--jobs 1', '--jobs 2'])('Ctrl-C, %s: the record says so, and how to go on is printed', async (flags) => {
  const folder = `interrupted-${flags.at(-1)}`;
  const ending = await stopped(folder, 'SIGINT', 120, flags);
  expect(ending.code).toBe(130);
  expect(JSON.parse(ending.stdout).error).toMatchObject({ code: 130 });
  expect(ending.stderr).toMatch(new RegExp(`descent run --resume ${folder}`));
  expect(recordOf(folder).arms.some(({ status }: { status: string }) => status === 'interrupted')).toBe(true);
  const { stdout } = await descent(`run --resume ${folder} --quiet --json --jobs 1`, { cwd });
  expect(digestOf(stdout)).toBe(digest);
  expect(recordOf(folder).arms.every(({ status }: { status: string }) => status === 'finished')).toBe(true);
});

test('a second resume has nothing to do, and says the same', async () => {
  await stopped('twice', 'SIGINT', 50);
  const first = await descent('run --resume twice --quiet --json', { cwd });
  const second = await descent('run --resume twice --quiet --json', { cwd });
  expect(second.stdout).toBe(first.stdout);
});

test('`--resume` refuses the run of another version', async () => {
  const folder = join(cwd, 'older');
  mkdirSync(folder);
  const { header } = resumeFrom(String(journal));
  const environment = { ...header.environment, descent: '0.1.0' };
  writeFileSync(join(folder, 'journal.jsonl'), startLine({ ...header, environment }));
  const { code, stderr } = await descent('run --resume older --quiet', { cwd });
  expect(stderr).toMatch(/started with version 0\.1\.0 and this is version [\d.]+/);
  expect(code).toBe(2);
});

test.for([0.999, 0.7, 0.4, 0.1])('a journal cut at %f of its bytes', async (part) => {
  const folder = join(cwd, `cut-${part}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'journal.jsonl'), journal.subarray(0, Math.floor(journal.length * part)));
  const { stdout } = await descent(`run --resume ${folder} --quiet --json`, { cwd });
  expect(digestOf(stdout)).toBe(digest);
});

test('a checkpoint that is not whole is not trusted', async () => {
  await stopped('torn', 'SIGINT', 60, '--jobs 1');
  const checkpoints = join(cwd, 'torn', 'checkpoints');
  const file = join(checkpoints, readdirSync(checkpoints)[0] as string);
  writeFileSync(file, readFileSync(file).subarray(0, 5_000));
  const { stdout } = await descent('run --resume torn --quiet --json', { cwd });
  expect(digestOf(stdout)).toBe(digest);
});

test('a run under way cannot be resumed by another', async () => {
  const run = start(`${long} --out busy`.split(' '), { cwd });
  while (!existsSync(join(cwd, 'busy', 'journal.jsonl'))) await sleep(2);
  const { code, stderr } = await descent('run --resume busy', { cwd });
  expect(stderr).toMatch(/another run is writing to busy \(process \d+/);
  expect(code).toBe(2);
  await run.whenEnded;
});

test('other data than it began with: 3', async () => {
  await stopped('moved', 'SIGINT', 20);
  const files = goodFiles();
  files['t10k-labels-idx1-ubyte']?.fill(1, 8);
  writeFiles(join(cwd, 'other'), files);
  const { code, stderr } = await descent('run --resume moved --data other', { cwd });
  expect(stderr).toMatch(/expected the data of the record/);
  expect(code).toBe(3);
});

test('no journal: 3', async () => {
  mkdirSync(join(cwd, 'nothing'));
  copyFileSync(join(cwd, 'whole', 'run.json'), join(cwd, 'nothing', 'run.json'));
  const { code, stderr } = await descent('run --resume nothing', { cwd });
  expect(stderr).toMatch(/nothing\/journal\.jsonl: expected the journal of a run/);
  expect(code).toBe(3);
});
