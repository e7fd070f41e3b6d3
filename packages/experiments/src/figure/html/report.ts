// A run, or one experiment at several seeds, as one page that needs nothing else: figures, numbers, claims, settings, records.
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Lesson } from '../../catalog/shared/lesson.ts';
import type { Experiment } from '../../experiment.ts';
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
import { numbersOf } from './numbers.ts';
import { look } from './style.ts';
import { factsOf, tableOf } from './table.ts';
import { words } from './words.ts';

/** The language of all that is not a number. */
export interface HtmlOptions {
  /** Default 'en'. */
  readonly lang?: Lang;
}

type Runs = readonly [RunRecord, ...RunRecord[]];

/**
 * One HTML document: no script, no request, a policy that forbids both. Light or dark as the reader's system is.
 * @param records of the experiment, with the same options at one or more seeds; at least one
 */
export function renderHtml(
  experiment: Experiment,
  records: readonly [RunRecord, ...RunRecord[]],
  { lang = 'en' }: HtmlOptions = {},
): string {
  const title = experiment.title[lang];
  const sections = [
    headerOf(experiment, records, lang),
    lessonOf(experiment.lesson, lang),
    sectionOf(words.figures[lang], ...figuresOver(experiment, records).map((figure) => figureOf(figure, lang))),
    sectionOf(words.results[lang], resultsOf(records, lang)),
    claimsOf(records.length === 1 ? records[0].claims : verdicts(experiment.claims, records), lang),
    sectionOf(words.settings[lang], settingsOf(experiment, records, lang)),
    sectionOf(words.record[lang], recordsOf(records, lang)),
  ];
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('link', { rel: 'icon', href: 'data:,' }),
    element('title', {}, escaped(`${title} · Descent`)),
    element('style', {}, look),
  ];
  const page = element('html', { lang }, element('head', {}, ...head), element('body', {}, ...sections));
  return `<!doctype html>\n${page}\n`;
}

/** Nothing is loaded and nothing runs; styles are the sheet in the page, by its digest. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${encodeBase64(hexToBytes(digestBytes(utf8ToBytes(look))))}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function sectionOf(title: string, ...children: readonly string[]): string {
  return element('section', {}, element('h2', {}, escaped(title)), ...children);
}

function headerOf({ name, title, question }: Experiment, records: Runs, lang: Lang): string {
  const [{ data, variant }] = records;
  const facts = [name, `${words.seed[lang]} ${records.map(({ seed }) => seed).join(', ')}`, data.name, variant];
  return element(
    'header',
    {},
    element('h1', {}, escaped(title[lang])),
    element('p', {}, escaped(question[lang])),
    element('div', { class: 'facts' }, escaped(facts.join(' · '))),
  );
}

/** Where to look, and the theory; formulas are MathML of our own. */
function lessonOf(lesson: Lesson, lang: Lang): string {
  const statements = lesson.theory.map(({ text, formula = '' }) => element('p', {}, escaped(text[lang])) + formula);
  return sectionOf(
    words.watch[lang],
    element('p', {}, escaped(lesson.watch[lang])),
    element('details', {}, element('summary', {}, escaped(words.theory[lang])), ...statements),
  );
}

/** Drawn twice, for light and for dark; the one that is not meant is not displayed, so nobody reads it twice. */
function figureOf(figure: Figure, lang: Lang): string {
  const drawn = (['light', 'dark'] as const).map((theme) =>
    element('div', { class: theme }, renderSvg({ ...figure, id: `${figure.id}-${theme}` }, { lang, theme })),
  );
  return element(
    'figure',
    { id: figure.id },
    ...drawn,
    element('figcaption', {}, escaped(figure.caption[lang])),
    element('details', {}, element('summary', {}, escaped(words.numbers[lang])), numbersOf(figure, lang)),
  );
}

function resultsOf(records: Runs, lang: Lang): string {
  const { measures, rows } = finalTable(records);
  const isOne = records.length === 1;
  const endings = rows.map(({ runs }) => statusText(runs, lang));
  const hasEndings = endings.some((ending) => ending !== '');
  return tableOf(
    [words.arm[lang], ...measures.map((measure) => measureName(measure, lang)), ...(hasEndings ? [''] : [])],
    rows.map(({ arm, cells }, i) => [
      arm,
      ...cells.map((cell) => formatSummary(cell, isOne)),
      ...(hasEndings ? [endings[i] as string] : []),
    ]),
  );
}

