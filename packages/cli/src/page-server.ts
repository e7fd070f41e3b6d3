// The page over HTTP, for this machine alone: whoever asks under another name than the machine's own is turned away, so that
// no site of the web can point its name at this address and read what is served here.
import { type ReadStream, realpathSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { sep } from 'node:path';
import sirv from 'sirv';

const own = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** The page's own policy (packages/web/src/index.html), and that nobody may put it into a frame. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** A browser sends less than a kilobyte at once, and takes what it has asked for. In bytes and milliseconds. */
const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  /** Nothing sent and nothing taken. */
  silence: 60_000,
  connections: 256,
} satisfies ServerOptions & Record<string, number>;

/**
 * Files of the folder and nothing beside it; a folder in it shows its index.html or nothing.
 * @param made bytes of a path below the folder where no file lies, or undefined
 */
export function createPageServer(
  folder: string,
  patience: Partial<typeof limits> = {},
  made: (path: string) => Promise<Uint8Array> | undefined = () => undefined,
): Server {
  const { silence, connections, ...options } = { ...limits, ...patience };
  const root = `${realpathSync(folder)}${sep}`;
  // `dev` looks at the disk at every request, so that a build that comes later is seen.
  const serveFile = sirv(folder, { dev: true, etag: true });
  const server = createServer(options, (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const refusal = refusalOf(request);
    if (refusal) return refuse(response, ...refusal);
    // The page asks for whole files, and sirv counts the bytes of a part wrongly: nobody gets one.
    delete request.headers.range;
    response.once('pipe', (file: ReadStream) => guard(file, root, response));
    try {
      serveFile(request, response, () => send(request, response, made));
    } catch {
      // A file that went away between two looks at it.
      response.destroy();
    }
  });
  server.maxConnections = connections;
  return server.setTimeout(silence);
}

/** What no file has, if it can be made. */
function send(
  { url = '', method }: IncomingMessage,
  response: ServerResponse,
  made: (path: string) => Promise<Uint8Array> | undefined,
): void {
  const bytes = made(url.replace(/^\/|[?#].*$/g, ''));
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
 * sirv opens a file and looks no further. By itself it follows links out of the folder, throws behind everybody's back when a
 * file is gone, and keeps the file open when whoever asked for it has left.
 */
function guard(file: ReadStream, root: string, response: ServerResponse): void {
  file.once('error', () => response.destroy());
  response.once('close', () => file.destroy());
  if (!pathOf(file).startsWith(root)) response.destroy();
}

function pathOf({ path }: ReadStream): string {
  try {
    return realpathSync(String(path));
  } catch {
    return '';
  }
}

function refusalOf({ method = '', headers }: IncomingMessage): [status: number, reason: string] | undefined {
  if (!own.test(headers.host ?? '')) return [403, 'expected the host 127.0.0.1 or localhost'];
  if (method !== 'GET' && method !== 'HEAD') return [405, 'expected GET or HEAD'];
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
  return hasBody ? [413, 'expected a request without a body'] : undefined;
}

/** What such a client sends further is not waited for. */
function refuse(response: ServerResponse, status: number, reason: string): void {
  const length = Buffer.byteLength(reason) + 1;
  const more = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': length, Connection: 'close' };
  response.writeHead(status, status === 405 ? { ...more, Allow: 'GET, HEAD' } : more).end(`${reason}\n`);
}
