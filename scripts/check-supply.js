// What comes from others: licenses that fit ours, no script run at installation, a bill of materials, known faults where the
// registry tells them, and a reason in docs/supply-chain.md for everything that a user installs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, root } from './setup.js';

/** Licenses that MIT software may be shipped with, and MPL-2.0, which binds the files it stands in alone. */
const licenses = [
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'MPL-2.0',
  'Python-2.0',
];
/** Packages whose manifest sends the reader to a file, with what is written there. */
const told = {
  'dejavu-fonts-ttf': 'Bitstream Vera and Arev fonts, public domain changes: free to use, embed and redistribute',
};

const faults = [];
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

checkLicences();
checkScripts();
checkBill();
checkReasons();
checkAdvisories();
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

function pnpm(...args) {
  const { status, stdout, stderr } = spawnSync('pnpm', args, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32',
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

function checkLicences() {
  const { stdout } = pnpm('--recursive', 'licenses', 'list', '--json');
  const found = Object.entries(JSON.parse(stdout));
  if (found.length === 0) faults.push('licenses: pnpm lists no package');
  for (const [license, packages] of found) {
    const isKnown = license
      .replace(/[()]/g, '')
      .split(/ OR /)
      .some((choice) => choice.split(/ AND /).every((one) => licenses.includes(one)));
    for (const { name } of isKnown ? [] : packages.filter((entry) => !(entry.name in told)))
      faults.push(`licenses: ${name} is under ${license}, which is not on the list of scripts/check-supply.js`);
  }
}

/** pnpm runs a script of a package only where `allowBuilds` says so. */
function checkScripts() {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const allowed = /^allowBuilds:\n((?: {2}.+\n)*)/m.exec(workspace)?.[1] ?? '';
  for (const [, name] of allowed.matchAll(/^ {2}(\S+): true/gm))
    faults.push(`scripts: ${name} may run code when it is installed`);
  for (const { name, scripts = {} } of manifests().map(({ manifest }) => manifest))
    for (const hook of ['preinstall', 'install', 'postinstall', 'prepare'])
      if (scripts[hook]) faults.push(`scripts: our own ${name} has ${hook}`);
}

/** The bill names every package that a user installs. */
function checkBill() {
  const folder = mkdtempSync(join(tmpdir(), 'descent-sbom-'));
  try {
    const file = join(folder, 'sbom.json');
    const { status, stderr } = pnpm('sbom', '--sbom-format', 'cyclonedx', '--prod', '--out', file);
    if (status !== 0 || !existsSync(file)) return faults.push(`sbom: ${stderr.trim()}`);
    const { bomFormat, components } = JSON.parse(readFileSync(file, 'utf8'));
    const named = new Set(components.map(({ purl }) => decodeURIComponent(/^pkg:npm\/(.+)@/.exec(purl)?.[1] ?? '')));
    if (bomFormat !== 'CycloneDX') faults.push(`sbom: expected CycloneDX but got ${bomFormat}`);
    for (const name of installed()) if (!named.has(name)) faults.push(`sbom: ${name} is missing`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkReasons() {
  const page = readFileSync(join(root, 'docs/supply-chain.md'), 'utf8');
  const reasons = new Set([...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name));
  for (const name of installed())
    if (!reasons.has(name)) faults.push(`reasons: docs/supply-chain.md does not say what ${name} is for`);
  for (const name of reasons)
    if (!installed().has(name)) faults.push(`reasons: docs/supply-chain.md still names ${name}`);
}

/** Where the registry does not answer, nothing is known: said, and not held against us. */
function checkAdvisories() {
  const { status, stdout, stderr } = pnpm('audit', '--prod', '--audit-level', 'moderate');
  if (status === 0) return;
  if (/AUDIT_BAD_RESPONSE|FETCH|ENOTFOUND|ECONN/.test(stdout + stderr))
    console.log('advisories: this registry tells none');
  else faults.push(`advisories:\n${stdout}`);
}

function manifests() {
  return readdirSync(join(root, 'packages')).map((name) => ({ name, manifest: read(`packages/${name}/package.json`) }));
}

/** What the published packages depend on, our own aside. */
function installed() {
  const own = new Set(manifests().map(({ manifest }) => manifest.name));
  const names = manifests()
    .filter(({ manifest }) => !manifest.private)
    .flatMap(({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
  return new Set(names.filter((name) => !own.has(name)));
}
