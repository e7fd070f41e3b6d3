// A self-contained HTML report of a run, or of one experiment at several seeds: figures, numbers, claims, settings, records.
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Lesson } from '../../catalog/shared/lesson.ts';
import type { Experiment } from '../../experiment.ts';
import { message } from '../../i18n/index.ts';
import { formatOption, toFlag } from '../../options/options.ts';
import { encodeBase64 } from '../../record/base64.ts';
import { evidenceTable, verdicts } from '../../record/claims.ts';
import { digestBytes } from '../../record/digest.ts';
import { finalTable, formatNumber, formatSummary, statusText } from '../../record/final-table.ts';
import { stringifyRecord } from '../../record/json.ts';
import { measureName } from '../../record/measure-name.ts';
import type { RunRecord, Verdict } from '../../record/record.ts';
import type { Lang } from '../../text.ts';
import type { Figure } from '../figure.ts';
import { figuresOver } from '../over-seeds.ts';
import { element, escaped } from '../svg/markup.ts';
import { renderSvg } from '../svg/render-svg.ts';
import { styleSheet } from './style.ts';
import { createFactTable, createFigureTables, createTable } from './tables.ts';

/** Options of `renderHtml`. */
export interface HtmlOptions {
  /** Default 'en'. */
  readonly lang?: Lang;
}

type Runs = readonly [RunRecord, ...RunRecord[]];

type WordKey<K> = K extends `figure.words.${infer Word}` ? Word : never;

/** Returns a word of the report that does not come from the experiment. */
function word(key: WordKey<Parameters<typeof message>[0]>, lang: Lang): string {
  return message(`figure.words.${key}`)[lang];
}

/**
 * Creates one HTML document without scripts and requests, which its content security policy also forbids. Its colors follow the
 * reader's system.
 * @param records of the experiment, with the same options at one or more seeds
 */
export function renderHtml(
  experiment: Experiment,
  records: readonly [RunRecord, ...RunRecord[]],
  { lang = 'en' }: HtmlOptions = {},
): string {
  const title = experiment.title[lang];
  const sections = [
    createHeader(experiment, records, lang),
    createLesson(experiment.lesson, lang),
    createSection(
      word('figures', lang),
      ...figuresOver(experiment, records).map((figure) => createFigure(figure, lang)),
    ),
    createSection(word('results', lang), createResults(records, lang)),
    createClaims(records.length === 1 ? records[0].claims : verdicts(experiment.claims, records), lang),
    createSection(word('settings', lang), createSettings(experiment, records, lang)),
    createSection(word('record', lang), ...records.map((record) => createRecord(record, lang))),
  ];
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('link', { rel: 'icon', href: 'data:,' }),
    element('title', {}, escaped(`${title} · Descent`)),
    element('style', {}, styleSheet),
  ];
  const page = element('html', { lang }, element('head', {}, ...head), element('body', {}, ...sections));
  return `<!doctype html>\n${page}\n`;
}

/** Content security policy: nothing is loaded, nothing runs, and only the style sheet of the report is allowed. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${encodeBase64(hexToBytes(digestBytes(utf8ToBytes(styleSheet))))}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function createSection(title: string, ...children: readonly string[]): string {
  return element('section', {}, element('h2', {}, escaped(title)), ...children);
}

function createHeader({ name, title, question }: Experiment, records: Runs, lang: Lang): string {
  const [{ data, variant }] = records;
  const facts = [name, `${word('seed', lang)} ${records.map(({ seed }) => seed).join(', ')}`, data.name, variant];
  return element(
    'header',
    {},
    element('h1', {}, escaped(title[lang])),
    element('p', {}, escaped(question[lang])),
    element('div', { class: 'facts' }, escaped(facts.join(' · '))),
  );
}

/** Formulas are MathML that `math` created, so they are not escaped. */
function createLesson(lesson: Lesson, lang: Lang): string {
  const statements = lesson.theory.map(({ text, formula = '' }) => element('p', {}, escaped(text[lang])) + formula);
  return createSection(
    word('watch', lang),
    element('p', {}, escaped(lesson.watch[lang])),
    element('details', {}, element('summary', {}, escaped(word('theory', lang))), ...statements),
  );
}

/** Draws a figure in light and in dark colors. CSS displays one of them, also for screen readers. */
function createFigure(figure: Figure, lang: Lang): string {
  const drawn = (['light', 'dark'] as const).map((theme) =>
    element('div', { class: theme }, renderSvg({ ...figure, id: `${figure.id}-${theme}` }, { lang, theme })),
  );
  return element(
    'figure',
    { id: figure.id },
    ...drawn,
    element('figcaption', {}, escaped(figure.caption[lang])),
    element('details', {}, element('summary', {}, escaped(word('numbers', lang))), createFigureTables(figure, lang)),
  );
}

