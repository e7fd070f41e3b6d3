// A run that is killed, interrupted or cut anywhere resumes to the result of a run that was not.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createExecutor,
  createSchedule,
  experiments,
  type ImageFiles,
  imageFiles,
  imagesFrom,
  isComplete,
  type JournalHeader,
  loadDevice,
  parseJournal,
  parseOptions,
  runSchedule,
  startLine,
} from '@descent/experiments';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunRecorder } from '../src/run/run-recorder.ts';
import type { Journal } from '../src/store/journal.ts';
import { RunFolder } from '../src/store/run-folder.ts';
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

test('a run that is killed ten times leaves only its journal and record', async () => {
  for (let kill = 0; kill < 10; kill++) {
    const args = kill === 0 ? `${long} --out killed` : 'run --resume killed --quiet --json --checkpoint-every 0.01';
    const { child, whenEnded } = start(args, { cwd });
    const lock = join(cwd, 'killed', 'lock');
    const isLocked = () => existsSync(lock) && readFileSync(lock, 'utf8').includes(`"pid":${child.pid},`);
    await until(() => child.exitCode !== null || (isLocked() && existsSync(journalFile('killed'))));
    await sleep(7 * kill);
    child.kill('SIGKILL');
    await whenEnded;
  }
  await expectToResume('killed');
});

test.for([
  ['SIGINT', '--jobs 1'],
  ['SIGINT', '--jobs 2'],
  ['SIGTERM', '--jobs 2'],
  ['SIGHUP', '--jobs 1'],
] as const)('%s, %s: exit code 130, a record of what is done, and the command to continue', async ([signal, flags]) => {
  const folder = `${signal}-${flags.at(-1)}`;
  const { code, stdout, stderr } = await interrupt(folder, signal, 100, flags);
  expect(stderr).toMatch(new RegExp(`^interrupted\\nto continue: (npx )?descent run --resume ${folder}\\n$`));
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
  ['cut before its end', () => cut(0.999)],
  ['cut at 40 %', () => cut(0.4)],
  ['cut at 10 %', () => cut(0.1)],
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

// experiments/test/search/study.test.ts runs every sampler in every order; these tests run processes.
describe.each([
  ['sobol', 'halving'],
  ['narrowing', 'median'],
  ['tpe', 'halving'],
])('a search with --sampler %s --pruner %s', (sampler, pruner) => {
  const run = `${search} --sampler ${sampler} --pruner ${pruner}`;

  test('has the same result with threads, after a kill, and from a cut journal', async () => {
    const result = parseResult((await spawnDescent(`${run} --out ${sampler} --jobs 1`, { cwd })).stdout);
    const { child, whenEnded } = start(`${run} --jobs 2 --checkpoint-every 0.01 --out ${sampler}-killed`, { cwd });
    await until(() => existsSync(journalFile(`${sampler}-killed`)));
    await sleep(80);
    child.kill('SIGKILL');
    await whenEnded;
    const resumed = await spawnDescent(`run --resume ${sampler}-killed --quiet --json`, { cwd });
    expect(parseResult(resumed.stdout)).toEqual(result);
    const content = readFileSync(journalFile(sampler));
    const cut = writeJournal(`${sampler}-cut`, content.subarray(0, Math.floor(content.length * 0.55)));
    const { stdout } = await spawnDescent(`run --resume ${cut} --quiet --json --jobs 3`, { cwd });
    expect(parseResult(stdout)).toEqual(result);
    // An arm that has ended is not trained again.
    const lines = readFileSync(journalFile(cut), 'utf8').split('\n');
    const names = lines.filter((line) => line.includes('"kind":"arm"')).map((line) => JSON.parse(line).record.name);
    expect(new Set(names).size).toBe(names.length);
  });
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

const RESUMES = 1_000;

test(`${RESUMES} interruptions, one per step`, { timeout: 120_000 }, async () => {
  // In memory if possible: a disk takes 20 ms per synchronized write.
  const memory = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/descent-') : scratch();
  afterAll(() => rmSync(memory, { recursive: true, force: true }));
  const device = await loadDevice({});
  // Detaching the memory of a thousand trainings takes too long, and other tests do it.
  const arena = Object.getPrototypeOf(device.arena) as { allocate: { plain?: never } };
  if (arena.allocate.plain) arena.allocate = arena.allocate.plain;
  const files = Object.entries(imageFiles).map(([role, file]) => [role, { file, bytes: goodFiles()[file] }]);
  const data = imagesFrom(device, Object.fromEntries(files) as ImageFiles);
  const experiment = experiments.find(({ name }) => name === 'optimizer_compare_mnist') as (typeof experiments)[number];
  const small = { hiddenSizes: [5, 4], batchSize: 8, trainSamples: 100, testSamples: 20 };
  const header = {
    experiment: experiment.name,
    options: parseOptions(experiment.options, { ...small, steps: RESUMES / 4 + 5 }) as JournalHeader['options'],
    seed: 5,
    data: { name: 'tiny', sha256: data.sha256 },
    variant: 'simd128',
    environment: { checkpoints: 'none' },
  } satisfies JournalHeader;
  // Slices of 0 ms: one step between two checks of the signal.
  const executor = createExecutor({ device, data }, async () => {}, 0);
  const train = async (journal?: Journal, stopsAtOnce = false) => {
    const schedule = createSchedule(experiment, header.options as never, header.seed);
    const recorder = new RunRecorder({ experiment, schedule, settings: header, data: header.data }, journal);
    const stopping = new AbortController();
    const options = { ...recorder.resumePoint, signal: stopping.signal };
    for await (const event of runSchedule(schedule, executor, options)) {
      await recorder.take(event);
      if (stopsAtOnce && event.kind === 'progress') stopping.abort();
    }
    return recorder.finish();
  };
  const path = join(memory, 'run');
  let resumes = 0;
  for (let folder = RunFolder.create([header], 'run', path); ; folder = RunFolder.resume(path), resumes++) {
    const record = await train(folder.journals[0], true);
    folder.close(false);
    if (isComplete(record)) break;
  }
  expect(resumes).toBeGreaterThanOrEqual(RESUMES);
  const uninterrupted = await train();
  const record = await train(RunFolder.resume(path).journals[0]);
  expect(record.digest).toBe(uninterrupted.digest);
  expect(record.arms).toEqual(uninterrupted.arms);
  expect(readdirSync(path).sort()).toEqual(['journal.jsonl', 'lock', 'run.json']);
});
