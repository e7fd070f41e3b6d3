// `node scripts/onnxruntime.js`: brings onnxruntime, against which the tests hold exported networks. 113 MB for every platform that there is:
// only those who work on that export, and CI, need it; without it these tests are skipped, but never in CI.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './setup.js';

const name = 'onnxruntime-node';
const version = '1.30.0';
const folder = join(root, 'node_modules/.cache', `${name}-${version}`);

if (!existsSync(join(folder, 'node_modules', name))) {
  // Its own script would fetch libraries for graphics cards.
  const flags = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  process.exitCode = run('npm', ['install', '--prefix', folder, ...flags, `${name}@${version}`]);
}
