// Installs and builds what a root script needs. On stderr: each step, its progress and its time; the whole output only if it fails.
import { spawn, spawnSync } from 'node:child_process';
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
export async function install() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  // Two more tries within 12 s, not 70, and each with a line.
  const tries = ['--loglevel=http', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];
  const packages = ['install', '--frozen-lockfile', '--reporter=append-only'];
  await step('Installing packages', 'npx', ['-y', ...tries, pnpm(), ...packages]);
  writeFileSync(stamp, wanted);
}

/** Builds all packages, or one with what it depends on. */
export async function build(name) {
  const filter = name === undefined ? [] : [`--filter=${name}`];
  await step('Building', 'turbo', ['run', 'build', ...filter]);
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

/** Lines of pnpm, npm and turbo that tell how far they are. */
const PROGRESS = /^(?:Progress: .*|npm http fetch .*|\S+:build: cache .*)$/gm;
/** What npm and pnpm print when no registry answers, and the address that they tried. */
const NO_ANSWER =
  /ECONN(?:REFUSED|RESET)|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|E(?:HOST|NET)UNREACH|ERR_SOCKET_TIMEOUT|error sending request/;
const ADDRESS = /https?:\/\/[^/\s]+/;

/** Runs a command. Prints a line when it begins and ends, its progress meanwhile, and its output only if it fails. */
async function step(title, command, args) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  const { isTTY: isLive, columns = 80 } = process.stderr;
  const clear = isLive ? '\r\u001b[K' : '';
  process.stderr.write(`${title} …\n`);
  let output = '';
  let isOffline = false;
  const show = () => {
    const progress = isOffline
      ? 'the package registry does not answer, trying again'
      : output
          .match(PROGRESS)
          ?.at(-1)
          ?.replace(/^(\S+):build: .*/, '$1');
    const line = `  ${seconds()}  ${progress ?? ''}`.trimEnd();
    process.stderr.write(isLive ? clear + line.slice(0, columns - 1) : `${line}\n`);
  };
  const timer = setInterval(show, isLive ? 500 : 10_000);
  const { status, error } = await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows,
    });
    const take = (text) => {
      output += text;
      if (isOffline || !NO_ANSWER.test(output)) return;
      isOffline = true;
      show();
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', take);
    child.on('error', (reason) => resolve({ error: reason }));
    child.on('close', (code) => resolve({ status: code }));
  });
  clearInterval(timer);
  process.stderr.write(`${clear}${title} … ${status === 0 ? 'done' : 'failed'} in ${seconds()}\n`);
  if (status === 0) return;
  process.stderr.write(isOffline ? noRegistry(output) : `${output}${error ? `${error.message}\n` : ''}`);
  process.exit(1);
}

function noRegistry(output) {
  const line = output.split('\n').find((each) => NO_ANSWER.test(each) && ADDRESS.test(each)) ?? '';
  const at = ADDRESS.exec(line)?.[0];
  return `The package registry${at ? ` at ${at}` : ''} cannot be reached, and packages must be installed once.
Check the network, and registry and proxy in \`npm config list\`; then repeat the command.
${line.trim()}\n`;
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
