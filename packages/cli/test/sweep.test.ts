// Every option of every experiment at its minimum and maximum: `npm run sweep` runs all cases, each test run a sample.
// The built command runs in a thread per case, which takes a fraction of the time of a process.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { binary, scratch } from './descent.ts';
import { type SweepCase, sweepCases } from './sweep-cases.ts';

/** Milliseconds for a run and its replay. */
const LIMIT = 120_000;
const isWhole = process.env.DESCENT_SWEEP === 'all';
const cases = isWhole ? sweepCases : sweepCases.filter((_, i) => i % 40 === 0);
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

/** A refusal has to name what was swept, or say that the memory of a device is too small. */
function mayBeRefused({ flags }: SweepCase, stderr: string): boolean {
  return /memory/.test(stderr) || flags.slice(-2, -1).some((flag) => stderr.includes(flag));
}

test.each(cases.map((each, i) => [each.name, each, i] as const))('%s', { timeout: 2 * LIMIT }, async (_, each, i) => {
  const out = join(folder, String(i));
  const run = await descent('run', each.experiment, ...each.flags, '--jobs', '1', '--quiet', '--out', out);
  if (run.code === 2) return expect(mayBeRefused(each, run.stderr) || run.stderr).toBe(true);
  // 4: training diverged in every arm, which a record shows as well.
  expect([0, 4], run.stderr).toContain(run.code);
  const verified = await descent('verify', join(out, 'run.json'), '--jobs', '1', '--quiet');
  expect(verified, verified.stderr).toMatchObject({ code: 0 });
});
