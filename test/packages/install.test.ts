// The tarballs as a user gets them: installed by npm into an empty project, their READMEs run, type-checked, bundled for a page.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chromiumFlags } from '../engines/engines.ts';
import { install, type Project } from './project.ts';

/** Bytes: the limit of the library with batch norm of images, options of the losses, parameter groups and argument checks. */
const LIBRARY_LIMIT = 45_000;
const root = fileURLToPath(new URL('../..', import.meta.url));
const libraries = { kernels: '@descent/kernels', nn: '@descent/nn', experiments: '@descent/experiments' };
const folders = Object.keys(libraries) as (keyof typeof libraries)[];

let installed: Project | string;
let project: Project;

beforeAll(async () => {
  installed = await install();
  if (typeof installed === 'string') process.stderr.write(`Left out: ${installed}\n`);
  else project = installed;
}, 120_000);

beforeEach(({ skip }) => {
  if (typeof installed === 'string') skip(installed);
});

afterAll(() => project?.remove());

/** The blocks of a README in a language. */
function blocks(folder: string, language: string): string[] {
  const readme = readFileSync(join(root, 'packages', folder, 'README.md'), 'utf8');
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, block]) => block as string,
  );
}

/** All files under a folder of the project. */
function filesIn(...path: string[]): string[] {
  return readdirSync(join(project.folder, ...path), { recursive: true }).map(String);
}

test.each(['@descent/kernels', '@descent/nn', '@descent/experiments', 'descent'])('%s has what it should', (name) => {
  const at = (file: string) => join(project.folder, 'node_modules', name, file);
  const {
    license,
    engines,
    exports = {},
    bin = {},
    description,
  } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  expect([license, engines]).toEqual(['MIT', { node: '>=20' }]);
  expect(description.length).toBeGreaterThan(20);
  const named = [...Object.values<Record<string, string>>(exports).flatMap(Object.values), ...Object.values(bin)];
  for (const file of ['README.md', 'LICENSE', ...named]) expect(existsSync(at(file)), `${name}/${file}`).toBe(true);
  const strange = filesIn('node_modules', name).filter((file) =>
    /(^|\/)(test|bench\/bench|node_modules)\/|\.tsx?buildinfo$/.test(file),
  );
  expect(strange).toEqual([]);
});

test('nothing that was installed is native', () => {
  const native = filesIn('node_modules').filter((file) => /\.node$|(^|\/)binding\.gyp$/.test(file));
  expect(native).toEqual([]);
});

test.each(folders)('the example of %s prints what its README says', async (folder) => {
  const [[example = ''], [printed]] = [blocks(folder, 'js'), blocks(folder, 'text')];
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(22);
  writeFileSync(join(project.folder, `${folder}.js`), example);
  expect(await project.run(process.execPath, `${folder}.js`)).toBe(printed);
});

test('the examples satisfy a strict TypeScript', async () => {
  for (const folder of folders)
    writeFileSync(join(project.folder, 'src', `${folder}.ts`), blocks(folder, 'js')[0] as string);
  const types = ['--target', 'es2023', '--lib', 'es2023,dom,dom.iterable', '--types', ''];
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
  const sources = folders.map((folder) => join('src', `${folder}.ts`));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const check = project.run(process.execPath, tsc, '--noEmit', '--module', 'nodenext', ...types, ...strict, ...sources);
  expect(await check.catch(({ stdout }) => stdout)).toBe('');
});

test('the commands of the README run, to the record of the workspace', async () => {
  const script = blocks('cli', 'sh')[1] as string;
  await project.run('sh', '-e', '-c', script.replaceAll('npx descent', 'descent'));
  expect(readFileSync(join(project.folder, 'naive.svg'), 'utf8')).toContain('<svg');
  const digest = JSON.parse(readFileSync(join(project.folder, 'second.json'), 'utf8')).digest;
  const own = ['run', 'optimizer_compare_naive', '--seed', '2', '--json', '--quiet', '--out', 'runs/own'];
  const record = await project.run(process.execPath, join(root, 'packages/cli/bin/descent.js'), ...own);
  expect(JSON.parse(record).digest).toBe(digest);
}, 60_000);

test('the command without its data comes to 1.5 MB packed', () => {
  const [tarball] = filesIn('tarballs').filter((file) => /^descent-\d/.test(file));
  expect(statSync(join(project.folder, 'tarballs', tarball as string)).size).toBeLessThan(1_500_000);
});

test('the page of an installed command has the MNIST of its package', async () => {
  const served = spawn(process.execPath, ['node_modules/descent/bin/descent.js', 'web', '--port', '0'], {
    cwd: project.folder,
  });
  try {
    const [address] = await once(served.stdout.setEncoding('utf8'), 'data');
    const get = async (file: string) => Buffer.from(await (await fetch(new URL(file, address.trim()))).arrayBuffer());
    const list = JSON.parse(String(await get('data/mnist.json')));
    for (const role of ['trainImages', 'testLabels']) {
      const { file, sha256 } = list[role].parts[0];
      const contents = gunzipSync(await get(`data/${file}`));
      expect(createHash('sha256').update(contents).digest('hex'), file).toBe(sha256);
    }
  } finally {
    served.kill();
  }
});

test('npx finds the command', async () => {
  expect(
    JSON.parse(await project.run('npx', '--no-install', 'descent', 'list', '--json')).experiments.length,
  ).toBeGreaterThan(11);
});

/** Bundles text that stands in the project, as a page's author would. */
async function bundle(contents: string, splitting = false) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project.folder },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    splitting,
    outdir: join(project.folder, 'bundle'),
    write: false,
    logLevel: 'warning',
  });
  return outputFiles;
}

test('a bundled page learns to the bits of Node', async () => {
  const source = readFileSync(new URL('../../examples/in-a-page.js', import.meta.url), 'utf8');
  const [output] = await bundle(source);
  const text = output?.text as string;
  writeFileSync(join(project.folder, 'page.js'), text);
  const inNode = await project.run(process.execPath, 'page.js');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags() });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ type: 'module', content: text });
    const weights = await page.waitForFunction('globalThis.trainedWeights');
    expect(await weights.jsonValue()).toBe(inNode);
  } finally {
    await browser.close();
  }
  expect(inNode).toMatch(/^simd128 (-?[\d.e-]+ ?){676}$/);
}, 60_000);

test('all of @descent/nn and the wasm that a page loads come to 45 kB gzipped', async () => {
  const outputs = await bundle("export * from '@descent/nn';", true);
  const loaded = outputs.filter(({ text, path }) => !/\/(scalar|reference)[\w-]*\.js$/.test(path) && text);
  const sizes = loaded.map(({ contents }) => gzipSync(contents, { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThanOrEqual(LIBRARY_LIMIT);
});
