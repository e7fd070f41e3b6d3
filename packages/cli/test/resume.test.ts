// A run that is killed, interrupted or cut anywhere resumes to the result of a run that was not.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJournal, startLine } from '@descent/experiments/records';
import { beforeAll, expect, test } from 'vitest';
import { self } from '../src/terminal/terminal.ts';
import { descent, scratch, spawnDescent, start, until } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const long =
  'run optimizer_compare_mnist --data tiny --steps 2000 --hidden-sizes 24 --batch-size 32 --evaluate-every 500 ' +
  '--checkpoints none --quiet --json';
const search =
  'run hyperparameter_optimization --data tiny --space optimizer --trials 14 --round-size 5 --epochs 9 --first-rung 2 ' +
  '--hidden-sizes 8x2 --train-samples 60 --batch-size 10 --quiet --json';

const journalFile = (folder: string) => join(cwd, folder, 'journal.jsonl');
const readStatuses = (folder: string) =>
  JSON.parse(readFileSync(join(cwd, folder, 'run.json'), 'utf8')).arms.map(({ status }: { status: string }) => status);

/** Returns a record without where and when it was made. */
function parseResult(stdout: string): unknown {
  const { environment: _, elapsedSeconds: __, ...result } = JSON.parse(stdout);
  return result;
}

const resume = (folder: string, flags = '') => descent(`run --resume ${folder} --quiet --json ${flags}`, { cwd });

let whole: string;
let journal: Buffer;
beforeAll(async () => {
  whole = (await descent(`${long} --out whole`, { cwd })).stdout;
  journal = readFileSync(journalFile('whole'));
});

async function expectToResume(folder: string, flags = ''): Promise<void> {
  const { code, stdout, stderr } = await resume(folder, flags);
  expect([code, stderr]).toEqual([0, '']);
  expect(parseResult(stdout)).toEqual(parseResult(whole));
  expect(readdirSync(join(cwd, folder)).sort()).toEqual(['journal.jsonl', 'run.json']);
}

/** Starts a run and sends it a signal some time after its journal was created. */
async function interrupt(folder: string, signal: NodeJS.Signals, milliseconds: number, flags = '') {
  const { child, whenEnded } = start(`${long} --out ${folder} --checkpoint-every 0.03 ${flags}`, { cwd });
  await until(() => existsSync(journalFile(folder)));
  await sleep(milliseconds);
  child.kill(signal);
  return whenEnded;
}

/** Writes a folder with a journal. */
function writeJournal(folder: string, content: Uint8Array | string): string {
  mkdirSync(join(cwd, folder));
  writeFileSync(journalFile(folder), content);
  return folder;
}

test('a run that is killed five times leaves only its journal and record', async () => {
  for (let kill = 0; kill < 5; kill++) {
    const args = kill === 0 ? `${long} --out killed` : 'run --resume killed --quiet --json --checkpoint-every 0.01';
    const { child, whenEnded } = start(args, { cwd });
    const lock = join(cwd, 'killed', 'lock');
    const isLocked = () => existsSync(lock) && readFileSync(lock, 'utf8').includes(`"pid":${child.pid},`);
    await until(() => child.exitCode !== null || (isLocked() && existsSync(journalFile('killed'))));
    await sleep(13 * kill);
    child.kill('SIGKILL');
    await whenEnded;
  }
  await expectToResume('killed');
});

test.for([
  ['SIGINT', '--jobs 1'],
  ['SIGTERM', '--jobs 2'],
  ['SIGHUP', '--jobs 1'],
] as const)('%s, %s: exit code 130, a record of what is done, and the command to continue', async ([signal, flags]) => {
  const folder = `${signal}-${flags.at(-1)}`;
  const { code, stdout, stderr } = await interrupt(folder, signal, 100, flags);
  expect(stderr).toMatch(new RegExp(`^interrupted\\nto continue: ${self} run --resume ${folder}\\n$`));
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 130 } });
  expect(code).toBe(130);
  expect(readStatuses(folder)).toContain('interrupted');
  await expectToResume(folder);
  const first = readFileSync(join(cwd, folder, 'run.json'), 'utf8');
  expect((await resume(folder)).stdout).toBe(first);
});

const cut = (part: number) => journal.subarray(0, Math.floor(journal.length * part));
const flipBit = (at: number) =>
  Buffer.concat([journal.subarray(0, at), Buffer.of((journal[at] ?? 0) ^ 1), journal.subarray(at + 1)]);

test.for([
  ['cut at 40 %', () => cut(0.4)],
  ['with a changed bit', () => flipBit(Math.floor(journal.length / 2))],
  ['beside a damaged record', () => journal],
] as const)('a journal %s resumes', async ([name, change], { task }) => {
  const folder = writeJournal(task.id, change());
  if (name.endsWith('record')) writeFileSync(join(cwd, folder, 'run.json'), '{"format":');
  await expectToResume(folder);
});

