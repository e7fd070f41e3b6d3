// `npm run check` runs every check except the tests, `npm run check -- types` the named ones. `--json FILE` writes the counts.
import { exec } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs, promisify } from 'node:util';
import { build, environment, install, root } from './setup.js';

/** Name, meaning and command of each check, the longest first. */
const checks = [
  ['twice', 'a second build has the same bytes', 'node scripts/check-reproducible.js'],
  ['style', 'format, lint, order of imports', 'biome check --error-on-warnings .'],
  ['types', 'TypeScript', 'tsc'],
  ['unused', 'no unused file, export or dependency', 'knip --no-config-hints'],
  ['imports', 'kernels ← nn ← experiments ← {cli, web}', 'depcruise packages test'],
  ['exact', 'only exact arithmetic in results', 'node scripts/check-exact.js'],
  ['size', 'first view of the page within 150 kB gzipped', 'node packages/web/scripts/check-size.js'],
  ['packages', 'tarballs pass publint and are-the-types-wrong', 'node scripts/check-packages.js'],
  ['api', 'every public export has a doc comment', 'node scripts/api/build.js --check'],
  ['supply', 'licenses, scripts, bill of materials, reasons', 'node scripts/check-supply.js'],
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
const queue = checks.filter(([name]) => positionals.length === 0 || positionals.includes(name));
let [passed, failed] = [0, 0];
// Two at a time, because most tools use one core.
await Promise.all([runChecks(), runChecks()]);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;

async function runChecks() {
  for (let check = queue.shift(); check; check = queue.shift()) {
    const [name, meaning, commandLine] = check;
    const started = performance.now();
    const options = { cwd: root, env: environment, maxBuffer: 2 ** 26 };
    const error = await promisify(exec)(commandLine, options).then(
      () => undefined,
      (reason) => reason,
    );
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${error ? '✗' : '✓'} ${name.padEnd(8)} ${meaning}  ${seconds} s`);
    if (error) console.log(`${error.stdout}${error.stderr}`.trimEnd());
    if (error) failed++;
    else passed++;
  }
}
