// descent web: what it serves, to whom, and how it ends.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
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
  mkdirSync(join(page, 'data'), { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(join(page, 'data', 'part.bin'), Buffer.alloc(100, 7));
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

/** The request as it stands: clients would tidy it up. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1', () =>
      socket.write(`${request}\r\nConnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.on('data', (text) => (answer += text));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

test.for([
  ['GET /', 'localhost:1', 200, /the page/],
  ['HEAD /', '127.0.0.1', 200, /Content-Type: text\/html/],
  ['GET /index.html', '[::1]:80', 200, /the page/],
  ['GET /data/part.bin', 'localhost', 200, /Content-Length: 100/],
  ['GET /data/part.bin?v=1', 'localhost', 200, /no-cache/],
  ['GET /data', 'localhost', 404, /no such file/],
  ['GET /data/', 'localhost', 404, /no such file/],
  ['GET /../bin/descent.js', 'localhost', 404, /no such file/],
  ['GET /data/../../descent.js', 'localhost', 404, /no such file/],
  ['GET /%2e%2e/descent.js', 'localhost', 404, /no such file/],
  ['GET /..%2fdescent.js', 'localhost', 404, /no such file/],
  ['GET /..\\descent.js', 'localhost', 404, /no such file/],
  ['GET //etc/passwd', 'localhost', 404, /no such file/],
  ['GET /%00', 'localhost', 404, /no such file/],
  ['GET /%', 'localhost', 404, /no such file/],
  ['POST /', 'localhost', 405, /expected GET/],
  ['GET /', 'evil.example', 403, /expected the host/],
  ['GET /', 'localhost.evil.example', 403, /expected the host/],
  ['GET /', 'evil.example:8421', 403, /expected the host/],
  ['GET /', '', 403, /expected the host/],
] as const)('%s for the host %s: %i', async ([request, host, status, body]) => {
  const answer = await raw(`${request} HTTP/1.1\r\nHost: ${host}`);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toMatch(body);
  expect(answer).not.toMatch(/import|root:/);
});

test.for(['bytes=10-5', 'bytes=x', 'bytes=99999-', 'bytes=-5'])('a range %s does not end it', async (range) => {
  await raw(`GET /data/part.bin HTTP/1.1\r\nHost: localhost\r\nRange: ${range}`);
  expect((await fetch(address)).status).toBe(200);
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
