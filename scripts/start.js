// `npm start` installs, builds and runs an experiment. `npm start -- --seed 2` passes flags to `descent run`.
import { runDescent } from './setup.js';

if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`Descent needs Node 20 or newer; this is ${process.version}.\n`);
  process.exit(1);
}
await runDescent('@descent/cli', 'run', 'optimizer_compare_mnist');
