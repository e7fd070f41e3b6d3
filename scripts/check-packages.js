// Packs the packages as they would be published, and checks the tarballs with publint and are-the-types-wrong.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pack } from './pack.js';
import { environment, root } from './setup.js';

const folder = mkdtempSync(join(tmpdir(), 'descent-packages-'));
try {
  const { descent, ...libraries } = pack(folder);
  const files = Object.values(libraries);
  const problems = await Promise.all([
    ...[descent, ...files].map((file) => check('publint', '--strict', file)),
    // The command has no types.
    ...files.map((file) => check('attw', file, '--profile', 'esm-only', '--no-color')),
  ]);
  process.exitCode = problems.some(Boolean) ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

/** Prints the output of a tool that fails. Returns whether it failed. */
async function check(command, ...args) {
  try {
    await promisify(execFile)(command, args, { cwd: root, env: environment, shell: process.platform === 'win32' });
    return false;
  } catch (error) {
    console.log(`${command} ${args.join(' ')}\n${error.stdout || error.message}`);
    return true;
  }
}
