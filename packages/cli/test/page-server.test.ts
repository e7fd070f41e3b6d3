// The server of the page refuses other hosts, files outside its folder, and clients that send too much, too slowly or
// nothing.
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createPageServer } from '../src/page-server.ts';
import { scratch } from './descent.ts';

const SECRET = 'not for the world';
const folder = join(scratch(), 'page');
mkdirSync(join(folder, 'data'), { recursive: true });
mkdirSync(join(folder, '../page-too'));
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>the page</title>');
writeFileSync(join(folder, 'data', 'part.bin'), Buffer.alloc(100, 7));
writeFileSync(join(folder, 'data', 'large.bin'), Buffer.alloc(64 * 2 ** 20));
writeFileSync(join(folder, '../secret.txt'), SECRET);
writeFileSync(join(folder, '../page-too/secret.txt'), SECRET);
symlinkSync('../secret.txt', join(folder, 'link.txt'));
symlinkSync('../page-too', join(folder, 'link'));
symlinkSync('index.html', join(folder, 'within.html'));
symlinkSync('nowhere', join(folder, 'dangling'));

/** Starts a server and returns its port. */
async function listen(...options: [Parameters<typeof createPageServer>[1]?, Parameters<typeof createPageServer>[2]?]) {
  const server = createPageServer(folder, ...options).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  afterAll(() => server.closeAllConnections());
  afterAll(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const port = await listen();

/** Connects, calls `act`, and returns everything that the server sends before the connection closes. */
function converse(to: number, act: (socket: Socket) => void): Promise<string> {
  const socket = connect(to, '127.0.0.1');
  let answer = '';
  socket.on('connect', () => act(socket));
  socket.on('data', (text) => (answer += text.toString('latin1')));
  socket.on('error', () => {});
  return new Promise((resolve) => socket.on('close', () => resolve(answer)));
}

/** Sends a request unchanged; HTTP clients would correct it. */
const send = (request: string, to = port) =>
  converse(to, (socket) => socket.write(`${request}\r\nConnection: close\r\n\r\n`));

const home = 'localhost';
const notFound = /no such file/;
const otherHost = /expected the host 127\.0\.0\.1 or localhost/;
const secrets = new RegExp(`${SECRET}|root:`);
const long = (length: number) => 'a'.repeat(length);
const get = (path: string, ...headers: string[]) => [`GET ${path} HTTP/1.1`, `Host: ${home}`, ...headers].join('\r\n');

async function expectToServe(): Promise<void> {
  expect(await send(get('/'))).toMatch(/^HTTP\/1.1 200 [\s\S]*the page/);
}

test.for([
  ['GET /', 'localhost:1', 200, /the page/],
  ['HEAD /', '127.0.0.1', 200, /Content-Type: text\/html/],
  ['GET /within.html', home, 200, /the page/],
  ['GET /data/part.bin?v=1', home, 200, /Content-Length: 100[\s\S]*Cache-Control: no-cache/],
  // Paths out of the folder.
  ['GET /data/', home, 404, notFound],
  ['GET /../page-too/secret.txt', home, 404, notFound],
  ['GET /%2E%2E%2Fsecret.txt', home, 404, notFound],
  ['GET /..%5csecret.txt', home, 404, notFound],
  ['GET /index.html%00.js', home, 404, notFound],
  ['GET /dangling', home, 404, notFound],
  // Host names that a website can point to this address.
  ['GET /', 'evil.example:8421', 403, otherHost],
  ['GET /', 'localhost@evil.example', 403, otherHost],
  ['GET /', '[::ffff:127.0.0.1]', 403, otherHost],
  ['GET /', '', 403, otherHost],
  ['GET http://localhost/', 'evil.example', 403, otherHost],
  ['POST /', home, 405, /expected GET or HEAD/],
  ['NONSENSE /', home, 400, /^/],
] as const)('%s for the host %s: %i', async ([request, host, status, body]) => {
  const answer = await send(`${request} HTTP/1.1\r\nHost: ${host}`);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toMatch(body);
  expect(answer).not.toMatch(secrets);
});

test.for([
  ['4,000 folders up', get(`/${'../'.repeat(4_000)}etc/passwd`), 404],
  ['a header of 20 kB', get('/', `Cookie: ${long(20_000)}`), 431],
  ['a body', get('/', 'Content-Length: 5', '', 'hello'), 413],
  ['an endless body', get('/', 'Transfer-Encoding: chunked', '', 'ffffffff', long(100_000)), 413],
  ['a second host', 'GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost', 403],
  ['HTTP/1.0 without a host', 'GET / HTTP/1.0', 403],
  ['a thousand ranges', get('/data/part.bin', `Range: bytes=${'0-,'.repeat(1_000)}`), 200],
] as const)('a request with %s: %i', async ([, request, status]) => {
  const answer = await send(request);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).not.toMatch(secrets);
  await expectToServe();
});

test.for(['/link.txt', '/link/secret.txt'])('%s, a link out of the folder, gets no answer', async (path) => {
  expect(await send(get(path))).toBe('');
  expect(await send(get(path).replace('GET', 'HEAD'))).toBe('');
});

test('every answer has the security policy of the page and forbids frames', async () => {
  const page = readFileSync(new URL('../../web/src/index.html', import.meta.url), 'utf8');
  const own = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1];
  for (const answer of [await send(get('/')), await send(get('/nothing'))]) {
    expect(answer).toContain(`Content-Security-Policy: ${own}; frame-ancestors 'none'\r\n`);
    expect(answer).toMatch(/Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n/);
    expect(answer).toMatch(/Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n/);
    expect(answer).not.toMatch(/Access-Control|X-Powered-By|^Server:/im);
  }
});

function listOpenFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${descriptor}`);
      return file.startsWith(folder) ? [file] : [];
    } catch {
      return [];
    }
  });
}

const shortLimits = { headersTimeout: 150, requestTimeout: 200, connectionsCheckingInterval: 50, idleTimeout: 400 };

test.skipIf(!existsSync('/proc/self/fd'))('clients that disconnect or read nothing leave no file open', async () => {
  const leave = () =>
    converse(port, (socket) => {
      socket.once('data', () => socket.destroy());
      socket.write(`${get('/data/large.bin')}\r\n\r\n`);
    });
  await Promise.all(Array.from({ length: 50 }, leave));
  await expect.poll(listOpenFiles).toEqual([]);
  const socket = connect(await listen(shortLimits), '127.0.0.1').pause();
  socket.write(`${get('/data/large.bin')}\r\n\r\n`);
  await expect.poll(listOpenFiles, { interval: 5 }).toEqual([join(folder, 'data/large.bin')]);
  await expect.poll(listOpenFiles, { timeout: 3_000 }).toEqual([]);
  socket.destroy();
  await expectToServe();
});

const drip = (socket: Socket, text: string) => {
  const timer = setInterval(() => socket.write(text), 20);
  socket.on('close', () => clearInterval(timer));
};

test.for([
  ['sends nothing', () => {}, /^(HTTP\/1.1 408 [\s\S]*)?$/],
  ['never completes its first line', (socket: Socket) => drip(socket, 'G'), /^HTTP\/1.1 4/],
  ['stays connected', (socket: Socket) => socket.write(`${get('/')}\r\n\r\n`), /the page/],
] as const)('a client that %s is disconnected', async ([, act, expected]) => {
  const own = await listen({ ...shortLimits, keepAliveTimeout: 100 });
  const began = performance.now();
  const waiting = converse(own, act);
  expect(await send(get('/'), own)).toMatch(/the page/);
  expect(await waiting).toMatch(expected);
  expect(performance.now() - began).toBeLessThan(3_000);
});

test('connections above the limit are refused', async () => {
  const own = await listen({ maxConnections: 4 });
  const sockets = Array.from({ length: 4 }, () => connect(own, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  await sleep(50);
  expect(await converse(own, (socket) => socket.write(`${get('/')}\r\n\r\n`))).toBe('');
  for (const socket of sockets) socket.destroy();
  await sleep(50);
  expect(await send(get('/'), own)).toMatch(/the page/);
});

test('paths without a file can be created', async () => {
  const created: Record<string, () => Promise<Uint8Array>> = {
    'data/made.gz': async () => Buffer.from('as a file'),
    'data/broken.gz': () => Promise.reject(new Error('there are no data')),
    'index.html': async () => Buffer.from('not this'),
  };
  const own = await listen({}, (path) => (Object.hasOwn(created, path) ? created[path]?.() : undefined));
  expect(await send(get('/data/made.gz?again#here'), own)).toMatch(/ 200 [\s\S]*default-src 'none'[\s\S]*as a file$/);
  expect(await send(get('/data/made.gz').replace('GET', 'HEAD'), own)).toMatch(/Content-Length: 9\r\n[\s\S]*\r\n\r\n$/);
  expect(await send(get('/data/nothing.gz'), own)).toMatch(/ 404 /);
  expect(await send(get('/data/broken.gz'), own)).toMatch(/ 500 [\s\S]*there are no data\n$/);
  expect(await send(get('/index.html'), own)).toMatch(/the page/);
});
