// `npm run check` runs every check except the tests, `npm run check -- types` the named ones. `--json FILE` writes the counts.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build, environment, install, root } from './setup.js';

/** Name, meaning and command of each check. */
const checks = [
  ['style', 'format, lint, order of imports', 'biome check --error-on-warnings .'],
  ['types', 'TypeScript', 'tsc'],
  ['unused', 'no unused file, export or dependency', 'knip --no-config-hints'],
  ['imports', 'kernels ← nn ← experiments ← {cli, web}', 'depcruise packages test'],
  ['exact', 'only exact arithmetic in results', 'node scripts/check-exact.js'],
  ['size', 'first view of the page within 150 kB gzipped', 'node packages/web/scripts/check-size.js'],
  ['packages', 'tarballs pass publint and are-the-types-wrong', 'node scripts/check-packages.js'],
  ['api', 'every public export has a doc comment', 'node scripts/api/build.js --check'],
  ['supply', 'licenses, scripts, bill of materials, reasons', 'node scripts/check-supply.js'],
  ['twice', 'a second build has the same bytes', 'node scripts/check-reproducible.js'],
  ['tree', 'no machine paths, registry hosts, keys or large files', 'node scripts/check-tree.js'],
];

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const names = checks.map(([name]) => name);
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`expected one of ${names.join(', ')}, got ${unknown}\n`);
  process.exit(2);
}

await install();
await build();
let [passed, failed] = [0, 0];
for (const [name, meaning, commandLine] of checks) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const started = performance.now();
  const [command, ...args] = commandLine.split(' ');
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${name.padEnd(8)} ${meaning}  ${seconds} s`);
  if (status === 0) passed++;
  else {
    failed++;
    console.log(`${stdout}${stderr}${error?.message ?? ''}`.trimEnd());
  }
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;
