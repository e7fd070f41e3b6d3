// Training in one process that goes on in others: files to the last bit as of one that was never stopped.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'descent-processes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = fileURLToPath(new URL('processes/train.js', import.meta.url));

/** @returns the files of the three networks after `stops.at(-1)` steps, with a process for each part */
function trainIn(name: string, parts: readonly (readonly [variant: string, to: number])[]): Buffer[] {
  const file = join(folder, name);
  let from = 0;
  for (const [variant, to] of parts) {
    execFileSync(process.execPath, [program, variant, String(from), String(to), file], { stdio: 'pipe' });
    from = to;
  }
  return [0, 1, 2].map((index) => readFileSync(`${file}.${index}`));
}

let whole: Buffer[];
beforeAll(() => {
  whole = trainIn('whole', [['simd128', 40]]);
});

test.each<[string, [string, number][]]>([
  [
    'two processes',
    [
      ['simd128', 20],
      ['simd128', 40],
    ],
  ],
  [
    'a process for each variant',
    [
      ['scalar', 1],
      ['reference', 17],
      ['simd128', 39],
      ['scalar', 40],
    ],
  ],
])('%s', (name, parts) => {
  const files = trainIn(name, parts);
  expect(files.map((file, index) => file.equals(whole[index] as Buffer))).toEqual([true, true, true]);
});

test('and files are not the same whatever is trained', () => {
  const [first] = trainIn('shorter', [['simd128', 39]]);
  expect(first?.equals(whole[0] as Buffer)).toBe(false);
});
