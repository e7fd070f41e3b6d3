// Habits of other systems: how Windows ends lines and marks texts, what it takes for devices, machines that keep the high byte first.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { decodeText } from '../src/store/files.ts';
import { fileNameOf } from '../src/store/weights.ts';
import { descent, scratch } from './descent.ts';

const cwd = scratch();
const run = 'run optimizer_compare_naive --steps 7 --quiet --json';
let record: string;
let digest: string;
beforeAll(async () => {
  ({ stdout: record } = await descent(`${run} --out whole`, { cwd }));
  digest = JSON.parse(record).digest;
});

const inWindows = (text: string) => text.replaceAll('\n', '\r\n');
/** How a text leaves an editor or a shell. */
const written: readonly [name: string, encode: (text: string) => Buffer][] = [
  ['lines that end in CRLF', (text) => Buffer.from(inWindows(text))],
  ['UTF-8 that is marked', (text) => Buffer.from(`\ufeff${inWindows(text)}`)],
  ['UTF-16, as > of PowerShell 5 writes it', (text) => Buffer.from(`\ufeff${inWindows(text)}`, 'utf16le')],
];

test.each(written)('%s: a record, and settings', async (name, encode) => {
  expect(decodeText(encode('σ = 1\n')).trim()).toBe('σ = 1');
  writeFileSync(join(cwd, 'run.json'), encode(record));
  expect((await descent('verify run.json --quiet', { cwd })).code).toBe(0);
  writeFileSync(join(cwd, 'config.json'), encode('{\n  "steps": 7\n}\n'));
  const { stdout } = await descent(`${run.replace('--steps 7', '--config config.json')} --out ${name.length}`, { cwd });
  expect(JSON.parse(stdout).digest).toBe(digest);
});

test('what we write ends lines as everywhere, and has no mark', () => {
  for (const file of ['run.json', 'journal.jsonl'])
    expect(readFileSync(join(cwd, 'whole', file), 'latin1')).not.toMatch(/\r|^\xef\xbb\xbf/);
});

test.each(['CON', 'nul', 'com1.txt', 'lr=0.1:σ', 'a/b', 'a\\b', '..', 'C:', 'x|y?', 'trailing.', ' ', 'a*"<>'])(
  'an arm called %j has a file that Windows takes, in the folder of the run',
  (arm) => {
    const name = `${fileNameOf(arm)}.safetensors`;
    expect(win32.dirname(win32.join('C:\\runs', name))).toBe('C:\\runs');
    expect(win32.basename(name)).toBe(name);
    expect(name).not.toMatch(/[<>:"/\\|?*\s]|^(?:con|prn|aux|nul|com\d|lpt\d)\./i);
  },
);

test('a machine that keeps the high byte first: 1, a sentence and nothing left', async () => {
  const file = join(cwd, 'high-byte-first.mjs');
  writeFileSync(file, 'Uint32Array.of = () => new Uint32Array([2 ** 24]);');
  const env = { NODE_OPTIONS: `--import ${pathToFileURL(file)}` };
  const { code, stdout, stderr } = await descent(`${run} --out high`, { cwd, env });
  expect(stderr).toBe(
    'error: expected a little-endian machine: WebAssembly and typed arrays must have the same byte order\n',
  );
  expect(JSON.parse(stdout).error).toMatchObject({ code: 1 });
  expect(code).toBe(1);
  expect(existsSync(join(cwd, 'high'))).toBe(false);
});