function createResults(records: Runs, lang: Lang): string {
  const { measures, rows } = finalTable(records);
  const isOne = records.length === 1;
  const statuses = rows.map(({ runs }) => statusText(runs, lang));
  const hasStatus = statuses.some((status) => status !== '');
  return createTable(
    [word('arm', lang), ...measures.map((measure) => measureName(measure, lang)), ...(hasStatus ? [''] : [])],
    rows.map(({ arm, cells }, i) => [
      arm,
      ...cells.map((cell) => formatSummary(cell, isOne)),
      ...(hasStatus ? [statuses[i] as string] : []),
    ]),
  );
}

function createClaims(claims: readonly Verdict[], lang: Lang): string {
  if (claims.length === 0) return '';
  const items = claims.map((verdict) => {
    const { id, text, holds } = verdict;
    const [mark, name, look] = holds ? ['✓', word('holds', lang), 'holds'] : ['✗', word('not-holding', lang), 'fails'];
    const sign = element('span', { class: `mark ${look}`, role: 'img', 'aria-label': name }, mark);
    const numbers = element('summary', {}, escaped(word('evidence', lang)));
    return element(
      'li',
      { id },
      sign,
      escaped(text[lang]),
      element('details', { open: '' }, numbers, createEvidence(verdict, lang)),
    );
  });
  return createSection(word('claims', lang), element('ul', { class: 'claims' }, ...items));
}

/** Creates one row per number, with its confidence interval over several seeds. */
function createEvidence(verdict: Verdict, lang: Lang): string {
  const rows = evidenceTable(verdict);
  const hasInterval = rows.some(({ interval }) => interval);
  const head = [word('effect', lang), word('value', lang), ...(hasInterval ? [word('interval', lang)] : [])];
  const cells = rows.map(({ name, value, interval }) => [
    measureName(name, lang),
    formatNumber(value),
    ...(hasInterval ? [interval ? `${formatNumber(interval[0])} … ${formatNumber(interval[1])}` : ''] : []),
  ]);
  return createTable(head, cells);
}

function createSettings({ options: schema }: Experiment, records: Runs, lang: Lang): string {
  const rows = Object.entries(records[0].options).map(([name, value]) => [
    schema[name]?.label[lang] ?? name,
    toFlag(name),
    formatOption(value),
  ]);
  return [
    createTable([word('option', lang), '', word('value', lang)], rows),
    element('p', { class: 'note' }, escaped(word('command', lang))),
    element('p', {}, element('code', {}, escaped(formatCommand(records)))),
  ].join('');
}

/** Returns the command that repeats the runs bit for bit. The reader fills in the folder of data other than MNIST. */
function formatCommand(records: Runs): string {
  const [{ experiment, options, seed, data }] = records;
  const isConsecutive = records.every((record, i) => record.seed === seed + i);
  const flags = Object.entries(options).map(([name, value]) => `${toFlag(name)} ${formatOption(value)}`);
  const seeds = records.length > 1 && isConsecutive ? [`--seeds ${records.length}`] : [];
  const dataFlag = ['none', 'mnist'].includes(data.name) ? [] : ['--data DIR'];
  return ['descent run', experiment, `--seed ${seed}`, ...seeds, ...dataFlag, ...flags].join(' ');
}

/** Creates a table of the facts of a record, and a link that contains the record. */
function createRecord(record: RunRecord, lang: Lang): string {
  const environment = Object.entries(record.environment).map(([name, value]): [string, string] => [
    isTranslated(name) ? word(name, lang) : name,
    value,
  ]);
  const facts: [string, string][] = [
    [word('experiment', lang), record.experiment],
    [word('seed', lang), String(record.seed)],
    [word('data', lang), `${record.data.name} ${record.data.sha256}`],
    [word('variant', lang), record.variant],
    [word('digest', lang), record.digest],
    ...environment,
    [word('seconds', lang), String(record.elapsedSeconds)],
  ];
  const file = `${record.experiment}-seed${record.seed}.json`;
  const href = `data:application/json;base64,${encodeBase64(utf8ToBytes(stringifyRecord(record)))}`;
  return [
    createFactTable(facts),
    element(
      'details',
      {},
      element('summary', {}, escaped(word('digests', lang))),
      createFactTable(record.arms.map(({ name, digest }) => [name, digest])),
    ),
    element('p', {}, element('a', { href, download: file }, escaped(file))),
  ].join('');
}

type EnvironmentName = 'runtime' | 'os' | 'cpu' | 'descent';

function isTranslated(name: string): name is EnvironmentName {
  return ['runtime', 'os', 'cpu', 'descent'].includes(name);
}
