// `npm run sweep`: runs every option of every experiment at its minimum and maximum for three steps, and verifies each record.
// Takes some ten minutes; `npm run sweep -- -t batch_norm_test` runs the cases whose names contain the words. Every test run takes a sample.
import { build, environment, install, run } from './setup.js';

install();
build('descent');
process.exitCode = run('vitest', ['run', 'packages/cli/test/sweep.test.ts', ...process.argv.slice(2)], {
  env: { ...environment, DESCENT_SWEEP: 'all' },
});
