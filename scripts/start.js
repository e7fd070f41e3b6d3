// `npm start`: installs, builds and runs the first experiment. `npm start -- --seed 2` passes flags on.
import { build, install, root, run } from './setup.js';

if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`Descent needs Node 20 or newer; this is ${process.version}.\n`);
  process.exit(1);
}
await install();
await build('descent');
// Ctrl-C reaches the child as well: it saves what it has and decides the exit code.
process.on('SIGINT', () => {});
process.exitCode = run(process.execPath, [
  `${root}/packages/cli/bin/descent.js`,
  'run',
  'optimizer_compare_mnist',
  ...process.argv.slice(2),
]);
