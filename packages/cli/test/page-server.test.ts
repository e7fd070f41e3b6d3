// The server of the page against whoever else finds it: other names, folders that are not its own, clients that lie, dawdle or leave.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
writeFileSync(join(folder, 'data', 'empty.bin'), '');
writeFileSync(join(folder, 'data', 'large.bin'), Buffer.alloc(64 * 2 ** 20));
writeFileSync(join(folder, '../secret.txt'), SECRET);
writeFileSync(join(folder, '../page-too/secret.txt'), SECRET);
symlinkSync('../secret.txt', join(folder, 'link.txt'));
symlinkSync('../page-too', join(folder, 'link'));
symlinkSync('index.html', join(folder, 'within.html'));
symlinkSync('nowhere', join(folder, 'dangling'));

/** A server whose patience is short, and its port. */
async function listen(patience: Parameters<typeof createPageServer>[1] = {}) {
  const server = createPageServer(folder, patience).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  afterAll(() => server.closeAllConnections());
  afterAll(() => void server.close());
  return { port: (server.address() as AddressInfo).port };
}

const { port } = await listen();

/** A client of its own making: what it gets until the other side ends it. `speak` says what, when connected. */
function client(to: number, speak: (socket: Socket) => void): Promise<string> {
  const socket = connect(to, '127.0.0.1');
  let answer = '';
  socket.on('connect', () => speak(socket));
  socket.on('data', (text) => (answer += text.toString('latin1')));
  socket.on('error', () => {});
  return new Promise((resolve) => socket.on('close', () => resolve(answer)));
}

/** The request as it stands: clients would tidy it up. */
const raw = (request: string) => client(port, (socket) => socket.write(`${request}\r\nConnection: close\r\n\r\n`));

/** Whatever happened: the next one is served. */
async function expectToServe(): Promise<void> {
  expect(await raw('GET / HTTP/1.1\r\nHost: localhost')).toMatch(/^HTTP\/1.1 200 [\s\S]*the page/);
}

const home = 'localhost';
const notFound = /no such file/;
const otherHost = /expected the host 127\.0\.0\.1 or localhost/;
const secrets = new RegExp(`${SECRET}|root:`);
const long = (length: number) => 'a'.repeat(length);

test.for([
  ['GET /', 'localhost:1', 200, /the page/],
  ['HEAD /', '127.0.0.1', 200, /Content-Type: text\/html/],
  ['GET /index.html', '[::1]:80', 200, /the page/],
  ['GET /', 'LOCALHOST', 200, /the page/],
  ['GET /within.html', home, 200, /the page/],
  ['GET /data/part.bin', home, 200, /Content-Length: 100/],
  ['GET /data/part.bin?v=1', home, 200, /Cache-Control: no-cache/],
  ['GET /data/empty.bin', home, 200, /Content-Length: 0/],
  // Folders, and names that lead out of this one.
  ['GET /data', home, 404, notFound],
  ['GET /data/', home, 404, notFound],
  ['GET /../secret.txt', home, 404, notFound],
  ['GET /../page-too/secret.txt', home, 404, notFound],
  ['GET ../secret.txt', home, 400, /^/],
  ['GET /data/../../secret.txt', home, 404, notFound],
  ['GET /./.././../secret.txt', home, 404, notFound],
  ['GET /%2e%2e/secret.txt', home, 404, notFound],
  ['GET /%2E%2E%2Fsecret.txt', home, 404, notFound],
  ['GET /..%2fsecret.txt', home, 404, notFound],
  ['GET /%252e%252e/secret.txt', home, 404, notFound],
  ['GET /..%5csecret.txt', home, 404, notFound],
  ['GET /..\\secret.txt', home, 404, notFound],
  ['GET /....//secret.txt', home, 404, notFound],
  ['GET /..;/secret.txt', home, 404, notFound],
  ['GET /%c0%ae%c0%ae/secret.txt', home, 404, notFound],
  ['GET /?../secret.txt', home, 200, /the page/],
  ['GET //etc/passwd', home, 404, notFound],
  ['GET /etc/passwd', home, 404, notFound],
  ['GET file:///etc/passwd', home, 404, notFound],
  ['GET http://127.0.0.1/../secret.txt', home, 404, notFound],
  ['GET C:\\secret.txt', home, 400, /^/],
  ['GET /index.html::$DATA', home, 404, notFound],
  ['GET /%00', home, 404, notFound],
  ['GET /index.html%00.js', home, 404, notFound],
  ['GET /%', home, 404, notFound],
  ['GET /dangling', home, 404, notFound],
  // Names that a site of the web may point here.
  ['GET /', 'evil.example', 403, otherHost],
  ['GET /', 'evil.example:8421', 403, otherHost],
  ['GET /', 'localhost.evil.example', 403, otherHost],
  ['GET /', 'evil.example/localhost', 403, otherHost],
  ['GET /', 'localhost@evil.example', 403, otherHost],
  ['GET /', 'localhost, evil.example', 403, otherHost],
  ['GET /', 'localhost:80:80', 403, otherHost],
  ['GET /', 'localhost.', 403, otherHost],
  ['GET /', '127.0.0.1.evil.example', 403, otherHost],
  ['GET /', '127.1', 403, otherHost],
  ['GET /', '0.0.0.0', 403, otherHost],
  ['GET /', '[::ffff:127.0.0.1]', 403, otherHost],
  ['GET /', '', 403, otherHost],
  ['GET http://localhost/', 'evil.example', 403, otherHost],
  ['GET http://evil.example/', home, 404, notFound],
  // Methods, and what a page has no need of.
  ['POST /', home, 405, /expected GET or HEAD/],
  ['PUT /index.html', home, 405, /Allow: GET, HEAD/],
  ['DELETE /index.html', home, 405, /expected GET or HEAD/],
  ['OPTIONS *', home, 405, /expected GET or HEAD/],
  ['TRACE /', home, 405, /expected GET or HEAD/],
  ['PROPFIND /', home, 405, /expected GET or HEAD/],
  ['NONSENSE /', home, 400, /^/],
] as const)('%s for the host %s: %i', async ([request, host, status, body]) => {
  const answer = await raw(`${request} HTTP/1.1\r\nHost: ${host}`);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toMatch(body);
  expect(answer).not.toMatch(secrets);
});

