// The published packages: installed by npm into an empty project, run, type-checked, and bundled for a page.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chromiumFlags } from '../engines/engines.ts';

/** Gzipped bytes of all of @descent/nn with the wasm that a page loads. */
const MAX_LIBRARY_BYTES = 45_000;
const MAX_COMMAND_BYTES = 1_500_000;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['kernels', 'nn', 'experiments'];
const project = mkdtempSync(join(tmpdir(), 'descent-project-'));
let skipReason: string | undefined;

/** Runs a program in the project, with the binaries of its packages in PATH. Returns the output. */
async function run(command: string, ...args: string[]): Promise<string> {
  // Without the variables that `npm test` sets for its children.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('npm_') || ['npm_config_registry', 'npm_config_cache'].includes(name),
  );
  const PATH = [join(project, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const env = { ...Object.fromEntries(inherited), PATH, INIT_CWD: project, NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)(command, args, { cwd: project, env, maxBuffer: 2 ** 26 });
  return stdout;
}

beforeAll(async () => {
  const tarballs = await run(process.execPath, join(root, 'scripts/pack.js'), join(project, 'tarballs'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  mkdirSync(join(project, 'src'));
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await run('npm', 'install', ...flags, ...tarballs.trim().split('\n'));
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const isOffline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|ECONNRESET/.test(stderr);
    if (process.env.CI || !isOffline) throw error;
    skipReason = `npm cannot download: ${stderr.split('\n')[0]}`;
    process.stderr.write(`Skipped: ${skipReason}\n`);
  }
}, 120_000);

beforeEach(({ skip }) => {
  if (skipReason) skip(skipReason);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Returns the code blocks of a README in a language. */
function readmeBlocks(folder: string, language: string): string[] {
  const readme = readFileSync(join(root, 'packages', folder, 'README.md'), 'utf8');
  const blocks = readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map(([, block = '']) => block);
}

function listFiles(...path: string[]): string[] {
  return readdirSync(join(project, ...path), { recursive: true }).map(String);
}

test.each([...folders, 'cli'])('@descent/%s has its files and no others', (folder) => {
  const name = `@descent/${folder}`;
  const pathOf = (file: string) => join(project, 'node_modules', name, file);
  const manifest = JSON.parse(readFileSync(pathOf('package.json'), 'utf8'));
  const { license, engines, exports = {}, bin = {}, description } = manifest;
  expect([license, engines]).toEqual(['MIT', { node: '>=20' }]);
  expect(description.length).toBeGreaterThan(20);
  const named = [...Object.values<Record<string, string>>(exports).flatMap(Object.values), ...Object.values(bin)];
  for (const file of ['README.md', 'LICENSE', ...named]) expect(existsSync(pathOf(file)), `${name}/${file}`).toBe(true);
  const unwanted = /(^|\/)(test|bench\/bench|node_modules)\/|\.tsx?buildinfo$/;
  expect(listFiles('node_modules', name).filter((file) => unwanted.test(file))).toEqual([]);
});

test('no installed package is native', () => {
  expect(listFiles('node_modules').filter((file) => /\.node$|(^|\/)binding\.gyp$/.test(file))).toEqual([]);
});

test.each(folders)('the example of %s prints the output in its README', async (folder) => {
  const [[example = ''], [printed]] = [readmeBlocks(folder, 'js'), readmeBlocks(folder, 'text')];
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(22);
  writeFileSync(join(project, `${folder}.js`), example);
  expect(await run(process.execPath, `${folder}.js`)).toBe(printed);
});

test('the examples pass strict TypeScript', async () => {
  const sources = folders.map((folder) => join('src', `${folder}.ts`));
  for (const [i, file] of sources.entries())
    writeFileSync(join(project, file), readmeBlocks(folders[i] as string, 'js')[0] as string);
  const flags =
    '--noEmit --module nodenext --target es2023 --lib es2023,dom,dom.iterable --strict --skipLibCheck false';
  const strict = ['--types', '', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes'];
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const check = run(process.execPath, tsc, ...flags.split(' '), ...strict, ...sources);
  expect(await check.catch(({ stdout }) => stdout)).toBe('');
});

test('the commands of the README run, and the record has the digest of the workspace', async () => {
  const script = readmeBlocks('cli', 'sh')[1] as string;
  await run('sh', '-e', '-c', script.replaceAll(/npx (@descent\/cli|descent)/g, 'descent'));
  expect(readFileSync(join(project, 'naive.svg'), 'utf8')).toContain('<svg');
  const digest = JSON.parse(readFileSync(join(project, 'second.json'), 'utf8')).digest;
  const args = ['run', 'optimizer_compare_naive', '--seed', '2', '--json', '--quiet', '--out', 'runs/own'];
  const record = await run(process.execPath, join(root, 'packages/cli/bin/descent.js'), ...args);
  expect(JSON.parse(record).digest).toBe(digest);
}, 60_000);

test('npx finds the command', async () => {
  const { experiments } = JSON.parse(await run('npx', '--no-install', '@descent/cli', 'list', '--json'));
  expect(experiments.length).toBeGreaterThan(11);
});

test('the tarball of the command has at most 1.5 MB', () => {
  const [tarball = ''] = listFiles('tarballs').filter((file) => /^descent-cli-\d/.test(file));
  expect(statSync(join(project, 'tarballs', tarball)).size).toBeLessThan(MAX_COMMAND_BYTES);
});

test('`descent web` of an installed command serves MNIST', async () => {
  const server = spawn(process.execPath, ['node_modules/@descent/cli/bin/descent.js', 'web', '--port', '0'], {
    cwd: project,
  });
  try {
    const [address] = await once(server.stdout.setEncoding('utf8'), 'data');
    const get = async (file: string) => Buffer.from(await (await fetch(new URL(file, address.trim()))).arrayBuffer());
    const manifest = JSON.parse(String(await get('data/mnist.json')));
    for (const role of ['trainImages', 'testLabels']) {
      const { file, sha256 } = manifest[role].parts[0];
      const contents = gunzipSync(await get(`data/${file}`));
      expect(createHash('sha256').update(contents).digest('hex'), file).toBe(sha256);
    }
  } finally {
    server.kill();
  }
});

/** Bundles a module of the project as an author of a page would. */
async function bundle(contents: string, splitting = false) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    splitting,
    outdir: join(project, 'bundle'),
    write: false,
    logLevel: 'warning',
  });
  return outputFiles;
}

test('a bundled page trains the same bits as Node', async () => {
  const source = readFileSync(new URL('../../examples/in-a-page.js', import.meta.url), 'utf8');
  const [output] = await bundle(source);
  const content = output?.text as string;
  writeFileSync(join(project, 'page.js'), content);
  const inNode = await run(process.execPath, 'page.js');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags() });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ type: 'module', content });
    const weights = await page.waitForFunction('globalThis.trainedWeights');
    expect(await weights.jsonValue()).toBe(inNode);
  } finally {
    await browser.close();
  }
  expect(inNode).toMatch(/^simd128 (-?[\d.e-]+ ?){676}$/);
}, 60_000);

test('all of @descent/nn and the wasm that a page loads have at most 45 kB gzipped', async () => {
  const outputs = await bundle("export * from '@descent/nn';", true);
  const loaded = outputs.filter(({ text, path }) => !/\/(scalar|reference)[\w-]*\.js$/.test(path) && text);
  const sizes = loaded.map(({ contents }) => gzipSync(contents, { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThanOrEqual(MAX_LIBRARY_BYTES);
});
