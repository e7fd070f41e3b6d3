// The pages of the experiments, in every language.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { experiments, type Lang, langs } from '@descent/experiments';
import { fill } from './fill.ts';
import type { Numbers } from './numbers.ts';

export const NUMBERS = 'docs/experiments/numbers.json';

export interface PageFile {
  readonly path: string;
  readonly experiment: (typeof experiments)[number];
  readonly lang: Lang;
}

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
export function filled(root: string, { path, experiment, lang }: PageFile, numbers: Numbers) {
  const old = readFileSync(join(root, path), 'utf8');
  try {
    return { old, fresh: fill(old, { experiment, lang, numbers }) };
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}
