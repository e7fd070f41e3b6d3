// `descent` under every supported version of Node: the same bits, also when it resumes a run of another version, and the same output.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { goodFiles, writeFiles } from '../../packages/cli/test/idx-files.ts';
import { cli } from './page.ts';

const cwd = mkdtempSync(join(tmpdir(), 'descent-nodes-'));
afterAll(() => rmSync(cwd, { recursive: true }));
writeFiles(join(cwd, 'tiny'), goodFiles());
const run = 'run optimizer_compare_mnist --data tiny --hidden-sizes 9,7 --steps 40 --evaluate-every 10 --quiet --json';

const nodes = inject('engines').filter(({ name }) => name.endsWith('Node') || name.startsWith('Node '));

/** Runs `descent` and returns its output. Another exit code than 0, or text on stderr, is an error. */
async function descent(executable: string, args: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(executable, [cli, ...args.split(' ')], { cwd });
  expect(stderr).toBe('');
  return stdout;
}

let digest: string;
let list: string;
beforeAll(async () => {
  digest = JSON.parse(await descent(process.execPath, `${run} --out whole --checkpoints none`)).digest;
  list = await descent(process.execPath, 'list --json');
});

test.each(nodes)('$name runs, resumes, verifies and lists', async (node) => {
  if (!('executable' in node)) {
    // In CI a missing version fails.
    expect(process.env.CI, `${node.name} is not installed: ${node.install}`).toBeUndefined();
    return;
  }
  const { name, executable } = node;
  const own = name.replaceAll(' ', '-');
  const [one, two] = await Promise.all([
    descent(executable, `${run} --out one-${own} --jobs 1`),
    descent(executable, `${run} --out two-${own} --jobs 2`),
  ]);
  expect([one, two].map((text) => JSON.parse(text).digest)).toEqual([digest, digest]);
  // A run of another version that was killed in the middle.
  cpSync(join(cwd, 'whole'), join(cwd, `half-${own}`), { recursive: true });
  rmSync(join(cwd, `half-${own}`, 'run.json'));
  const journal = readFileSync(join(cwd, `half-${own}`, 'journal.jsonl'));
  writeFileSync(join(cwd, `half-${own}`, 'journal.jsonl'), journal.subarray(0, 0.6 * journal.length));
  expect(JSON.parse(await descent(executable, `run --resume half-${own} --quiet --json`)).digest).toBe(digest);
  expect(await descent(executable, 'list --json')).toBe(list);
  await descent(executable, 'verify whole/run.json --data tiny --quiet');
});
