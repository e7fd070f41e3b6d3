// Copies of the repository, for checks that start from nothing or change files.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { environment, root } from './setup.js';

/** Copies all files that git does not ignore, and installs the packages. Returns the path of the copy. */
export function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), 'descent-copy-'));
  const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const file of files.split('\0'))
    if (file !== '' && existsSync(join(root, file))) cpSync(join(root, file), join(copy, file));
  execFileSync('git', ['init', '-q'], { cwd: copy });
  runIn(copy, 'pnpm', ['install', '--frozen-lockfile', '--prefer-offline']);
  return copy;
}

/**
 * Runs a tool of the workspace in a copy.
 * @throws Error with the output if the tool fails
 */
export function runIn(copy, command, args, stdio = 'pipe') {
  const PATH = [join(copy, 'node_modules', '.bin'), environment.PATH].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: copy,
    env: { ...environment, PATH, TURBO_CACHE_DIR: join(copy, '.turbo') },
    encoding: 'utf8',
    stdio,
    shell: process.platform === 'win32',
  });
  const output = error ?? `${stdout ?? ''}${stderr ?? ''}`;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${output}`);
}