const line = (path: string, ...headers: string[]) => [`GET ${path} HTTP/1.1`, `Host: ${home}`, ...headers].join('\r\n');

test.for([
  ['a name of 8 kB', line(`/${long(8_000)}`), 404],
  ['4,000 folders down', line(`/${'a/'.repeat(4_000)}`), 404],
  ['4,000 folders up', line(`/${'../'.repeat(4_000)}etc/passwd`), 404],
  ['a URL of 20 kB', line(`/${long(20_000)}`), 431],
  ['a header of 20 kB', line('/', `Cookie: ${long(20_000)}`), 431],
  ['2,000 headers', line('/', ...Array.from({ length: 2_000 }, (_, index) => `X-${index}: y`)), 200],
  ['a body', line('/', 'Content-Length: 5', '', 'hello'), 413],
  ['a body without end', line('/', 'Transfer-Encoding: chunked', '', 'ffffffff', long(100_000)), 413],
  ['a body of a length that is none', line('/', 'Content-Length: -1'), 400],
  ['a body of two lengths', line('/', 'Content-Length: 1', 'Transfer-Encoding: chunked'), 400],
  ['two hosts', line('/', 'Host: evil.example'), 200],
  ['another host first', 'GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost', 403],
  ['no host', 'GET / HTTP/1.1', 400],
  ['HTTP/1.0 and no host', 'GET / HTTP/1.0', 403],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['a socket for messages', line('/', 'Connection: Upgrade', 'Upgrade: websocket'), 200],
  ['a part from behind its end', line('/data/part.bin', 'Range: bytes=10-5'), 200],
  ['a part from behind the file', line('/data/part.bin', 'Range: bytes=99999-'), 200],
  ['the last bytes', line('/data/part.bin', 'Range: bytes=-5'), 200],
  ['a part that is none', line('/data/part.bin', 'Range: bytes=x'), 200],
  ['a thousand parts', line('/data/part.bin', `Range: bytes=${'0-,'.repeat(1_000)}`), 200],
  ['a part of nothing', line('/data/empty.bin', 'Range: bytes=0-0'), 200],
] as const)('%s', async ([, request, status]) => {
  const answer = await raw(request);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).not.toMatch(secrets);
  await expectToServe();
});

test.for(['/link.txt', '/link/secret.txt'])('%s leads out of the folder: no byte of an answer', async (path) => {
  expect(await raw(line(path))).toBe('');
  expect(await raw(line(path).replace('GET', 'HEAD'))).toBe('');
});

test('every answer comes with the policy of the page, and stays out of frames and of other sites', async () => {
  const page = readFileSync(new URL('../../web/src/index.html', import.meta.url), 'utf8');
  const own = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1];
  for (const answer of [await raw(line('/')), await raw(line('/nothing'))]) {
    expect(answer).toContain(`Content-Security-Policy: ${own}; frame-ancestors 'none'\r\n`);
    expect(answer).toContain('Cross-Origin-Opener-Policy: same-origin\r\n');
    expect(answer).toContain('Cross-Origin-Resource-Policy: same-origin\r\n');
    expect(answer).toContain('Referrer-Policy: no-referrer\r\n');
    expect(answer).toContain('X-Content-Type-Options: nosniff\r\n');
    expect(answer).not.toMatch(/Access-Control|X-Powered-By|^Server:/im);
  }
});

