// descent web: the page, served to this machine until Ctrl-C.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { partsOf } from '../data/mnist-parts.ts';
import { cannotListen, noPage } from '../errors.ts';
import { readNumber } from '../flags.ts';
import { createPageServer } from '../page-server.ts';
import { onFirstInterrupt } from '../run/interrupt.ts';
import { log, print } from '../terminal/terminal.ts';

export function create(name: string): Command {
  return new Command(name)
    .option('--port <n>', 'where to listen; 0: any free port (default 8421: the page keeps what it knows by port)')
    .addHelpText(
      'after',
      '\nOnly this machine can reach it, at 127.0.0.1. Ctrl-C ends it with 0.\n\nExample:\n  descent web --port 8080\n',
    )
    .action(web);
}

async function web(flags: { port?: string }): Promise<void> {
  const port = readNumber('port', flags.port);
  const page = findPage();
  const part = partsOf(page);
  const server = createPageServer(page, {}, (path) => part(path.replace(/^data\//, '')));
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(port, error as NodeJS.ErrnoException);
  }
  print(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  log.line('Ctrl-C ends it');
  onFirstInterrupt(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'close');
}

/** A published command brings the page along; in the workspace it lies where it was built. */
function findPage(): string {
  const folders = ['./web/', '../../web/dist/'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = folders.find((folder) => existsSync(`${folder}index.html`));
  if (found) return found;
  throw noPage();
}
