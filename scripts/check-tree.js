// Finds files that should not be committed: paths of one machine, registry hosts, keys, large files.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.js';

const MAX_BYTES = 1_000_000;
const host = String.raw`(?:127\.0\.0\.1|localhost|10\.\d+\.\d+\.\d+)`;
const rules = [
  { pattern: /\/(?:home|Users|root|work|tmp\/\w+)\/[\w.-]+/, what: 'a path of one machine' },
  { pattern: new RegExp(`\\b${host}:\\d{2,5}/(?:npm|registry|simple)`), what: 'a private registry' },
  { pattern: /_authToken|BEGIN [A-Z ]*PRIVATE KEY/, what: 'a key' },
];
const lockfileRules = [{ pattern: /https?:\/\/|\btarball:|[ '"]file:|registry\./, what: 'an address' }];

const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
for (const file of files.split('\0')) {
  if (file === '' || file === 'scripts/check-tree.js') continue;
  const stat = statSync(join(root, file), { throwIfNoEntry: false });
  if (!stat?.isFile()) continue;
  if (stat.size > MAX_BYTES) report(file, `${stat.size} bytes`, `more than ${MAX_BYTES} bytes`);
  const text = readFileSync(join(root, file), 'latin1');
  if (text.includes('\0')) continue;
  for (const { pattern, what } of [...rules, ...(file === 'pnpm-lock.yaml' ? lockfileRules : [])]) {
    const match = pattern.exec(text);
    if (match) report(`${file}:${text.slice(0, match.index).split('\n').length}`, match[0], what);
  }
}

function report(where, text, what) {
  console.log(`${where} ${text}: ${what}`);
  process.exitCode = 1;
}
