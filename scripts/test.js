// `npm test` installs, builds and runs every test. `npm test -- -t adam` passes arguments to vitest.
// `npm run fuzz`: 100,000 damaged inputs per reader. `npm run fuzz -- -t journals` tries one reader.
// `npm run sweep`: every option of every experiment at its limits. `npm run sweep -- -t batch_norm_test` tries a part.
import { build, environment, install, run } from './setup.js';

const modes = {
  '--fuzz': { args: ['test/fuzz'], env: { FUZZ_RUNS: '100000', FUZZ_SEED: String(Date.now() % 2 ** 31) } },
  '--sweep': { args: ['packages/cli/test/sweep.test.ts'], env: { DESCENT_SWEEP: 'all' } },
};
const [first, ...rest] = process.argv.slice(2);
const { args, env } = modes[first] ?? { args: first === undefined ? [] : [first], env: {} };
await install();
await build();
process.exitCode = run('vitest', ['run', ...args, ...rest], { env: { ...environment, ...env } });
