// The page over HTTP, for this machine alone: whoever asks under another name than the machine's own is turned away, so that
// no site of the web can point its name at this address and read what is served here.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import sirv from 'sirv';

const own: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

const headers: Readonly<Record<string, string>> = {
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Files of the folder and nothing beside it; a folder in it shows its index.html or nothing. */
export function createPageServer(folder: string): Server {
  // `dev` looks at the disk at every request, so that a build that comes later is seen.
  const serveFile = sirv(folder, { dev: true, etag: true });
  return createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const refusal = refusalOf(request);
    if (refusal) return refuse(response, ...refusal);
    try {
      serveFile(request, response, () => refuse(response, 404, 'there is no such file'));
    } catch {
      // A range that ends before it begins is one thing that a file cannot be read by.
      refuse(response, 400, 'this request cannot be answered');
    }
  });
}

function refusalOf({
  method = '',
  headers: { host = '' },
}: IncomingMessage): [status: number, reason: string] | undefined {
  if (!own.has(host.replace(/:\d+$/, ''))) return [403, `expected the host 127.0.0.1 or localhost`];
  return ['GET', 'HEAD'].includes(method) ? undefined : [405, 'expected GET or HEAD'];
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}
