// descent web: serves the page to this machine until Ctrl-C.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { createParts } from '../data/mnist-parts.ts';
import { Exit, exitCodes } from '../exit.ts';
import { readNumber } from '../flags.ts';
import { createPageServer } from '../page-server.ts';
import { onFirstInterrupt } from '../run/interrupt.ts';
import { log, print, self } from '../terminal/terminal.ts';

export function create(name: string): Command {
  return new Command(name)
    .option('--port <n>', 'port; 0: any free port. The page saves its state per port [default: 8421]')
    .addHelpText(
      'after',
      '\nOnly this machine can open the page, at 127.0.0.1. Ctrl-C ends the server with exit code 0.\n' +
        '\nExample:\n  descent web --port 8080\n',
    )
    .action(web);
}

async function web(flags: { port?: string }): Promise<void> {
  const port = readNumber('port', flags.port);
  const page = findPage();
  const readPart = createParts(page);
  const server = createPageServer(page, {}, (path) => readPart(path.replace(/^data\//, '')));
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? `port ${port} is in use` : `cannot listen on port ${port}: ${message}`;
    throw new Exit(exitCodes.fault, reason, `${self} web --port 0 uses any free port`);
  }
  print(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  log.line('press Ctrl-C to end the server');
  onFirstInterrupt(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'close');
}

/** Finds the page: in the published package, or where the workspace builds it. */
function findPage(): string {
  const folders = ['./web/', '../../web/dist/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = folders.find((folder) => existsSync(`${folder}index.html`));
  if (found) return found;
  throw new Exit(exitCodes.fault, 'the page has not been built', 'npm run web builds and serves it');
}
