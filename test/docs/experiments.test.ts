// Every experiment has its page in every language; what is generated in it is what its numbers and the sources give today.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { experiments, findExperiment, langs, parseOptions, toFlag } from '@descent/experiments';
import { describe, expect, test } from 'vitest';
import { run } from '../../packages/experiments/test/bench.ts';
import { pictureOf } from '../../scripts/docs/blocks.ts';
import { filled, pageFiles, readmes, readNumbers } from '../../scripts/docs/pages.ts';
import { settings } from '../../scripts/docs/settings.ts';
import { blocksOf, codeSpans, read, root } from './markdown.ts';

const numbers = readNumbers(root);
const pages = pageFiles();

/** A page may speak of an option that only other experiments have. */
const options = experiments.flatMap((experiment) => Object.keys(experiment.options));
const known = new Set([...options.map(toFlag), '--seed', '--seeds', '--lang', '--data']);

describe.each(pages)('$path', (page) => {
  test('says what its numbers say: else `npm run docs:claims`', () => {
    const { old, fresh } = filled(root, page, numbers);
    expect(old).toBe(fresh);
  });

  test('shows figures, claims with numbers and options of its experiment, and something to try', () => {
    const text = read(page.path);
    for (const { name, figures } of settings.filter(({ experiment }) => experiment === page.experiment.name)) {
      expect(text).toContain(`<!-- generated: claims ${name} -->`);
      for (const figure of figures) expect(text).toContain(`<!-- generated: figure ${name} ${figure} -->`);
    }
    for (const block of ['head', 'options']) expect(text).toContain(`<!-- generated: ${block} -->`);
    const commands = blocksOf(text).filter(({ language, code }) => language === 'sh' && code.includes('descent run'));
    expect(commands.length).toBeGreaterThan(0);
    expect(text.match(/<details><summary>/g)?.length).toBeGreaterThanOrEqual(3);
    expect(blocksOf(text).some(({ language }) => language === 'math')).toBe(true);
  });

  test('speaks of flags that there are', () => {
    const flags = codeSpans(read(page.path)).flatMap((code) => code.match(/^--[a-z0-9-]+/)?.[0] ?? []);
    expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
  });
});

test.each(readmes)('$path says what the numbers say: else `npm run docs:claims`', (readme) => {
  const { old, fresh } = filled(root, readme, numbers);
  expect(old).toBe(fresh);
  expect(old).toContain('<!--= ');
});

test('the three languages have the same formulas, commands and generated parts, in the same order', () => {
  const bones = (text: string) => [
    ...blocksOf(text).flatMap(({ language, code }) => (language === 'sh' ? withoutRemarks(code) : [])),
    ...[...text.matchAll(/<!-- generated: (.*?) -->/g)].map(([, call]) => call),
    ...[...text.matchAll(/<!--= (.*?) -->/g)].map(([, call]) => call).sort(),
  ];
  for (const { name } of experiments) {
    const [en, ...others] = pages.filter(({ experiment }) => experiment.name === name).map(({ path }) => read(path));
    for (const other of others) expect(bones(other)).toEqual(bones(en as string));
  }
});

/** The commands of a block; only what a remark says, and the language of what is read, may differ. */
function withoutRemarks(code: string): string[] {
  return code.split('\n').map((line) => line.replace(/ +#.*| --lang \w+/g, '').trim());
}

describe('figures', () => {
  const files = settings.flatMap(({ name, figures }) =>
    figures.flatMap((figure) => langs.map((lang) => pictureOf(name, figure, lang))),
  );
  test.each(files)('%s is there, small, and has colors for the dark', (file) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(statSync(join(root, file)).size).toBeLessThanOrEqual(90_000);
    const svg = read(file);
    const [style = ''] = svg.match(/<style>.*<\/style>/) ?? [];
    const colors = svg.replace(style, '').match(/(?:fill|stroke)="#\w+"/g) ?? [];
    expect([...new Set(colors)].filter((color) => !style.includes(`[${color}]{`))).toEqual([]);
  });
});

describe('numbers', () => {
  test('there are settings for every experiment, and numbers for every setting', () => {
    expect(experiments.filter(({ name }) => !settings.some(({ experiment }) => experiment === name))).toEqual([]);
    expect(Object.keys(numbers.settings)).toEqual(settings.map(({ name }) => name));
  });

  test.each(settings)('$name was run with the options that it has today: else `npm run docs:figures`', (setting) => {
    const { options: schema } = findExperiment(setting.experiment);
    const words = setting.flags.map((word) => word.replace(/^--/, ''));
    const raw = Object.fromEntries(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1]]] : [])));
    const then = numbers.settings[setting.name]?.options ?? {};
    expect(parseOptions(schema, raw)).toMatchObject(then);
  });

  // The two that need no images; `descent verify` does the same for any record.
  test.each(settings.filter(({ experiment }) => findExperiment(experiment).data === 'none'))(
    '$name comes to the same bits today: else `npm run docs:figures`',
    async ({ name, experiment }) => {
      const { digest } = await run(findExperiment(experiment));
      expect(digest).toBe(numbers.settings[name]?.digests[0]);
    },
  );
});
