// Checks third-party packages: licenses, install scripts, the bill of materials, reasons in docs/supply-chain.md, advisories.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, root } from './setup.js';

/** Licenses that allow shipping with MIT software. MPL-2.0 binds only its own files. */
const licenses = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0'];
licenses.push('MPL-2.0', 'Python-2.0');
/** Packages whose license is a file: fonts that are free to use, embed and redistribute. */
const reviewed = ['dejavu-fonts-ttf'];

const readText = (file) => readFileSync(join(root, file), 'utf8');
const manifests = readdirSync(join(root, 'packages')).map((name) =>
  JSON.parse(readText(`packages/${name}/package.json`)),
);
const own = manifests.map(({ name }) => name);
/** Third-party packages that a user installs. */
const installed = manifests
  .filter((manifest) => !manifest.private)
  .flatMap(({ dependencies, optionalDependencies }) => Object.keys({ ...dependencies, ...optionalDependencies }))
  .filter((name) => !own.includes(name));

const problems = [
  ...checkLicenses(),
  ...checkScripts(),
  ...checkBillOfMaterials(),
  ...checkReasons(),
  ...checkAdvisories(),
];
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function pnpm(...args) {
  const options = { cwd: root, env: environment, encoding: 'utf8', maxBuffer: 2 ** 28 };
  return spawnSync('pnpm', args, { ...options, shell: process.platform === 'win32' });
}

function checkLicenses() {
  const found = Object.entries(JSON.parse(pnpm('--recursive', 'licenses', 'list', '--json').stdout));
  if (found.length === 0) return ['licenses: pnpm lists no package'];
  const isAllowed = (license) =>
    license
      .replace(/[()]/g, '')
      .split(/ OR /)
      .some((choice) => choice.split(/ AND /).every((one) => licenses.includes(one)));
  return found
    .filter(([license]) => !isAllowed(license))
    .flatMap(([license, packages]) => packages.map(({ name }) => ({ license, name })))
    .filter(({ name }) => !reviewed.includes(name))
    .map(({ license, name }) => `licenses: ${name} has ${license}, which scripts/check-supply.js does not allow`);
}

/** pnpm runs install scripts only of packages that `allowBuilds` sets to true. */
function checkScripts() {
  const allowed = /^allowBuilds:\n((?: {2}.+\n)*)/m.exec(readText('pnpm-workspace.yaml'))?.[1] ?? '';
  const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
  return [
    ...[...allowed.matchAll(/^ {2}(\S+): true/gm)].map(([, name]) => `scripts: ${name} may run code when installed`),
    ...manifests.flatMap(({ name, scripts = {} }) =>
      hooks.filter((hook) => scripts[hook]).map((hook) => `scripts: ${name} has ${hook}`),
    ),
  ];
}

function checkBillOfMaterials() {
  const folder = mkdtempSync(join(tmpdir(), 'descent-sbom-'));
  try {
    const file = join(folder, 'sbom.json');
    const { status, stderr } = pnpm('sbom', '--sbom-format', 'cyclonedx', '--prod', '--out', file);
    if (status !== 0) return [`sbom: ${stderr.trim()}`];
    const { bomFormat, components } = JSON.parse(readFileSync(file, 'utf8'));
    const named = components.map(({ purl }) => decodeURIComponent(/^pkg:npm\/(.+)@/.exec(purl)?.[1] ?? ''));
    return [
      ...(bomFormat === 'CycloneDX' ? [] : [`sbom: expected CycloneDX, got ${bomFormat}`]),
      ...installed.filter((name) => !named.includes(name)).map((name) => `sbom: ${name} is missing`),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkReasons() {
  const page = readText('docs/supply-chain.md');
  const listed = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  return [
    ...installed.filter((name) => !listed.includes(name)).map((name) => `reasons: docs/supply-chain.md lacks ${name}`),
    ...listed.filter((name) => !installed.includes(name)).map((name) => `reasons: ${name} is no longer installed`),
  ];
}

/** Some registries provide no advisories; that is reported, but is not a failure. */
function checkAdvisories() {
  const { status, stdout, stderr } = pnpm('audit', '--prod', '--audit-level', 'moderate');
  if (status === 0) return [];
  if (!/AUDIT_BAD_RESPONSE|FETCH|ENOTFOUND|ECONN/.test(stdout + stderr)) return [`advisories:\n${stdout}`];
  console.log('advisories: the registry provides none');
  return [];
}
