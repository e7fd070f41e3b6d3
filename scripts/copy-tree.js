// The tree as git knows it, at another path: for what must start from nothing, or must not touch what stands here.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { environment, root } from './setup.js';

/** Copies what is committed or could be; packages are installed. @returns its path */
export function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), 'descent-copy-'));
  const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  execFileSync('git', ['init', '-q'], { cwd: copy });
  runIn(copy, 'pnpm', ['install', '--frozen-lockfile', '--prefer-offline']);
  return copy;
}

/**
 * Runs a tool of the workspace in a copy.
 * @throws Error with all that it printed, where it fails
 */
export function runIn(copy, command, args, stdio = 'pipe') {
  const own = join(copy, 'node_modules', '.bin');
  const PATH = [own, environment.PATH].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: copy,
    env: { ...environment, PATH, TURBO_CACHE_DIR: join(copy, '.turbo') },
    encoding: 'utf8',
    stdio,
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed\n${error ?? `${stdout ?? ''}${stderr ?? ''}`}`);
}