test('an incomplete checkpoint is ignored', async () => {
  await interrupt('torn', 'SIGINT', 60, '--jobs 1');
  const checkpoints = join(cwd, 'torn', 'checkpoints');
  const file = join(checkpoints, readdirSync(checkpoints)[0] as string);
  writeFileSync(file, readFileSync(file).subarray(0, 5_000));
  await expectToResume('torn');
});

test.for(['0.1.0', undefined])('`--resume` refuses a run of version %s', async (version) => {
  const { header } = parseJournal(String(journal));
  const { descent: _, ...rest } = header.environment;
  const environment = { ...rest, ...(version && { descent: version }) };
  const folder = writeJournal(`version-${version}`, startLine({ ...header, environment }));
  const { code, stderr } = await resume(folder);
  expect(stderr).toMatch(/started with (version 0\.1\.0|an unknown version), but this is version [\d.]+/);
  expect(code).toBe(2);
});

test('a run in progress cannot be resumed by another process', async () => {
  const { child, whenEnded } = start(`${long} --out busy`, { cwd });
  await until(() => existsSync(journalFile('busy')));
  child.kill('SIGSTOP');
  const { code, stderr } = await resume('busy');
  child.kill('SIGCONT');
  expect(stderr).toMatch(/another run is writing to busy \(process \d+/);
  expect(code).toBe(2);
  await whenEnded;
});

test('`--resume` exits with code 3 on other data or without a journal', async () => {
  const files = goodFiles();
  files['t10k-labels-idx1-ubyte']?.fill(1, 8);
  writeFiles(join(cwd, 'other'), files);
  const moved = await resume(writeJournal('moved', journal.subarray(0, journal.length / 2)), '--data other');
  expect(moved).toMatchObject({ code: 3, stderr: expect.stringMatching(/expected the data of the record/) });
  mkdirSync(join(cwd, 'nothing'));
  copyFileSync(join(cwd, 'whole', 'run.json'), join(cwd, 'nothing', 'run.json'));
  const nothing = await resume('nothing');
  expect(nothing.stderr).toMatch(/nothing\/journal\.jsonl: expected the journal of a run/);
  expect(nothing.code).toBe(3);
});

// experiments/test/search/study.test.ts runs every sampler and pruner in every order; this test runs processes.
test('a search has the same result with threads, after a kill, and from a cut journal', async () => {
  const run = `${search} --sampler tpe --pruner halving`;
  const result = parseResult((await spawnDescent(`${run} --out search --jobs 1`, { cwd })).stdout);
  const { child, whenEnded } = start(`${run} --jobs 2 --checkpoint-every 0.01 --out search-killed`, { cwd });
  await until(() => existsSync(journalFile('search-killed')));
  await sleep(80);
  child.kill('SIGKILL');
  await whenEnded;
  const resumed = await spawnDescent('run --resume search-killed --quiet --json', { cwd });
  expect(parseResult(resumed.stdout)).toEqual(result);
  const content = readFileSync(journalFile('search'));
  const cut = writeJournal('search-cut', content.subarray(0, Math.floor(content.length * 0.55)));
  const { stdout } = await spawnDescent(`run --resume ${cut} --quiet --json --jobs 3`, { cwd });
  expect(parseResult(stdout)).toEqual(result);
  // An arm that has ended is not trained again.
  const lines = readFileSync(journalFile(cut), 'utf8').split('\n');
  const names = lines.filter((line) => line.includes('"kind":"arm"')).map((line) => JSON.parse(line).record.name);
  expect(new Set(names).size).toBe(names.length);
});

test('the report of a search has its rounds, its best trials and warnings, also when it is resumed', async () => {
  const flags = '--lr-low -3 --lr-high -2.9 --sampler narrowing --keep 0.5 --space book';
  const run = search.replace(/ --space optimizer| --quiet| --json/g, '');
  const first = await spawnDescent(`${run} ${flags} --out rounds`, { cwd });
  const resumed = await descent('run --resume rounds', { cwd });
  const findEdges = (stderr: string) => stderr.split('\n').filter((line) => line.includes('Widen it with'));
  for (const { stdout, stderr } of [first, resumed]) {
    expect(stdout).toMatch(
      /\n +round +learning rate +weight decay +kept +best so far\n +1 +0\.001 – 0\.00126 +1e-8 – 1e-4 +\d of 5/,
    );
    expect(stdout).toMatch(/\n +rank +trial +round +validation accuracy +learning rate +weight decay\n +1 /);
    for (const [, flag] of stderr.matchAll(/Widen it with (--\S+ -?[\d.]+)\./g))
      expect(['--lr-low -4', '--lr-high -1.9', '--weight-decay-low -9', '--weight-decay-high -3']).toContain(flag);
  }
  expect(findEdges(resumed.stderr)).toEqual(findEdges(first.stderr));
  const round = search.replace(' --quiet --json', '').replace('--round-size 5', '--round-size 14');
  const { stderr } = await spawnDescent(`${round} --sampler tpe`, { cwd });
  expect(stderr).toMatch(/All 14 trials .*random.*--round-size/);
});
