// Generated blocks of an experiment's page, in its language: head, figures, and tables of claims, results and options.
import {
  type Claim,
  type Experiment,
  evidenceTable,
  formatNumber,
  formatOption,
  type Lang,
  measureName,
  type Option,
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
};

/** Renderers by the word after `generated:`; the words behind it are their arguments. */
export const blocks: Readonly<Record<string, (page: Page, ...words: string[]) => string>> = {
  head: renderHead,
  figure: renderFigure,
  claims: renderClaims,
  results: renderResults,
  options: renderOptions,
};

/** @throws Error if the setting is not one of the page's experiment */
export function settingNumbers({ numbers, experiment }: Page, setting = ''): SettingNumbers {
  const found = numbers.settings[setting];
  const isOwn = settings.some(({ name, experiment: owner }) => name === setting && owner === experiment.name);
  if (found && isOwn) return found;
  throw new Error(`${experiment.name} has no setting ${setting}`);
}

export function figurePath(setting: string, figure: string, lang: Lang): string {
  return `docs/images/experiments/${setting}-${figure}.${lang}.svg`;
}

const languages: readonly (readonly [Lang, string])[] = [
  ['en', 'English'],
  ['ko', '한국어'],
  ['ja', '日本語'],
];

/** Renders the title, links to the other languages, and the question. */
function renderHead({ experiment: { name, title, question }, lang }: Page): string {
  const up = lang === 'en' ? '..' : '../..';
  const links = languages.map(([other, word]) => {
    if (other === lang) return `**${word}**`;
    return `[${word}](${up}/${other === 'en' ? '' : `${other}/`}experiments/${name}.md)`;
  });
  return `# ${title[lang]}\n\n\`${name}\` · ${links.join(' · ')}\n\n> ${question[lang]}`;
}

function renderFigure(page: Page, setting = '', figure = ''): string {
  const caption = settingNumbers(page, setting).captions[figure]?.[page.lang];
  if (caption === undefined) throw new Error(`${setting} has no figure ${figure}`);
  const path = figurePath(setting, figure, page.lang).replace('docs', page.lang === 'en' ? '..' : '../..');
  return `![${caption.replace(/[[\]]/g, '')}](${path})\n\n*${caption}*`;
}

function renderTable([head = [], ...body]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

/** Renders per claim its sentence, the numbers, and the number of seeds in which it holds. */
function renderClaims(page: Page, setting?: string): string {
  const { lang, experiment } = page;
  const rows = settingNumbers(page, setting).claims.map(({ id, holds, evidence }) => {
    const claim = experiment.claims.find((each) => each.id === id) as Claim;
    const { seeds = 1, holdsIn = Number(holds), lastSteps: _, ...shown } = evidence;
    const numbers = evidenceTable({ evidence: shown }).map(({ name, value, interval }) => {
      const ends = interval ? ` [${interval.map((end) => formatNumber(end, 3)).join(', ')}]` : '';
      return `${measureName(name, lang)} ${formatNumber(value, 3)}${ends}`;
    });
    const verdict = `${words[holds ? 'yes' : 'no'][lang]}, ${holdsIn}/${seeds}`;
    return [(holds ? claim.text : claim.otherwise)[lang], numbers.join('<br>'), verdict];
  });
  return renderTable([[words.claim[lang], words.measured[lang], words.holds[lang]], ...rows]);
}

function renderResults(page: Page, setting?: string): string {
  const { finals } = settingNumbers(page, setting);
  const measures = [...new Set(Object.values(finals).flatMap((row) => Object.keys(row)))];
  const rows = Object.entries(finals).map(([arm, row]) => [
    arm,
    ...measures.map((measure) => {
      const [mean, low, high] = row[measure]?.map((value) => formatNumber(value, 3)) ?? ['—'];
      return low === high ? String(mean) : `${mean} (${low}–${high})`;
    }),
  ]);
  const head = [words.arm[page.lang], ...measures.map((measure) => measureName(measure, page.lang))];
  return renderTable([head, ...rows]);
}

function renderOptions({ experiment, lang }: Page): string {
  const rows = Object.entries(experiment.options).map(([name, option]) => [
    `\`${toFlag(name)}\``,
    option.help[lang],
    renderRange(option, lang),
    renderDefaults(option),
  ]);
  const [first = '', ...others] = [words.option, words.meaning, words.range, words.default].map((word) => word[lang]);
  // The first heading is padded to the longest flag, because browsers break narrow columns at hyphens.
  const longest = Math.max(...rows.map(([flag = '']) => flag.length));
  const letter = lang === 'en' ? 2 : 4;
  const word = lang === 'ja' ? [...first].join('&NoBreak;') : first;
  const head = [word + '&nbsp;'.repeat(2 * longest - letter * first.length), ...others];
  return `<details>\n<summary>${words.options[lang]}</summary>\n\n${renderTable([head, ...rows])}\n\n</details>`;
}

function renderRange(option: Option, lang: Lang): string {
  if (option.kind === 'boolean') return 'true, false';
  if ('choices' in option) return option.choices.map((choice) => `\`${choice}\``).join(', ');
  return `${option.min} ${words.to[lang]} ${option.max}`;
}

/** Renders `0.01`, and `helpful: 0.03` for a preset or the book with another default. */
function renderDefaults(option: Option): string {
  const others = Object.entries({ ...option.presets, ...(option.book !== undefined && { book: option.book }) });
  const values = others.map(([name, value]) => `${name}: \`${formatOption(value)}\``);
  return [`\`${formatOption(option.default)}\``, ...values].join('<br>');
}
