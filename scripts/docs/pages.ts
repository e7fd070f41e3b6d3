// The pages of the experiments, in every language.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { experiments, type Lang, langs } from '@descent/experiments';
import { fill, fillNumbers } from './fill.ts';
import type { Numbers } from './numbers.ts';

export const NUMBERS = 'docs/experiments/numbers.json';

interface File {
  readonly path: string;
  readonly lang: Lang;
}

export interface PageFile extends File {
  readonly experiment: (typeof experiments)[number];
}

/** Pages that have numbers of several experiments. */
export const readmes: readonly File[] = [
  { path: 'README.md', lang: 'en' },
  { path: 'README.ko.md', lang: 'ko' },
];

/** Every experiment has a page in every language. */
export function pageFiles(): PageFile[] {
  return experiments.flatMap((experiment) =>
    langs.map((lang) => ({ path: pathOf(experiment.name, lang), experiment, lang })),
  );
}

function pathOf(name: string, lang: Lang): string {
  return `docs/${lang === 'en' ? '' : `${lang}/`}experiments/${name}.md`;
}

export function readNumbers(root: string): Numbers {
  const file = join(root, NUMBERS);
  if (!existsSync(file)) return { format: 'descent-docs/1', settings: {} };
  return JSON.parse(readFileSync(file, 'utf8')) as Numbers;
}

/** What stands in the file, and what should. */
export function filled(root: string, { path, lang, ...rest }: File | PageFile, numbers: Numbers) {
  const old = readFileSync(join(root, path), 'utf8');
  try {
    if ('experiment' in rest) return { old, fresh: fill(old, { ...rest, lang, numbers }) };
    return { old, fresh: fillNumbers(old, lang, numbers) };
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}
