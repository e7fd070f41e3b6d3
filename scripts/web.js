// `npm run web`: installs, builds and serves the page on 127.0.0.1. `npm run web -- --port 8080` names a port.
import { build, install, root, run } from './setup.js';

await install();
await build();
// Ctrl-C reaches the child as well: it closes the server and decides the exit code.
process.on('SIGINT', () => {});
process.exitCode = run(process.execPath, [`${root}/packages/cli/bin/descent.js`, 'web', ...process.argv.slice(2)]);
