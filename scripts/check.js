// `npm run check`: every check but the tests. `npm run check -- types` runs the named ones; `--json FILE` leaves the counts.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build, environment, install, root } from './setup.js';

const checks = [
  { name: 'style', does: 'format, lint, order of imports', run: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', does: 'TypeScript', run: ['tsc'] },
  { name: 'unused', does: 'no dead file, export or dependency', run: ['knip', '--no-config-hints'] },
  { name: 'arrows', does: 'kernels ← nn ← experiments ← {cli, web}', run: ['depcruise', 'packages', 'test'] },
  { name: 'exact', does: 'no inexact arithmetic on the way to a result', run: ['node', 'scripts/check-exact.js'] },
  {
    name: 'size',
    does: 'first view of the page within 150 kB gzipped',
    run: ['node', 'packages/web/scripts/check-size.js'],
  },
  {
    name: 'packages',
    does: 'tarballs that publint and are-the-types-wrong approve',
    run: ['node', 'scripts/check-packages.js'],
  },
  {
    name: 'api',
    does: 'every public export has a doc comment',
    run: ['node', 'scripts/api/build.js', '--check'],
  },
  {
    name: 'supply',
    does: 'licenses, scripts, bill of materials, reasons',
    run: ['node', 'scripts/check-supply.js'],
  },
  { name: 'twice', does: 'another build gives the same bytes', run: ['node', 'scripts/check-reproducible.js'] },
  { name: 'tree', does: 'nothing committed names a machine or a registry', run: ['node', 'scripts/check-tree.js'] },
];

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const unknown = positionals.find((name) => !checks.some((check) => check.name === name));
if (unknown !== undefined) {
  process.stderr.write(`[check] expected one of ${checks.map(({ name }) => name).join(', ')} but got ${unknown}\n`);
  process.exit(2);
}

await install();
await build();
let passed = 0;
let failed = 0;
for (const { name, does, run } of checks) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const started = performance.now();
  const [command, ...args] = run;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${name.padEnd(8)} ${does}  ${seconds} s`);
  if (status === 0) passed++;
  else {
    failed++;
    console.log(`${stdout}${stderr}${error?.message ?? ''}`.trimEnd());
  }
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;