// Where the system shows which files a process holds open.
test.skipIf(!existsSync('/proc/self/fd'))('fifty clients that leave in the middle leave no file open', async () => {
  const leave = () =>
    client(port, (socket) => {
      socket.once('data', () => socket.destroy());
      socket.write(`${line('/data/large.bin')}\r\n\r\n`);
    });
  await Promise.all(Array.from({ length: 50 }, leave));
  await expect.poll(openFiles).toEqual([]);
  await expectToServe();
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${descriptor}`);
      return file.startsWith(folder) ? [file] : [];
    } catch {
      return [];
    }
  });
}

const hasty = { headersTimeout: 150, requestTimeout: 200, connectionsCheckingInterval: 50, silence: 400 };
const drip = (socket: Socket, text: string) => {
  const dripping = setInterval(() => socket.write(text), 20);
  socket.on('close', () => clearInterval(dripping));
};

test.for([
  ['says nothing', () => {}, /^(HTTP\/1.1 408 [\s\S]*)?$/],
  ['never comes to the end of its first line', (socket: Socket) => drip(socket, 'G'), /^HTTP\/1.1 4/],
  [
    'sends headers without end',
    (socket: Socket) => {
      socket.write(`${line('/')}\r\n`);
      drip(socket, 'X: y\r\n');
    },
    /^HTTP\/1.1 408 /,
  ],
  ['stays when it has what it wanted', (socket: Socket) => socket.write(`${line('/')}\r\n\r\n`), /the page/],
] as const)('a client that %s is not waited for', async ([, speak, expected]) => {
  const { port } = await listen({ ...hasty, keepAliveTimeout: 100 });
  const began = performance.now();
  const waiting = client(port, speak);
  // The others do not notice.
  expect(await client(port, (socket) => socket.write(`${line('/', 'Connection: close')}\r\n\r\n`))).toMatch(/the page/);
  expect(await waiting).toMatch(expected);
  expect(performance.now() - began).toBeLessThan(3_000);
});

test.skipIf(!existsSync('/proc/self/fd'))(
  'a client that asks and takes nothing does not keep a file open',
  async () => {
    const { port } = await listen(hasty);
    const socket = connect(port, '127.0.0.1').pause();
    socket.write(`${line('/data/large.bin')}\r\n\r\n`);
    await expect.poll(openFiles, { interval: 5 }).toEqual([join(folder, 'data/large.bin')]);
    await expect.poll(openFiles, { timeout: 3_000 }).toEqual([]);
    socket.destroy();
  },
);

test('more connections than a page has are turned away, the others are served', async () => {
  const { port } = await listen({ connections: 4 });
  const lingering = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
  await Promise.all(lingering.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  await sleep(50);
  expect(await client(port, (socket) => socket.write(`${line('/')}\r\n\r\n`))).toBe('');
  for (const socket of lingering) socket.destroy();
  await sleep(50);
  const answer = await client(port, (socket) => socket.write(`${line('/', 'Connection: close')}\r\n\r\n`));
  expect(answer).toMatch(/the page/);
});

test('a file that is deleted while it is served', async () => {
  const file = join(folder, 'data', 'passing.bin');
  for (let round = 0; round < 20; round++) {
    writeFileSync(file, Buffer.alloc(1_000));
    const answers = Array.from({ length: 10 }, () => raw(line('/data/passing.bin')));
    await sleep(round % 5);
    rmSync(file);
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^$|^HTTP\/1.1 (200|404) /);
  }
  await expectToServe();
});

test('what no file has is made, if it can be', async () => {
  const made: string[] = [];
  const answers: Record<string, () => Promise<Uint8Array>> = {
    'data/made.gz': async () => Buffer.from('as if it lay there'),
    'data/broken.gz': () => Promise.reject(new Error('there are no data')),
    'index.html': async () => Buffer.from('not this'),
  };
  const make = (path: string) => {
    made.push(path);
    return Object.hasOwn(answers, path) ? answers[path]?.() : undefined;
  };
  const server = createPageServer(folder, {}, make).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const ask = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method });
  const whole = await ask('/data/made.gz?again#here');
  expect([whole.status, await whole.text()]).toEqual([200, 'as if it lay there']);
  expect(whole.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  const head = await ask('/data/made.gz', 'HEAD');
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['18', '']);
  expect((await ask('/data/nothing.gz')).status).toBe(404);
  const broken = await ask('/data/broken.gz');
  expect([broken.status, await broken.text()]).toEqual([500, 'there are no data\n']);
  expect(await (await ask('/index.html')).text()).toMatch(/the page/);
  expect(made).not.toContain('index.html');
  server.close();
  server.closeAllConnections();
});
