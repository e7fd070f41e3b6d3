// Finds in what is committed the things that belong to one machine: paths, registry hosts, keys; and files that are too large.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.js';

const MAX_BYTES = 1_000_000;
const own = 'scripts/check-tree.js';
const rules = [
  { pattern: /\/(?:home|Users|root|work|tmp\/\w+)\/[\w.-]+/, what: 'a path of one machine' },
  {
    pattern: /\b(?:127\.0\.0\.1|localhost|10\.\d+\.\d+\.\d+):\d{2,5}\/(?:npm|registry|simple)/,
    what: 'a private registry',
  },
  { pattern: /_authToken|BEGIN [A-Z ]*PRIVATE KEY/, what: 'a key' },
];
/** A lockfile names packages and their digests; where they are fetched from is the user's affair. */
const lockRules = [{ pattern: /https?:\/\/|\btarball:|[ '"]file:|registry\./, what: 'an address' }];

let found = 0;
const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
for (const file of files.split('\0')) {
  const stat = file === '' || file === own ? undefined : statSync(join(root, file), { throwIfNoEntry: false });
  if (!stat?.isFile()) continue;
  if (stat.size > MAX_BYTES) report(file, `${stat.size} bytes`, `a file over ${MAX_BYTES} bytes`);
  const text = readFileSync(join(root, file), 'latin1');
  if (text.includes('\0')) continue;
  for (const { pattern, what } of [...rules, ...(file === 'pnpm-lock.yaml' ? lockRules : [])]) {
    const match = pattern.exec(text);
    if (match) report(`${file}:${text.slice(0, match.index).split('\n').length}`, match[0], what);
  }
}
process.exitCode = found === 0 ? 0 : 1;

function report(where, text, what) {
  console.log(`${where} ${text}: ${what}`);
  found++;
}
