// `node scripts/pack.js DIR`: what would be published, one tarball a package. Build first.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment, root } from './setup.js';

const libraries = ['@descent/kernels', '@descent/nn', '@descent/experiments'];

/** Packs all four into a folder; gives the tarballs by package name. */
export function pack(folder) {
  const destination = resolve(folder);
  mkdirSync(destination, { recursive: true });
  const filters = libraries.flatMap((name) => ['--filter', name]);
  const packed = JSON.parse(
    run(root, 'pnpm', ['--recursive', ...filters, 'pack', '--pack-destination', destination, '--json']),
  );
  const files = Object.fromEntries(packed.map(({ name, filename }) => [name, filename]));
  return { ...files, descent: packCommand(destination) };
}

/** The command brings the page along. It is put together apart: in the workspace the page stays where it is built. */
function packCommand(destination) {
  const staged = mkdtempSync(join(tmpdir(), 'descent-pack-'));
  try {
    const from = join(root, 'packages/cli');
    for (const name of ['bin', 'dist', 'README.md']) cpSync(join(from, name), join(staged, name), { recursive: true });
    cpSync(join(root, 'LICENSE'), join(staged, 'LICENSE'));
    // The parts of MNIST are cut from its own package, on which the command depends.
    const page = { recursive: true, filter: (file) => !/\.(map|gz)$/.test(file) };
    cpSync(join(root, 'packages/web/dist'), join(staged, 'dist/web'), page);
    const {
      devDependencies: _,
      scripts: __,
      ...manifest
    } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
    writeFileSync(join(staged, 'package.json'), JSON.stringify(manifest, null, 2));
    return JSON.parse(run(staged, 'pnpm', ['pack', '--pack-destination', destination, '--json'])).filename;
  } finally {
    rmSync(staged, { recursive: true });
  }
}

function run(cwd, command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`[pack] ${command} ${args.join(' ')}\n${stdout}${stderr}${error?.message ?? ''}`);
  return stdout;
}

const [, program, folder] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  if (folder === undefined) throw new Error('[pack] expected a folder for the tarballs but got none');
  for (const file of Object.values(pack(folder))) process.stdout.write(`${file}\n`);
}
