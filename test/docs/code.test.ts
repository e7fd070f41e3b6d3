// Code in a page compiles against the sources, runs, and prints what stands below it.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, markdownFiles, read, root } from './markdown.ts';

/** What a fence may be called. The others are tested elsewhere: commands by commands.test.ts, pages' formulas by links.test.ts. */
const languages = ['', 'js', 'ts', 'json', 'jsonc', 'sh', 'text', 'math'];

interface Program {
  /** Its page and line. */
  readonly name: string;
  readonly file: string;
  code: string;
  /** What stands below it as `text`. */
  printed?: string;
}

/** A block that imports begins a program; one that does not goes on with the one before it on its page. */
function programsOf(page: string): Program[] {
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
const programs = pages.flatMap(programsOf);

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Every name that a package can be imported by, and its source. */
function sources(): Record<string, string> {
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
  const paths = Object.fromEntries(Object.entries(sources()).map(([name, source]) => [name, [source]]));
  const compilerOptions = { allowJs: true, checkJs: true, paths, rootDir: root };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.js', '*.ts'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  for (const { file, code } of programs) writeFileSync(join(folder, file), code);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program to its end and gives what it prints. */
async function run(words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder });
  return stdout;
}

describe('programs', () => {
  test('there are some', () => expect(programs.length).toBeGreaterThan(3));

  test('all compile against the sources', async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(await run([tsc, '-p', folder]).catch(({ stdout }) => stdout)).toBe('');
  });

  test.each(programs)('$name runs, and prints what it says', async ({ file, printed }) => {
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
      alias: sources(),
      logLevel: 'silent',
    });
    const output = await run([outfile]);
    if (printed !== undefined) expect(output).toBe(printed);
  });
});

describe('other blocks', () => {
  test.each(pages)('%s', (page) => {
    for (const { language, code, line } of codeBlocks(read(page))) {
      expect(languages, `${page}:${line}`).toContain(language);
      // Members may stand without the braces around them.
      if (language === 'json') expect(() => JSON.parse(code.startsWith('"') ? `{${code}}` : code)).not.toThrow();
    }
  });
});
