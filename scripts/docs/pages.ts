// Pages with generated parts: the pages of the experiments and the READMEs. All other text is written by hand.
//
//   <!-- generated: claims overfit_dropout -->  …  <!-- /generated -->            a block: blocks.ts
//   … <!--= overfit_dropout | dropout-narrows-gap | gapWith | % -->23.4 %<!--/--> …  a number in a sentence
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Experiment, experiments, formatNumber, type Lang, langs } from '@descent/experiments';
import { blocks, settingNumbers } from './blocks.ts';
import type { Numbers, SettingNumbers } from './numbers.ts';

export interface PageFile {
  readonly path: string;
  readonly lang: Lang;
  /** Missing in the READMEs, which have numbers of several experiments and no blocks. */
  readonly experiment?: Experiment;
}

export const readmes: readonly PageFile[] = [
  { path: 'README.md', lang: 'en' },
  { path: 'README.ko.md', lang: 'ko' },
];

export const experimentPages = experiments.flatMap((experiment) =>
  langs.map((lang) => {
    const folder = lang === 'en' ? 'docs' : `docs/${lang}`;
    return { path: `${folder}/experiments/${experiment.name}.md`, lang, experiment };
  }),
);

const BLOCK = /<!-- generated: ([^\n]*?) -->\n[\s\S]*?<!-- \/generated -->/g;
const NUMBER = /<!--= ([^\n]*?) -->[^\n<]*<!--\/-->/g;

/**
 * Returns the text of a page as it is, and with up-to-date generated parts.
 * @throws Error if a marker names a block or a number that does not exist
 */
export function updatePage(root: string, { path, lang, experiment }: PageFile, numbers: Numbers) {
  const old = readFileSync(join(root, path), 'utf8');
  try {
    const page = experiment && { experiment, lang, numbers };
    if (/^\s*<!--=/m.test(old)) throw new Error('a line cannot begin with a number: Markdown would read it as HTML');
    const withBlocks = old.replace(BLOCK, (_, call: string) => {
      const [name = '', ...args] = call.split(' ');
      const render = blocks[name];
      if (!page || !render) throw new Error(`there is no block ${name}`);
      return `<!-- generated: ${call} -->\n${render(page, ...args)}\n<!-- /generated -->`;
    });
    const fresh = withBlocks.replace(NUMBER, (_, call: string) => {
      const [setting, where = '', name = '', format = ''] = call.split('|').map((word) => word.trim());
      const found = page ? settingNumbers(page, setting) : numbers.settings[setting as string];
      return `<!--= ${call} -->${renderNumber(found, where, name, format, lang)}<!--/-->`;
    });
    return { old, fresh };
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

/** Renders a number of a claim's evidence, of an arm's final values, or of `unpaired`. */
function renderNumber(numbers: SettingNumbers | undefined, where: string, name: string, format: string, lang: Lang) {
  const evidence = numbers?.claims.find(({ id }) => id === where)?.evidence;
  const unpaired = where === 'unpaired' ? numbers?.unpaired?.[name as 'of'] : undefined;
  const value = evidence?.[name] ?? unpaired ?? numbers?.finals[where]?.[name]?.[0];
  const render = numberFormats[format];
  if (value === undefined || !render) throw new Error(`there is no number ${where} ${name}, or no format ${format}`);
  return render([value, evidence?.[`${name}Low`], evidence?.[`${name}High`]], lang);
}

type Values = readonly [value: number, low?: number, high?: number];

const points = { en: ' points', ko: '%p', ja: ' ポイント' };
const percent = (value: number) => `${(100 * value).toFixed(1)}`.replace('-', '−');
const plain = (value: number) => formatNumber(value, 3).replace('-', '−');
const interval = ([, low, high]: Values, render: (value: number) => string) =>
  low === undefined || high === undefined ? '' : ` [${render(low)}, ${render(high)}]`;

const numberFormats: Readonly<Record<string, (values: Values, lang: Lang) => string>> = {
  /** Three digits. */
  n: ([value]) => plain(value),
  /** Three digits and the confidence interval. */
  ci: (values) => plain(values[0]) + interval(values, plain),
  '%': ([value], lang) => percent(value) + (lang === 'ko' ? '%' : ' %'),
  /** A difference in percentage points and its confidence interval. */
  pt: (values, lang) => percent(values[0]) + interval(values, percent) + points[lang],
};
