// Builds a copy of the tree from nothing and compares every file with what stands here: wasm, bundles, declarations, page.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { environment, root } from './setup.js';

const packages = readdirSync(join(root, 'packages'));
const made = packages.flatMap((name) => [`packages/${name}/dist`, `packages/${name}/src/generated`]);
const copy = mkdtempSync(join(tmpdir(), 'descent-again-'));

try {
  copyTree();
  run(join(root, 'node_modules', '.bin', 'pnpm'), 'install', '--frozen-lockfile', '--prefer-offline');
  run('turbo', 'run', 'build', '--force', '--output-logs=errors-only');
  const [here, there] = [digestsOf(root), digestsOf(copy)];
  const differing = [...new Set([...here.keys(), ...there.keys()])].filter(
    (file) => here.get(file) !== there.get(file),
  );
  for (const file of differing) console.log(`${file}: another build gives other bytes`);
  console.log(`${here.size} files, ${differing.length} differ`);
  process.exitCode = differing.length === 0 && here.size > 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** What git knows, at another path. */
function copyTree() {
  const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const file of files.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  execFileSync('git', ['init', '-q'], { cwd: copy });
}

function run(command, ...args) {
  const env = {
    ...environment,
    PATH: [join(copy, 'node_modules', '.bin'), environment.PATH].join(delimiter),
    TURBO_CACHE_DIR: join(copy, '.turbo'),
  };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: copy,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`[reproducible] ${command} ${args.join(' ')} failed\n${error ?? stdout + stderr}`);
}

function digestsOf(tree) {
  const digests = new Map();
  for (const folder of made) {
    let names = [];
    try {
      names = readdirSync(join(tree, folder), { recursive: true, withFileTypes: true });
    } catch {}
    for (const entry of names) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      digests.set(relative(tree, file), createHash('sha256').update(readFileSync(file)).digest('hex'));
    }
  }
  return digests;
}
