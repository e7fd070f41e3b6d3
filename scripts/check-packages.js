// Packs what would be published and lets publint and are-the-types-wrong look at the tarballs.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pack } from './pack.js';
import { environment, root } from './setup.js';

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'descent-packages-'));

/** What a tool says against a tarball; nothing where it is content. */
async function complaint(command, ...args) {
  try {
    await execute(command, args, { cwd: root, env: environment, shell: process.platform === 'win32' });
  } catch (error) {
    return `${command} ${args.join(' ')}\n${error.stdout || error.message}`;
  }
}

try {
  const { descent, ...libraries } = pack(folder);
  const looks = [descent, ...Object.values(libraries)].map((file) => complaint('publint', '--strict', file));
  // A command has no types.
  for (const file of Object.values(libraries))
    looks.push(complaint('attw', file, '--profile', 'esm-only', '--no-color'));
  const complaints = (await Promise.all(looks)).filter((text) => text !== undefined);
  for (const text of complaints) console.log(text);
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
