// Every experiment has a page per language, whose generated parts match docs/experiments/numbers.json and the sources.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { experiments, findExperiment, langs, parseOptions, toFlag } from '@descent/experiments';
import { describe, expect, test } from 'vitest';
import { run } from '../../packages/experiments/test/bench.ts';
import { figurePath } from '../../scripts/docs/blocks.ts';
import { readNumbers } from '../../scripts/docs/numbers.ts';
import { experimentPages, readmes, updatePage } from '../../scripts/docs/pages.ts';
import { settings } from '../../scripts/docs/settings.ts';
import { codeBlocks, codeSpans, read, root } from './markdown.ts';

const numbers = readNumbers(root);

/** Flags of all experiments: a page may name an option of another experiment. */
const options = experiments.flatMap((experiment) => Object.keys(experiment.options));
const flags = new Set([...options.map(toFlag), '--seed', '--seeds', '--lang', '--data']);

test.each([...readmes, ...experimentPages])('$path is up to date (`npm run docs:claims`)', (page) => {
  const { old, fresh } = updatePage(root, page, numbers);
  expect(old).toBe(fresh);
  if (!page.experiment) expect(old).toContain('<!--= ');
});

describe.each(experimentPages)('$path', (page) => {
  test('has every figure, claim and option, a formula, a command and three exercises', () => {
    const text = read(page.path);
    const own = settings.filter(({ experiment }) => experiment === page.experiment.name);
    const calls = own.flatMap(({ name, figures }) => [
      `claims ${name}`,
      ...figures.map((figure) => `figure ${name} ${figure}`),
    ]);
    for (const call of ['head', 'options', ...calls]) expect(text).toContain(`<!-- generated: ${call} -->`);
    expect(codeBlocks(text).some(({ language, code }) => language === 'sh' && code.includes('descent run'))).toBe(true);
    expect(codeBlocks(text).some(({ language }) => language === 'math')).toBe(true);
    expect(text.match(/<details><summary>/g)?.length).toBeGreaterThanOrEqual(3);
  });

  test('names only flags that exist', () => {
    const named = codeSpans(read(page.path)).flatMap((code) => code.match(/^--[a-z0-9-]+/)?.[0] ?? []);
    expect(named.filter((flag) => !flags.has(flag))).toEqual([]);
  });
});

test.each(experiments)(
  'the pages of $name have the same commands and generated parts in every language',
  ({ name }) => {
    const [en, ...others] = experimentPages.filter(({ experiment }) => experiment.name === name);
    for (const { path } of others)
      expect(comparableParts(read(path))).toEqual(comparableParts(read(en?.path as string)));
  },
);

/** Commands without comments and `--lang`, calls of blocks in order, and calls of numbers sorted. */
function comparableParts(text: string): string[] {
  const commands = codeBlocks(text).flatMap(({ language, code }) => (language === 'sh' ? code.split('\n') : []));
  return [
    ...commands.map((line) => line.replace(/ +#.*| --lang \w+/g, '').trim()),
    ...[...text.matchAll(/<!-- generated: (.*?) -->/g)].map(([, call = '']) => call),
    ...[...text.matchAll(/<!--= (.*?) -->/g)].map(([, call = '']) => call).sort(),
  ];
}

const figures = settings.flatMap(({ name, figures }) =>
  figures.flatMap((figure) => langs.map((lang) => figurePath(name, figure, lang))),
);
test.each(figures)('%s exists, is small, and has dark colors', (file) => {
  expect(existsSync(join(root, file))).toBe(true);
  expect(statSync(join(root, file)).size).toBeLessThanOrEqual(90_000);
  const svg = read(file);
  const [style = ''] = svg.match(/<style>.*<\/style>/) ?? [];
  const colors = svg.replace(style, '').match(/(?:fill|stroke)="#\w+"/g) ?? [];
  expect([...new Set(colors)].filter((color) => !style.includes(`[${color}]{`))).toEqual([]);
});

test('every experiment has a setting, and every setting has numbers', () => {
  expect(experiments.filter(({ name }) => !settings.some(({ experiment }) => experiment === name))).toEqual([]);
  expect(Object.keys(numbers.settings)).toEqual(settings.map(({ name }) => name));
});

test.each(settings)('$name was run with the options that it has today (`npm run docs:figures`)', (setting) => {
  const { options: schema } = findExperiment(setting.experiment);
  const words = setting.flags.map((word) => word.replace(/^--/, ''));
  const raw = Object.fromEntries(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1]]] : [])));
  expect(parseOptions(schema, raw)).toMatchObject(numbers.settings[setting.name]?.options ?? {});
});

// Only experiments that need no images.
test.each(settings.filter(({ experiment }) => findExperiment(experiment).data === 'none'))(
  '$name has the digest of its numbers (`npm run docs:figures`)',
  async ({ name, experiment }) => {
    const { digest } = await run(findExperiment(experiment));
    expect(digest).toBe(numbers.settings[name]?.digests[0]);
  },
);
