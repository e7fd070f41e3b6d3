// Bundles the harness and serves it with MNIST: as files for Node, over HTTP for browsers.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Harness } from './engines.ts';
import { mnistFolder } from './page.ts';

export interface HarnessFixture extends Harness {
  close(): Promise<void>;
}

const here = dirname(fileURLToPath(import.meta.url));

/** @param entry a file of this folder that exports `run` */
export async function createHarness(entry = 'harness.ts'): Promise<HarnessFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'descent-engines-'));
  const harness = join(folder, 'harness.mjs');
  await build({
    entryPoints: [join(here, entry)],
    outfile: harness,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@descent/source'],
    logLevel: 'warning',
  });
  const runner = join(folder, 'runner.mjs');
  await writeFile(runner, runnerSource(harness));
  const server = await serve(harness);
  const { port } = server.address() as AddressInfo;
  return {
    runner,
    page: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function runnerSource(harness: string): string {
  return `
    import { readFile } from 'node:fs/promises';
    import { run } from ${JSON.stringify(pathToFileURL(harness).href)};
    const read = (file) => readFile(${JSON.stringify(mnistFolder)} + '/' + file);
    console.log(JSON.stringify({ runtime: 'Node ' + process.version, ...(await run(read, JSON.parse(process.argv[2]))) }));
  `;
}

const page = `<!doctype html><meta charset="utf-8" /><title>Harness</title><script type="module">
  globalThis.runHarness = async (options) => {
    const { run } = await import('/harness.mjs');
    const read = async (file) => new Uint8Array(await (await fetch('/data/' + file)).arrayBuffer());
    return { runtime: navigator.userAgent, ...(await run(read, options)) };
  };
</script>`;

async function serve(harness: string) {
  const server = createServer(async ({ url = '/' }, response) => {
    const file = /^\/data\/([\w-]+)$/.exec(url)?.[1];
    const [type, body] =
      url === '/'
        ? ['text/html', page]
        : url === '/harness.mjs'
          ? ['text/javascript', await readFile(harness)]
          : file === undefined
            ? [undefined, undefined]
            : ['application/octet-stream', await readFile(join(mnistFolder, file))];
    response.writeHead(type === undefined ? 404 : 200, { 'content-type': type ?? 'text/plain' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
