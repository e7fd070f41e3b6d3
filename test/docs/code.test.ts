// Programs in pages compile against the sources, run, and print the text block below them.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocks, markdownFiles, read, root } from './markdown.ts';

/** Languages of code blocks. Other tests check sh (commands.test.ts) and math (formulas.test.ts). */
const languages = ['', 'js', 'ts', 'json', 'jsonc', 'sh', 'text', 'math'];

interface Program {
  /** The page and the line. */
  readonly name: string;
  readonly file: string;
  code: string;
  /** The text block below the program. */
  printed?: string;
}

/** Lists the programs of a page. A block without imports continues the program before it. */
function programsIn(page: string): Program[] {
  const programs: Program[] = [];
  for (const { language, code, line } of codeBlocks(read(page))) {
    const last = programs.at(-1);
    if (language === 'text' && last) last.printed = code;
    if (language !== 'js' && language !== 'ts') continue;
    if (/^import /m.test(code)) {
      programs.push({ name: `${page}:${line}`, file: `${page.replace(/\W+/g, '-')}-${line}.${language}`, code });
    } else if (last) last.code += code;
    else throw new Error(`${page}:${line} expected a program to begin with an import`);
  }
  return programs;
}

const pages = markdownFiles();
const programs = pages.flatMap(programsIn);

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Returns the source file of every import path of the packages. */
function sourceFiles(): Record<string, string> {
  const names = readdirSync(join(root, 'packages')).flatMap((folder) => {
    const { name, exports = {} } = JSON.parse(read(`packages/${folder}/package.json`)) as Manifest;
    return Object.entries(exports).map(([path, target]) => [
      posix.join(name, path),
      join(root, 'packages', folder, target['@descent/source'] ?? ''),
    ]);
  });
  return Object.fromEntries(names);
}

let folder: string;

beforeAll(() => {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'descent-blocks-'));
  const paths = Object.fromEntries(Object.entries(sourceFiles()).map(([name, source]) => [name, [source]]));
  const compilerOptions = { allowJs: true, checkJs: true, paths, rootDir: root };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.js', '*.ts'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  for (const { file, code } of programs) writeFileSync(join(folder, file), code);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program in the folder and returns its output. */
async function run(words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder });
  return stdout;
}

test('programs exist and compile against the sources', async () => {
  expect(programs.length).toBeGreaterThan(3);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(await run([tsc, '-p', folder]).catch(({ stdout }) => stdout)).toBe('');
});

test.each(programs)('$name prints the text block below it', async ({ file, printed }) => {
  const outfile = join(folder, 'out', file.replace(/\.\w+$/, '.mjs'));
  await build({
    absWorkingDir: folder,
    entryPoints: [file],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@descent/source'],
    alias: sourceFiles(),
    logLevel: 'silent',
  });
  const output = await run([outfile]);
  if (printed !== undefined) expect(output).toBe(printed);
});

test.each(pages)('code blocks of %s have a known language, and JSON is valid', (page) => {
  for (const { language, code, line } of codeBlocks(read(page))) {
    expect(languages, `${page}:${line}`).toContain(language);
    // Some blocks are members of an object without its braces.
    if (language === 'json') expect(() => JSON.parse(code.startsWith('"') ? `{${code}}` : code)).not.toThrow();
  }
});