function claimsOf(claims: readonly Verdict[], lang: Lang): string {
  if (claims.length === 0) return '';
  const items = claims.map((verdict) => {
    const { id, text, holds } = verdict;
    const [mark, word, look] = holds ? ['✓', words.holds, 'holds'] : ['✗', words.notHolding, 'fails'];
    const sign = element('span', { class: `mark ${look}`, role: 'img', 'aria-label': word[lang] }, mark);
    const numbers = element('summary', {}, escaped(words.evidence[lang]));
    return element(
      'li',
      { id },
      sign,
      escaped(text[lang]),
      element('details', { open: '' }, numbers, evidenceOf(verdict, lang)),
    );
  });
  return sectionOf(words.claims[lang], element('ul', { class: 'claims' }, ...items));
}

/** One row a number, with its interval where it has one. */
function evidenceOf(verdict: Verdict, lang: Lang): string {
  const rows = evidenceTable(verdict);
  const hasInterval = rows.some(({ interval }) => interval);
  const head = [words.effect[lang], words.value[lang], ...(hasInterval ? [words.interval[lang]] : [])];
  const cells = rows.map(({ name, value, interval }) => [
    measureName(name, lang),
    formatNumber(value),
    ...(hasInterval ? [interval ? `${formatNumber(interval[0])} … ${formatNumber(interval[1])}` : ''] : []),
  ]);
  return tableOf(head, cells);
}

function settingsOf({ options: schema }: Experiment, records: Runs, lang: Lang): string {
  const rows = Object.entries(records[0].options).map(([name, value]) => [
    schema[name]?.label[lang] ?? name,
    toFlag(name),
    formatOption(value),
  ]);
  return [
    tableOf([words.option[lang], '', words.value[lang]], rows),
    element('p', { class: 'note' }, escaped(words.command[lang])),
    element('p', {}, element('code', {}, escaped(commandOf(records)))),
  ].join('');
}

/** What to type for the same bits; only where the data of others lie is for the reader to fill in. */
function commandOf(records: Runs): string {
  const [{ experiment, options, seed, data }] = records;
  const isRow = records.every((record, i) => record.seed === seed + i);
  const flags = Object.entries(options).map(([name, value]) => `${toFlag(name)} ${formatOption(value)}`);
  const seeds = records.length > 1 && isRow ? [`--seeds ${records.length}`] : [];
  const from = ['none', 'mnist'].includes(data.name) ? [] : ['--data DIR'];
  return ['descent run', experiment, `--seed ${seed}`, ...seeds, ...from, ...flags].join(' ');
}

function recordsOf(records: Runs, lang: Lang): string {
  return records.map((record) => recordOf(record, lang)).join('');
}

/** What the record says of itself, and the record: a link that needs no network. */
function recordOf(record: RunRecord, lang: Lang): string {
  const environment = Object.entries(record.environment).map(([name, value]): [string, string] => [
    Object.hasOwn(words, name) ? words[name as keyof typeof words][lang] : name,
    value,
  ]);
  const facts: [string, string][] = [
    [words.experiment[lang], record.experiment],
    [words.seed[lang], String(record.seed)],
    [words.data[lang], `${record.data.name} ${record.data.sha256}`],
    [words.variant[lang], record.variant],
    [words.digest[lang], record.digest],
    ...environment,
    [words.seconds[lang], String(record.elapsedSeconds)],
  ];
  const file = `${record.experiment}-seed${record.seed}.json`;
  const href = `data:application/json;base64,${encodeBase64(utf8ToBytes(stringifyRecord(record)))}`;
  return [
    factsOf(facts),
    element(
      'details',
      {},
      element('summary', {}, escaped(words.digests[lang])),
      factsOf(record.arms.map(({ name, digest }) => [name, digest])),
    ),
    element('p', {}, element('a', { href, download: file }, escaped(file))),
  ].join('');
}
