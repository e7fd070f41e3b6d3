// `npm test`: installs, builds and runs every test. `npm test -- -t adam` passes flags and filters on to vitest.
import { build, install, run } from './setup.js';

await install();
await build();
process.exitCode = run('vitest', ['run', ...process.argv.slice(2)]);
