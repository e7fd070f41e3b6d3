// A run that is interrupted a thousand times, on disk as the command does it, comes to the bits of one that was not.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  createExecutor,
  experiments,
  type ImageFiles,
  imageFiles,
  imagesFrom,
  type JournalHeader,
  loadDevice,
  parseOptions,
} from '@descent/experiments';
import { afterAll, expect, test } from 'vitest';
import { runSession } from '../src/run/session.ts';
import { RunFolder } from '../src/store/run-folder.ts';
import { isWhole, nullWriter } from '../src/store/run-writer.ts';
import { Progress } from '../src/terminal/progress.ts';
import { scratch } from './descent.ts';
import { goodFiles } from './idx-files.ts';

const RESUMES = 1_000;

// In memory, where there is such a folder: a disk takes 20 ms for what must be safe from a power cut.
const cwd = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/descent-') : scratch();
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const device = await loadDevice({});
// A thousand trainings would spend their time on detaching views at each allocation, which other tests do often enough.
const arena = Object.getPrototypeOf(device.arena) as { allocate: { plain?: never } };
if (arena.allocate.plain) arena.allocate = arena.allocate.plain;
const files = Object.entries(imageFiles).map(([role, file]) => [role, { file, bytes: goodFiles()[file] }]);
const data = imagesFrom(device, Object.fromEntries(files) as ImageFiles);
const experiment = experiments.find(({ name }) => name === 'optimizer_compare_mnist') as (typeof experiments)[number];
const options = parseOptions(experiment.options, {
  steps: RESUMES / 4 + 5,
  hiddenSizes: [5, 4],
  batchSize: 8,
  trainSamples: 100,
  testSamples: 20,
});
const header: JournalHeader = {
  experiment: experiment.name,
  options: options as JournalHeader['options'],
  seed: 5,
  data: { name: 'tiny', sha256: data.sha256 },
  variant: 'simd128',
  environment: { checkpoints: 'none' },
};

/** Slices without length: one step between two looks at the signal. */
const executor = createExecutor({ device, data }, async () => {}, 0);
const bench = { executor, data: header.data, verifyData() {}, check() {}, isParallel: false, close: async () => {} };
const silent = new Progress([], 'en');

/** One process: it goes on where the last one was, and is interrupted behind its first step. */
async function live(folder: RunFolder): Promise<boolean> {
  const stopping = new AbortController();
  const progress = Object.assign(Object.create(silent) as Progress, { step: () => stopping.abort() });
  try {
    const records = await runSession({ experiment, bench, progress, signal: stopping.signal }, folder.notes);
    return records.every(isWhole);
  } finally {
    folder.close(false);
  }
}

test(`${RESUMES} interruptions`, { timeout: 120_000 }, async () => {
  const session = { experiment, bench, progress: silent, signal: new AbortController().signal };
  const [whole] = await runSession(session, [nullWriter(header)]);
  const path = join(cwd, 'run');
  let resumes = 0;
  for (let folder = RunFolder.create([header], 'run', path); !(await live(folder)); folder = RunFolder.resume(path))
    resumes++;
  expect(resumes).toBeGreaterThanOrEqual(RESUMES);
  const [record] = await runSession(session, RunFolder.resume(path).notes);
  expect(record?.digest).toBe(whole?.digest);
  expect(record?.arms).toEqual(whole?.arms);
  expect(readdirSync(path).sort()).toEqual(['journal.jsonl', 'lock', 'run.json']);
});
