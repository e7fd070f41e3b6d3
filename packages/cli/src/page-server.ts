// Serves the page over HTTP to this machine only. Requests for another host name are refused: otherwise a website could
// point its own name at this address and read the page's data (DNS rebinding).
import { type ReadStream, realpathSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { sep } from 'node:path';
import sirv from 'sirv';

const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** The policy of packages/web/src/index.html, and no frames. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; " +
  "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** In bytes and milliseconds. A browser sends headers of less than 1 kB at once and reads what it has requested. */
const defaultLimits = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  /** Time without sent or received data. */
  idleTimeout: 60_000,
  maxConnections: 256,
} satisfies ServerOptions & Record<string, number>;

type CreateFile = (path: string) => Promise<Uint8Array> | undefined;

/**
 * Creates a server of the files in a folder; for a subfolder it serves its index.html.
 * @param createFile returns the bytes of a path that has no file, or undefined
 */
export function createPageServer(
  folder: string,
  limits: Partial<typeof defaultLimits> = {},
  createFile: CreateFile = () => undefined,
): Server {
  const { idleTimeout, maxConnections, ...options } = { ...defaultLimits, ...limits };
  const root = `${realpathSync(folder)}${sep}`;
  // With `dev`, sirv reads the folder at every request, so a later build is served.
  const serveFile = sirv(folder, { dev: true, etag: true });
  const server = createServer(options, (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const refusal = findRefusal(request);
    if (refusal) return refuse(response, ...refusal);
    // The page requests whole files, and sirv computes wrong lengths for some ranges.
    delete request.headers.range;
    response.once('pipe', (file: ReadStream) => guard(file, root, response));
    try {
      serveFile(request, response, () => send(request, response, createFile));
    } catch {
      // The file was removed during the request.
      response.destroy();
    }
  });
  server.maxConnections = maxConnections;
  return server.setTimeout(idleTimeout);
}

/** Sends bytes that are not in a file. */
function send({ url = '', method }: IncomingMessage, response: ServerResponse, createFile: CreateFile): void {
  const bytes = createFile(url.replace(/^\/|[?#].*$/g, ''));
  if (!bytes) {
    refuse(response, 404, 'there is no such file');
    return;
  }
  bytes.then(
    (body) => {
      response.writeHead(200, { 'Content-Type': 'application/gzip', 'Content-Length': body.length });
      response.end(method === 'HEAD' ? undefined : body);
    },
    (error: Error) => refuse(response, 500, error.message),
  );
}

/**
 * Adds what sirv lacks: it follows links out of the folder, throws an unhandled error if a file is removed, and keeps a
 * file open if the client disconnects.
 */
function guard(file: ReadStream, root: string, response: ServerResponse): void {
  file.once('error', () => response.destroy());
  response.once('close', () => file.destroy());
  if (!resolvePath(file).startsWith(root)) response.destroy();
}

function resolvePath({ path }: ReadStream): string {
  try {
    return realpathSync(String(path));
  } catch {
    return '';
  }
}

function findRefusal({ method = '', headers }: IncomingMessage): [status: number, reason: string] | undefined {
  if (!OWN_HOST.test(headers.host ?? '')) return [403, 'expected the host 127.0.0.1 or localhost'];
  if (method !== 'GET' && method !== 'HEAD') return [405, 'expected GET or HEAD'];
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
  return hasBody ? [413, 'expected a request without a body'] : undefined;
}

/** Sends an error and closes the connection, without reading the rest of the request. */
function refuse(response: ServerResponse, status: number, reason: string): void {
  const length = Buffer.byteLength(reason) + 1;
  const more = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': length, Connection: 'close' };
  response.writeHead(status, status === 405 ? { ...more, Allow: 'GET, HEAD' } : more).end(`${reason}\n`);
}
