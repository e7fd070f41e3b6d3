// descent web: what it serves, to whom, and how it ends.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { binary, descent, scratch, start } from './descent.ts';

const cwd = scratch();
const command = installWithPage(join(cwd, 'installed'));
let served: ReturnType<typeof start>;
let address: string;

/** The command as it is published: the page lies in its own dist. */
function installWithPage(folder: string): string {
  const built = dirname(dirname(binary));
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(built, part), join(folder, part), { recursive: true });
  const page = join(folder, 'dist', 'web');
  mkdirSync(page, { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>the page</title>');
  return join(folder, 'bin', 'descent.js');
}

/** Starts it and waits until it says where. */
async function serving(args: string) {
  const run = start(args.split(' '), { cwd, command });
  const url = await new Promise<string>((resolve) =>
    run.child.stdout?.once('data', (text) => resolve(String(text).trim())),
  );
  return { run, url };
}

beforeAll(async () => {
  const { run, url } = await serving('web --port 0');
  [served, address] = [run, url];
});

test('serves the page', async () => {
  const answer = await fetch(address);
  expect(await answer.text()).toMatch(/the page/);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
});

const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .filter(({ internal, scopeid }) => !internal && !scopeid)
  .map(({ address }) => address);

test.for(['127.0.0.2', '::1', ...elsewhere])('nobody listens at %s', async (host) => {
  const socket = connect({ host, port: Number(new URL(address).port), timeout: 1_000 });
  const what = await new Promise((resolve) => {
    for (const event of ['connect', 'error', 'timeout']) socket.once(event, () => resolve(event));
  });
  socket.destroy();
  expect(what).not.toBe('connect');
});

test('a port that is taken: 1, and the way out', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  afterAll(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { code, stderr } = await descent(`web --port ${(other.address() as AddressInfo).port}`, { cwd, command });
  expect(stderr).toMatch(/error: port \d+ is taken by another program\n.*descent web --port 0/);
  expect(code).toBe(1);
});

test.for([
  ['web --port 65536', /--port to be a whole number from 0 to 65535/],
  ['web --prot 1', /unknown flag --prot; did you mean --port\?/],
  ['web here', /too many arguments/],
] as const)('descent %s: 2', async ([args, message]) => {
  const { code, stderr } = await descent(args, { cwd, command });
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test.for(['SIGINT', 'SIGTERM'] as const)('%s ends it quietly, whoever is connected', async (signal) => {
  const { run, url } = await serving('web --port 0');
  const lingering = connect(Number(new URL(url).port), '127.0.0.1');
  lingering.on('error', () => {});
  await sleep(50);
  run.child.kill(signal);
  const { code, stdout, stderr } = await run.whenEnded;
  expect(code).toBe(0);
  expect(stdout).toBe(`${url}\n`);
  expect(stderr).toBe('Ctrl-C ends it\n');
});

afterAll(async () => {
  served.child.kill('SIGINT');
  await served.whenEnded;
});
