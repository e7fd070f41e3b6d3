// `npm run web` installs, builds and serves the page on 127.0.0.1. `npm run web -- --port 8080` chooses the port.
import { runDescent } from './setup.js';

await runDescent(undefined, 'web');
