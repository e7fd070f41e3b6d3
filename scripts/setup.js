// Installs and builds what a root script needs. Quiet: one line a step on stderr, everything else only where a step fails.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.descent-installed');
const windows = process.platform === 'win32';

/** The environment in which workspace tools run: their binaries first, no notices, no telemetry. */
export const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
};

/** Brings node_modules to what the lockfile says; nothing to do where it is there already. */
export function install() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  step('Installing packages …', 'npx', ['-y', pnpm(), 'install', '--frozen-lockfile', '--reporter=append-only']);
  writeFileSync(stamp, wanted);
}

/** Builds all packages, or one with what it depends on. */
export function build(name) {
  const filter = name === undefined ? [] : [`--filter=${name}`];
  step('Building …', 'turbo', ['run', 'build', '--output-logs=errors-only', ...filter]);
}

/** Runs a command on this terminal; gives its exit code, or 128 + the signal's number as a shell does. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    stdio: 'inherit',
    shell: windows,
    ...options,
  });
  if (error) throw error;
  return status ?? 128 + (signal === 'SIGINT' ? 2 : 15);
}

function step(title, command, args) {
  const started = performance.now();
  process.stderr.write(title);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows,
  });
  if (status === 0) {
    process.stderr.write(` ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return;
  }
  process.stderr.write(` failed\n${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`);
  process.exit(1);
}

function pnpm() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `pnpm@${devDependencies.pnpm}`;
}

function fingerprint() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'package.json'));
  const files = [
    'package.json',
    'examples/package.json',
    'scripts/api/package.json',
    'pnpm-workspace.yaml',
    'pnpm-lock.yaml',
    ...packages,
  ];
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of files) if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
