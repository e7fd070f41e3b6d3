// Fills what is generated in a page. The rest is written by hand; nothing in it is touched.
//
//   <!-- generated: claims overfit_dropout -->  …  <!-- /generated -->            a block, see blocks.ts
//   … <!--= overfit_dropout | dropout-narrows-gap | gapWith | % -->23.4 %<!--/--> …  a number within a sentence
import { type Lang, short } from '@descent/experiments';
import { blocks, numbersIn, type Page } from './blocks.ts';
import type { Numbers, SettingNumbers } from './numbers.ts';

const BLOCK = /<!-- generated: ([^\n]*?) -->\n[\s\S]*?<!-- \/generated -->/g;
const NUMBER = /<!--= ([^\n]*?) -->[^\n<]*<!--\/-->/g;

/** @throws Error where a marker names a block or a number that does not exist */
export function fill(markdown: string, page: Page): string {
  const filled = markdown.replace(BLOCK, (_, call: string) => {
    const [name = '', ...rest] = call.split(' ');
    const block = blocks[name];
    if (!block) throw new Error(`[docs] expected one of ${Object.keys(blocks).join(', ')} but got ${name}`);
    return `<!-- generated: ${call} -->\n${block(page, ...rest)}\n<!-- /generated -->`;
  });
  return withNumbers(filled, page.lang, (setting) => numbersIn(page, setting));
}

/** The numbers in the sentences of a page that is of no one experiment. @throws Error where one does not exist */
export function fillNumbers(markdown: string, lang: Lang, { settings }: Numbers): string {
  return withNumbers(markdown, lang, (setting) => {
    const found = settings[setting];
    if (!found) throw new Error(`[docs] expected a setting but got ${setting}`);
    return found;
  });
}

function withNumbers(markdown: string, lang: Lang, of: (setting: string) => SettingNumbers): string {
  const lost = markdown.split('\n').find((line) => line.trimStart().startsWith('<!--='));
  if (lost) throw new Error(`[docs] a line cannot begin with a number, Markdown takes it for HTML: ${lost}`);
  return markdown.replace(NUMBER, (_, call: string) => `<!--= ${call} -->${numberOf(call, lang, of)}<!--/-->`);
}

/** `setting | claim or arm | number | look`, or `setting | unpaired | number | look`. */
function numberOf(call: string, lang: Lang, of: (setting: string) => SettingNumbers): string {
  const [setting = '', where = '', name = '', look = ''] = call.split('|').map((word) => word.trim());
  const values = valuesOf(of(setting), where, name);
  const show = looks[look];
  if (!values || !show) throw new Error(`[docs] expected a number and how it looks but got ${call}`);
  return show(values, lang);
}

type Values = readonly [value: number, low?: number, high?: number];

function valuesOf(numbers: SettingNumbers, where: string, name: string): Values | undefined {
  if (where === 'unpaired') {
    const value = numbers.unpaired?.[name as 'of'];
    return value === undefined ? undefined : [value];
  }
  const evidence = numbers.claims.find(({ id }) => id === where)?.evidence;
  if (evidence?.[name] !== undefined) {
    const [low, high] = [evidence[`${name}Low`], evidence[`${name}High`]];
    return low === undefined || high === undefined ? [evidence[name]] : [evidence[name], low, high];
  }
  return numbers.finals[where]?.[name];
}

const points = { en: ' points', ko: '%p', ja: ' ポイント' };
const percent = (value: number) => `${(100 * value).toFixed(1)}`.replace('-', '−');
const plain = (value: number) => short(value, 3).replace('-', '−');
const within = (low: number | undefined, high: number | undefined, show: (value: number) => string) =>
  low === undefined || high === undefined ? '' : ` [${show(low)}, ${show(high)}]`;

const looks: Readonly<Record<string, (values: Values, lang: Lang) => string>> = {
  /** As it is, in three digits. */
  n: ([value]) => plain(value),
  /** With its interval. */
  ci: ([value, low, high]) => plain(value) + within(low, high, plain),
  '%': ([value], lang) => percent(value) + (lang === 'ko' ? '%' : ' %'),
  /** A difference of shares, with its interval. */
  pt: ([value, low, high], lang) => percent(value) + within(low, high, percent) + points[lang],
};
