// `node scripts/onnxruntime.js` installs onnxruntime (113 MB), with which tests run exported networks. CI requires it; elsewhere
// those tests are skipped without it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './setup.js';

const name = 'onnxruntime-node';
const version = '1.30.0';
const folder = join(root, 'node_modules/.cache', `${name}-${version}`);

if (!existsSync(join(folder, 'node_modules', name))) {
  // Without scripts, because its install script downloads GPU libraries.
  const flags = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  process.exitCode = run('npm', ['install', '--prefix', folder, ...flags, `${name}@${version}`]);
}
