// `npm run web`: serves dist/ on this machine alone. `--port 8080` names a port; without it any free one.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sirv from 'sirv';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`[web] expected --port to be a whole number from 0 to 65535 but got "${values.port}"`);
  process.exit(2);
}
// `dev`: a build that comes later is seen.
const serve = sirv(fileURLToPath(new URL('../dist', import.meta.url)), { dev: true, etag: true });
const server = createServer(serve);
server.on('error', ({ message }) => {
  console.error(`[web] ${message}; choose another port with --port`);
  process.exitCode = 2;
});
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
