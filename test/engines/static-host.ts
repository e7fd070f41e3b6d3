// A static host that serves the built page from a sub-path, with no header but the content type.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../packages/web/dist/', import.meta.url));
const contentTypes: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

export interface Host {
  readonly home: string;
  close(): void;
}

export async function openHost(): Promise<Host> {
  const server = createServer(async ({ url = '' }, response) => {
    const path = /^\/some\/where\/([\w./-]*)$/.exec(url)?.[1];
    const name = path === '' ? 'index.html' : path;
    const body = name === undefined ? undefined : await readFile(join(dist, name)).catch(() => undefined);
    const contentType = contentTypes[extname(name ?? '')] ?? 'application/octet-stream';
    response.writeHead(body ? 200 : 404, { 'content-type': contentType }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/where/`;
  return {
    home,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
