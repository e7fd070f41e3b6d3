// Every command in a page is valid: commands, flags, npm scripts and files exist, and values are in range.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { experiments, parseOptions } from '@descent/experiments';
import { expect, test } from 'vitest';
import { commands } from '../../packages/cli/src/commands.ts';
import { readNumber } from '../../packages/cli/src/flags.ts';
import { codeBlocks, codeSpans, markdownFiles, read, root } from './markdown.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** Other programs that pages may use; their arguments are not checked. */
const others = 'git cd python3 curl jq export optuna-dashboard pip redis-server apt-get sudo npx'.split(' ');
const npmCommands = ['start', 'test', 'install', 'ci', 'pack', 'publish'];

/** Splits a shell line into commands of words, without comments, redirections and unknown programs behind a pipe. */
function splitCommands(line: string): string[][] {
  const words = line.match(/"[^"]*"|'[^']*'|[|;]|&&|>>?|#.*|[^\s|;>#"']+/g) ?? [];
  const lists: string[][] = [[]];
  for (const word of words) {
    if (word.startsWith('#')) break;
    if (['|', ';', '&&', '>', '>>'].includes(word)) lists.push([]);
    else lists.at(-1)?.push(word.replace(/^["']|["']$/g, ''));
  }
  const known = ['descent', 'npm', 'node', ...others];
  return lists.filter(([first], i) => first !== undefined && (i === 0 || known.includes(first)));
}

/** @throws Error if the command is invalid */
async function checkCommand(words: readonly string[], folder: string): Promise<void> {
  const [program = '', first = '', second = ''] = words;
  if (program === 'descent') return checkDescent(words.slice(1));
  if (program === 'npx' && ['descent', '@descent/cli'].includes(first)) return checkDescent(words.slice(2));
  if (others.includes(program)) return;
  if (program === 'npm' && first === 'run') {
    if (!Object.hasOwn(scripts, second)) throw new Error(`there is no script ${second}`);
  } else if (program === 'node') {
    const isFile = [root, join(root, folder)].some((place) => existsSync(join(place, first)));
    if (!first.startsWith('-') && !isFile) throw new Error(`there is no file ${first}`);
  } else if (!(program === 'npm' && npmCommands.includes(first)) && !existsSync(join(root, program))) {
    throw new Error(`${program} is not a program that pages use`);
  }
}

/** Parses the arguments of a command without running it. */
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
  if (name !== 'run') return;
  const experiment = experiments.find((candidate) => args.includes(candidate.name));
  if (!experiment && options.resume === undefined) throw new Error('there is no such experiment');
  const own = Object.entries(options).filter(([option]) => Object.hasOwn(experiment?.options ?? {}, option));
  if (experiment) parseOptions(experiment.options, Object.fromEntries(own));
}

/** Returns one line per invalid command of a text. Commands with placeholders, as `<experiment>` or `…`, are skipped. */
async function findProblems(text: string, where: (line: number) => string, folder = '.'): Promise<string[]> {
  const problems: string[] = [];
  for (const [i, line] of text.replace(/\\\n/g, ' ').split('\n').entries()) {
    for (const words of splitCommands(line)) {
      if (words.some((word) => /[<>…[\]]/.test(word))) continue;
      const error = await checkCommand(words, folder).catch((thrown: Error) => thrown);
      if (error) problems.push(`${where(i)} ${words.join(' ')}: ${error.message}`);
    }
  }
  return problems;
}

// The changelog names removed commands.
test.each(markdownFiles().filter((file) => file !== 'CHANGELOG.md'))('commands of %s are valid', async (file) => {
  const markdown = read(file);
  const problems: string[] = [];
  for (const { language, code, line } of codeBlocks(markdown)) {
    if (['sh', 'bash', 'shell'].includes(language))
      problems.push(...(await findProblems(code, (i) => `${file}:${line + i + 1}`, dirname(file))));
  }
  // A sentence may name a command without its arguments.
  const incomplete = /missing required argument|argument missing|required option|no such experiment/;
  for (const code of codeSpans(markdown).filter((span) => /^(?:npx )?descent [a-z]|^npm /.test(span))) {
    const found = await findProblems(code, () => `${file} \`${code}\``);
    problems.push(...found.filter((problem) => !incomplete.test(problem)));
  }
  expect(problems).toEqual([]);
});

test.each([
  ['descent rum', 'there is no command rum'],
  ['descent run optimizer_compare_mnist --stepz 3', '--stepz'],
  ['descent run optimizer_compare_mnist --steps 0', 'whole number from 1'],
  ['descent run optimizer_compare', 'no such experiment'],
  ['descent plot run.json --format gif', 'one of svg'],
  ['npm run fly', 'there is no script fly'],
  ['make all', 'make is not a program'],
])('%s is invalid', async (line, reason) => {
  expect(await findProblems(line, () => '')).toEqual([expect.stringContaining(reason)]);
});
