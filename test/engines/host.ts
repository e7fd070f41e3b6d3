// A static host with the page in a sub-path, as anyone may have one: no headers but the type.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../packages/web/dist/', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

export interface Host {
  readonly home: string;
  /** Files asked for so far, by their path in the folder. */
  readonly asked: string[];
  close(): void;
}

export async function openHost(): Promise<Host> {
  const asked: string[] = [];
  const server = createServer(async ({ url = '' }, response) => {
    const path = /^\/some\/where\/([\w./-]*)$/.exec(url)?.[1];
    const name = path === '' ? 'index.html' : path;
    if (name) asked.push(name);
    const body = name === undefined ? undefined : await readFile(join(dist, name)).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { 'content-type': types[extname(name ?? '')] ?? 'application/octet-stream' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/where/`;
  return {
    home,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
