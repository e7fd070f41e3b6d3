// Every option of every experiment at its minimum and maximum: `npm run sweep` runs all cases, each test run a sample.
// The built command runs in a thread per case, which takes a fraction of the time of a process.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { binary, scratch } from './descent.ts';
import { refusalOf, sweepCases } from './sweep-cases.ts';

/** Milliseconds for a run and its replay. */
const LIMIT = 300_000;
const isWhole = process.env.DESCENT_SWEEP === 'all';
/** Each experiment a few times, and the largest that take no more than some seconds. */
const isSampled = (name: string, index: number) =>
  index % 40 === 0 ||
  /^\w+_mnist --(batch-size|hidden-sizes) 4096(x32)?$/.test(name) ||
  / (1x32|--channels 1x3)$/.test(name);
const cases = isWhole ? sweepCases : sweepCases.filter(({ name }, i) => isSampled(name, i));
const folder = scratch();

function descent(...argv: string[]): Promise<{ code: number; stderr: string }> {
  const thread = new Worker(binary, { argv, stdout: true, stderr: true });
  let stderr = '';
  thread.stderr.on('data', (text: Buffer) => (stderr += text));
  thread.stdout.resume();
  return new Promise((resolve, fail) => {
    const late = setTimeout(() => void thread.terminate().then(() => fail(new Error(`more than ${LIMIT} ms`))), LIMIT);
    thread.on('error', fail);
    thread.on('exit', (code) => {
      clearTimeout(late);
      resolve({ code, stderr });
    });
  });
}

test.each(cases.map((each, i) => [each.name, each, i] as const))('%s', { timeout: 2 * LIMIT }, async (_, each, i) => {
  const out = join(folder, String(i));
  const run = await descent('run', each.experiment, ...each.flags, '--jobs', '1', '--quiet', '--out', out);
  const refusal = refusalOf(each);
  if (refusal) {
    expect(run).toEqual({ code: refusal.code, stderr: expect.stringMatching(refusal.message) });
    return expect(existsSync(out)).toBe(false);
  }
  // 4: training diverged in every arm, which a record shows as well.
  expect([0, 4], run.stderr).toContain(run.code);
  const verified = await descent('verify', join(out, 'run.json'), '--jobs', '1', '--quiet');
  expect(verified, verified.stderr).toMatchObject({ code: 0 });
});
