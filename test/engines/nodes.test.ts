// The command under every version of Node that it is for: the same bits, going on where another version was, the same words.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { goodFiles, writeFiles } from '../../packages/cli/test/idx-files.ts';

const cli = fileURLToPath(new URL('../../packages/cli/bin/descent.js', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'descent-nodes-'));
afterAll(() => rmSync(cwd, { recursive: true }));
writeFiles(join(cwd, 'tiny'), goodFiles());
const run = 'run optimizer_compare_mnist --data tiny --hidden-sizes 9,7 --steps 40 --evaluate-every 10 --quiet --json';

const nodes = inject('engines').filter(({ name }) => name.endsWith('Node') || name.startsWith('Node '));

/** What the command prints when a Node at that place runs it; whatever is not 0, or not silent, is an error. */
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

test.each(nodes)('$name runs, goes on, verifies and lists', async (node) => {
  if (!('executable' in node)) {
    // In CI a version that is missing is a fault.
    expect(process.env.CI, `${node.name} is not on this machine: ${node.leftOut}`).toBeUndefined();
    return;
  }
  const { name, executable } = node;
  const own = name.replaceAll(' ', '-');
  const [one, two] = await Promise.all([
    descent(executable, `${run} --out one-${own} --jobs 1`),
    descent(executable, `${run} --out two-${own} --jobs 2`),
  ]);
  expect([one, two].map((text) => JSON.parse(text).digest)).toEqual([digest, digest]);
  // What a kill in the middle leaves, under another version than this.
  cpSync(join(cwd, 'whole'), join(cwd, `half-${own}`), { recursive: true });
  rmSync(join(cwd, `half-${own}`, 'run.json'));
  const journal = readFileSync(join(cwd, `half-${own}`, 'journal.jsonl'));
  writeFileSync(join(cwd, `half-${own}`, 'journal.jsonl'), journal.subarray(0, 0.6 * journal.length));
  expect(JSON.parse(await descent(executable, `run --resume half-${own} --quiet --json`)).digest).toBe(digest);
  expect(await descent(executable, 'list --json')).toBe(list);
  await descent(executable, 'verify whole/run.json --data tiny --quiet');
});
