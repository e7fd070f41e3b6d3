// What is generated in a page, in its language: its head, figures, tables of claims, results and options.
import {
  type Claim,
  type Experiment,
  evidenceTable,
  formatOption,
  type Lang,
  measureName,
  type Option,
  short,
  type Text,
  toFlag,
} from '@descent/experiments';
import type { Numbers, SettingNumbers } from './numbers.ts';
import { settings } from './settings.ts';

export interface Page {
  readonly experiment: Experiment;
  readonly lang: Lang;
  readonly numbers: Numbers;
}

const text = (en: string, ko: string, ja: string): Text => ({ en, ko, ja });
const words = {
  claim: text('claim', '주장', '主張'),
  measured: text('measured', '측정값', '測定値'),
  holds: text('holds', '성립', '成立'),
  yes: text('yes', '예', 'はい'),
  no: text('**no**', '**아니요**', '**いいえ**'),
  arm: text('arm', '조건', '条件'),
  options: text('All options', '모든 옵션', 'すべてのオプション'),
  option: text('option', '옵션', 'オプション'),
  meaning: text('meaning', '의미', '意味'),
  range: text('accepts', '허용 값', '受け付ける値'),
  default: text('default', '기본값', '既定値'),
  to: text('to', '~', '〜'),
  yesNo: text('true, false', 'true, false', 'true, false'),
};

/** The blocks by the word after `generated:`; what follows is for them. */
export const blocks: Readonly<Record<string, (page: Page, ...words: string[]) => string>> = {
  head: headOf,
  figure: (page, setting = '', figure = '') => figureOf(page, setting, figure),
  claims: (page, setting = '') => claimsOf(page, setting),
  results: (page, setting = '') => resultsOf(page, setting),
  options: optionsOf,
};

export function numbersIn({ numbers, experiment }: Page, setting: string): SettingNumbers {
  const known = settings.find(({ name }) => name === setting);
  const found = numbers.settings[setting];
  if (found && known?.experiment === experiment.name) return found;
  throw new Error(`[docs] expected the page of ${experiment.name} to speak of a setting of its own but got ${setting}`);
}

/** Where the picture of a figure lies, from the root. */
export function pictureOf(setting: string, figure: string, lang: Lang): string {
  return `docs/images/experiments/${setting}-${figure}.${lang}.svg`;
}

const languages: readonly (readonly [Lang, string])[] = [
  ['en', 'English'],
  ['ko', '한국어'],
  ['ja', '日本語'],
];

/** Title, the same page in the other languages, and the question. */
function headOf({ experiment: { name, title, question }, lang }: Page): string {
  const links = languages.map(([other, word]) => {
    if (other === lang) return `**${word}**`;
    const folder =
      lang === 'en' ? `../${other}/experiments` : other === 'en' ? '../../experiments' : `../../${other}/experiments`;
    return `[${word}](${folder}/${name}.md)`;
  });
  return `# ${title[lang]}\n\n\`${name}\` · ${links.join(' · ')}\n\n> ${question[lang]}`;
}

function figureOf(page: Page, setting: string, figure: string): string {
  const caption = numbersIn(page, setting).captions[figure]?.[page.lang];
  if (caption === undefined) throw new Error(`[docs] expected a figure of ${setting} but got ${figure}`);
  const up = page.lang === 'en' ? '..' : '../..';
  const path = pictureOf(setting, figure, page.lang).replace('docs', up);
  return `![${caption.replace(/[[\]]/g, '')}](${path})\n\n*${caption}*`;
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

/** The sentence that the numbers bear out, then the numbers, then in how many seeds it holds by itself. */
function claimsOf(page: Page, setting: string): string {
  const { lang, experiment } = page;
  const { claims } = numbersIn(page, setting);
  const rows = claims.map(({ id, holds, evidence }) => {
    const claim = experiment.claims.find((each) => each.id === id) as Claim;
    const { seeds = 1, holdsIn = Number(holds), lastSteps: _, ...told } = evidence;
    const numbers = evidenceTable({ evidence: told }).map(({ name, value, interval }) => {
      const reach = interval ? ` [${interval.map((end) => short(end, 3)).join(', ')}]` : '';
      return `${measureName(name, lang)} ${short(value, 3)}${reach}`;
    });
    const verdict = `${words[holds ? 'yes' : 'no'][lang]}, ${holdsIn}/${seeds}`;
    return [(holds ? claim.text : claim.otherwise)[lang], numbers.join('<br>'), verdict];
  });
  return tableOf([[words.claim[lang], words.measured[lang], words.holds[lang]], ...rows]);
}

function resultsOf(page: Page, setting: string): string {
  const { lang } = page;
  const { finals } = numbersIn(page, setting);
  const measures = [...new Set(Object.values(finals).flatMap((row) => Object.keys(row)))];
  const rows = Object.entries(finals).map(([arm, row]) => [
    arm,
    ...measures.map((measure) => {
      const span = row[measure];
      if (!span) return '—';
      const [middle, low, high] = span.map((value) => short(value, 3));
      return low === high ? (middle as string) : `${middle} (${low}–${high})`;
    }),
  ]);
  return tableOf([[words.arm[lang], ...measures.map((measure) => measureName(measure, lang))], ...rows]);
}

/** Folded: a reader of the page wants it once. */
function optionsOf({ experiment, lang }: Page): string {
  const rows = Object.entries(experiment.options).map(([name, option]) => [
    `\`${toFlag(name)}\``,
    option.help[lang],
    rangeOf(option, lang),
    defaultsOf(option),
  ]);
  const [first = '', ...others] = [words.option, words.meaning, words.range, words.default].map((word) => word[lang]);
  // A heading as wide as the longest flag, or browsers break flags at their hyphens.
  const longest = Math.max(...rows.map(([flag = '']) => flag.length));
  const letter = lang === 'en' ? 2 : 4;
  const word = lang === 'ja' ? [...first].join('&NoBreak;') : first;
  const head = [word + '&nbsp;'.repeat(2 * longest - letter * first.length), ...others];
  return `<details>\n<summary>${words.options[lang]}</summary>\n\n${tableOf([head, ...rows])}\n\n</details>`;
}

function rangeOf(option: Option, lang: Lang): string {
  switch (option.kind) {
    case 'enum':
    case 'names':
      return option.choices.map((choice) => `\`${choice}\``).join(', ');
    case 'boolean':
      return words.yesNo[lang];
    default:
      return `${option.min} ${words.to[lang]} ${option.max}`;
  }
}

/** `0.01`, and where a preset or the book has another `helpful: 0.03`. */
function defaultsOf(option: Option): string {
  const others = Object.entries({ ...option.presets, ...(option.book !== undefined && { book: option.book }) });
  return [
    `\`${formatOption(option.default)}\``,
    ...others.map(([of, value]) => `${of}: \`${formatOption(value)}\``),
  ].join('<br>');
}
