// Installs and builds the workspace for the other scripts. Progress goes to stderr, the output of a step only if it fails.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const shell = process.platform === 'win32';

/** The environment of workspace tools: their binaries first, no telemetry, no update notices. */
export const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
};

/** Installs the packages of the lockfile, unless they are installed. */
export async function install() {
  const stamp = join(root, 'node_modules', '.descent-installed');
  const current = hashManifests();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === current) return;
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // npm retries for 70 seconds by default; this is two retries within 12 seconds.
  const retries = ['--loglevel=http', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];
  const command = [`pnpm@${devDependencies.pnpm}`, 'install', '--frozen-lockfile', '--reporter=append-only'];
  await step('Installing packages', 'npx', ['-y', ...retries, ...command]);
  writeFileSync(stamp, current);
}

/** Builds all packages, or one package and its dependencies. */
export async function build(name) {
  await step('Building', 'turbo', ['run', 'build', ...(name === undefined ? [] : [`--filter=${name}`])]);
}

/** Runs a command in this terminal. Returns its exit code, or 128 + the number of the signal that ended it. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    stdio: 'inherit',
    shell,
    ...options,
  });
  if (error) throw error;
  return status ?? 128 + (signal === 'SIGINT' ? 2 : 15);
}

/** Installs, builds and runs a command of descent, which handles Ctrl-C itself. */
export async function runDescent(filter, ...args) {
  await install();
  await build(filter);
  process.on('SIGINT', () => {});
  process.exitCode = run(process.execPath, [`${root}/packages/cli/bin/descent.js`, ...args, ...process.argv.slice(2)]);
}

/** Progress lines of pnpm, npm and turbo. */
const PROGRESS = /^(?:Progress: .*|npm http fetch .*|\S+:build: cache .*)$/gm;
const NETWORK_ERROR =
  /ECONN(?:REFUSED|RESET)|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|E(?:HOST|NET)UNREACH|ERR_SOCKET_TIMEOUT|error sending request/;
const ADDRESS = /https?:\/\/[^/\s]+/;

/** Runs a command with a line at its start, progress meanwhile, and a line at its end. Exits if the command fails. */
async function step(title, command, args) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  const { isTTY, columns = 80 } = process.stderr;
  const clear = isTTY ? '\r\u001b[K' : '';
  let output = '';
  let isOffline = false;
  const showProgress = () => {
    const last =
      output
        .match(PROGRESS)
        ?.at(-1)
        ?.replace(/^(\S+):build: .*/, '$1') ?? '';
    const progress = isOffline ? 'the package registry does not answer, trying again' : last;
    const line = `  ${seconds()}  ${progress}`.trimEnd();
    process.stderr.write(isTTY ? clear + line.slice(0, columns - 1) : `${line}\n`);
  };
  process.stderr.write(`${title} …\n`);
  const timer = setInterval(showProgress, isTTY ? 500 : 10_000);
  const { status, error } = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'], shell });
    const collect = (text) => {
      output += text;
      if (isOffline || !NETWORK_ERROR.test(output)) return;
      isOffline = true;
      showProgress();
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', collect);
    child.on('error', (reason) => resolve({ error: reason }));
    child.on('close', (code) => resolve({ status: code }));
  });
  clearInterval(timer);
  process.stderr.write(`${clear}${title} … ${status === 0 ? 'done' : 'failed'} in ${seconds()}\n`);
  if (status === 0) return;
  process.stderr.write(isOffline ? networkHelp(output) : `${output}${error ? `${error.message}\n` : ''}`);
  process.exit(1);
}

function networkHelp(output) {
  const line = output.split('\n').find((each) => NETWORK_ERROR.test(each) && ADDRESS.test(each)) ?? '';
  const address = ADDRESS.exec(line)?.[0];
  return `The package registry${address ? ` at ${address}` : ''} cannot be reached, and packages must be installed once.
Check the network, and registry and proxy in \`npm config list\`; then repeat the command.
${line.trim()}\n`;
}

/** Returns a hash of everything that decides what is installed. */
function hashManifests() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  const manifests = ['.', 'examples', 'scripts/api', ...packages].map((folder) => join(folder, 'package.json'));
  for (const file of [...manifests, 'pnpm-workspace.yaml', 'pnpm-lock.yaml'])
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
