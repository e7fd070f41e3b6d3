// Every command in a page can be typed: commands and flags exist, values are in range, npm scripts and files are there.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { experiments, parseOptions } from '@descent/experiments';
import { describe, expect, test } from 'vitest';
import { commands } from '../../packages/cli/src/commands.ts';
import { readNumber } from '../../packages/cli/src/flags.ts';
import { codeBlocks, codeSpans, markdownFiles, read, root } from './markdown.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** Other programs that a page may name. */
const others = [
  'git',
  'cd',
  'python3',
  'curl',
  'jq',
  'export',
  'optuna-dashboard',
  'pip',
  'redis-server',
  'apt-get',
  'sudo',
];

/** A line of a shell: its commands, each as words; comments, redirections and what is piped elsewhere are left out. */
function commandsIn(line: string): string[][] {
  const words = line.match(/"[^"]*"|'[^']*'|[|;]|&&|>>?|#.*|[^\s|;>#"']+/g) ?? [];
  const lists: string[][] = [[]];
  for (const word of words) {
    if (word.startsWith('#')) break;
    if (['|', ';', '&&', '>', '>>'].includes(word)) lists.push([]);
    else lists.at(-1)?.push(word.replace(/^["']|["']$/g, ''));
  }
  return lists.filter(([first], i) => first !== undefined && (i === 0 || isKnown(first)));
}

const isKnown = (program: string) => ['descent', 'npx', 'npm', 'node', ...others].includes(program);

/** A place to fill in, as in `<experiment>`, `…` or `[kernels]`. */
const isOpen = (words: readonly string[]) => words.some((word) => /[<>…[\]]/.test(word));

/** @throws Error that says why the words cannot be typed */
async function check(words: readonly string[], folder: string): Promise<void> {
  const [program, first, ...rest] = words;
  if (program === 'npx' && first === 'descent') return checkDescent(rest);
  if (program === 'npx' || others.includes(program ?? '')) return;
  if (program === 'descent') return checkDescent(words.slice(1));
  if (program === 'npm' && first === 'run') {
    if (!Object.hasOwn(scripts, rest[0] ?? '')) throw new Error(`there is no script ${rest[0]}`);
    return;
  }
  if (program === 'npm' && ['start', 'test', 'install', 'ci', 'pack', 'publish'].includes(first ?? '')) return;
  if (program === 'node' && first !== undefined) {
    const isThere = [root, join(root, folder)].some((place) => existsSync(join(place, first)));
    if (!first.startsWith('-') && !isThere) throw new Error(`there is no file ${first}`);
    return;
  }
  if (existsSync(join(root, program ?? ''))) return;
  throw new Error(`${program} is not a program that pages use`);
}

async function checkDescent(args: readonly string[]): Promise<void> {
  const [name = ''] = args;
  if (name === 'help' || name.startsWith('-') || name === '') return;
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) throw new Error(`there is no command ${name}`);
  const command = await (await entry.load()).create(name, args);
  command
    .helpOption('-h, --help')
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });
  command.action(() => {});
  if (args.includes('--help')) return;
  await command.parseAsync(args.slice(1), { from: 'user' });
  const options = command.opts<Record<string, unknown>>();
  for (const flag of ['seed', 'seeds', 'jobs', 'port'] as const) readNumber(flag, options[flag]);
  if (name === 'run') checkOptions(args, options);
}

function checkOptions(args: readonly string[], options: Record<string, unknown>): void {
  const experiment = experiments.find((candidate) => args.includes(candidate.name));
  if (!experiment) {
    if (options.resume === undefined) throw new Error('there is no such experiment');
    return;
  }
  const own = Object.entries(options).filter(([option]) => Object.hasOwn(experiment.options, option));
  parseOptions(experiment.options, Object.fromEntries(own));
}

/** What is wrong with the commands of a text; one line each. */
async function faultsIn(text: string, where: (line: number) => string, folder = '.'): Promise<string[]> {
  const faults: string[] = [];
  for (const [i, line] of text.replace(/\\\n/g, ' ').split('\n').entries()) {
    for (const words of commandsIn(line)) {
      if (isOpen(words)) continue;
      try {
        await check(words, folder);
      } catch (error) {
        faults.push(`${where(i)} ${words.join(' ')}: ${(error as Error).message}`);
      }
    }
  }
  return faults;
}

describe('commands', () => {
  test.each(markdownFiles())('%s', async (file) => {
    const markdown = read(file);
    const faults: string[] = [];
    for (const { language, code, line } of codeBlocks(markdown)) {
      if (['sh', 'bash', 'shell'].includes(language)) {
        faults.push(...(await faultsIn(code, (i) => `${file}:${line + i + 1}`, dirname(file))));
      }
    }
    const spans = codeSpans(markdown).filter((code) => /^(?:npx )?descent [a-z]|^npm /.test(code));
    for (const code of spans) faults.push(...(await faultsIn(code, () => `${file} \`${code}\``)));
    // A sentence may name a command without what it is to work on.
    expect(
      faults.filter(
        (fault) =>
          !/`.*missing required argument|`.*argument missing|`.*required option|`.*no such experiment/.test(fault),
      ),
    ).toEqual([]);
  });

  test.each([
    ['descent rum', 'there is no command rum'],
    ['descent run optimizer_compare_mnist --stepz 3', '--stepz'],
    ['descent run optimizer_compare_mnist --steps 0', 'whole number from 1'],
    ['descent run optimizer_compare_mnist --seeds 0', 'whole number from 1'],
    ['descent run optimizer_compare', 'no such experiment'],
    ['descent plot run.json --format gif', 'one of svg'],
    ['npm run fly', 'there is no script fly'],
    ['node scripts/none.js', 'there is no file'],
    ['make all', 'make is not a program'],
  ])('%s is refused', async (line, reason) => {
    expect(await faultsIn(line, () => '')).toEqual([expect.stringContaining(reason)]);
  });
});
