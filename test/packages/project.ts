// An empty project with the four tarballs in it, as npm installs them.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const packer = fileURLToPath(new URL('../../scripts/pack.js', import.meta.url));

export interface Project {
  readonly folder: string;
  /** Runs a program in the project, with the commands of its packages at hand; gives what it prints. */
  run(command: string, ...args: string[]): Promise<string>;
  remove(): void;
}

/** `npm test` is npm too: what it tells its children is not for another project. */
function environment(folder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('npm_') || ['npm_config_registry', 'npm_config_cache'].includes(name),
  );
  const path = [join(folder, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path, INIT_CWD: folder, NO_COLOR: '1' };
}

/** Gives the reason where other people's packages cannot be fetched: npm needs a registry or what it has kept of one. */
export async function install(): Promise<Project | string> {
  const folder = mkdtempSync(join(tmpdir(), 'descent-project-'));
  const run = async (command: string, ...args: string[]): Promise<string> => {
    const { stdout } = await execute(command, args, { cwd: folder, env: environment(folder), maxBuffer: 2 ** 26 });
    return stdout;
  };
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { stdout } = await execute(process.execPath, [packer, join(folder, 'tarballs')]);
  const tarballs = stdout.trim().split('\n');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  mkdirSync(join(folder, 'src'));
  try {
    await run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs);
  } catch (error) {
    remove();
    const { stderr = '' } = error as { stderr?: string };
    if (process.env.CI || !/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|ECONNRESET/.test(stderr)) throw error;
    return `npm cannot fetch: ${stderr.split('\n')[0]}`;
  }
  return { folder, run, remove };
}
