// What a run says on stdout when it has ended: charts, a table of where the arms came to, verdicts, where the record lies.
import {
  displayWidth,
  type EvidenceRow,
  type Experiment,
  endingOf,
  evidenceRows,
  figuresOver,
  finalsOf,
  formatSummary,
  type Lang,
  measureName,
  padEnd,
  padStart,
  type RunRecord,
  renderTerminal,
  short,
  type Verdict,
} from '@descent/experiments';
import { columnsOf, hasColor, paint, self, shellQuoted } from '../terminal.ts';
import { words } from '../words.ts';
import { formatSeconds } from './progress.ts';

/** Charts of a run as text, or of one at several seeds. */
export function chartsOf(experiment: Experiment, records: readonly RunRecord[], lang: Lang): string {
  const options = { columns: columnsOf(process.stdout), color: hasColor(process.stdout), lang };
  return figuresOver(experiment, records)
    .filter(({ isFine }) => !isFine)
    .map((figure) => `${renderTerminal(figure, options).trimEnd()}\n`)
    .join('\n');
}

/** One row an arm, one column a measure; over several seeds the mean and the span. */
export function resultsOf(records: readonly RunRecord[], lang: Lang): string {
  const { measures, rows } = finalsOf(records);
  const isOne = records.length === 1;
  const lines = rows.map(({ arm, cells, runs }) => [
    arm,
    ...cells.map((cell) => formatSummary(cell, isOne)),
    paint.yellow(endingOf(runs, lang)),
  ]);
  return table([[words.arm[lang], ...measures.map((measure) => measureName(measure, lang)), ''], ...lines]);
}

/** Columns aligned: the first and the last to the left, numbers to the right; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => displayWidth(plain(row[column] ?? ''))))) ?? [];
  const lines = rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const room = (widths[column] ?? 0) + cell.length - plain(cell).length;
      return column === 0 || column === row.length - 1 ? padEnd(cell, room) : padStart(cell, room);
    });
    const line = `  ${cells.join('  ')}`.trimEnd();
    return index === 0 ? paint.dim(line) : line;
  });
  return `${lines.join('\n')}\n`;
}

/** A cell without its colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const plain = (cell: string) => cell.replace(/\u001b\[\d+m/g, '');

/** `✓ sentence` or `✗ sentence`, and the numbers that say so. */
export function claimsOf(claims: readonly Verdict[], lang: Lang): string {
  if (claims.length === 0) return '';
  const lines = claims.map((verdict) => {
    const { text, holds } = verdict;
    const mark = holds ? paint.green('✓') : paint.yellow('✗');
    const numbers = evidenceRows(verdict).map((row) => formatEvidence(row, lang));
    const width = columnsOf(process.stdout) - 4;
    const [first, ...more] = wrapText(text[lang], lang, width);
    const details = wrap(numbers, ' · ', width).map((line) => paint.dim(line));
    return [`  ${mark} ${first}`, ...[...more, ...details].map((line) => `    ${line}`)];
  });
  return `${paint.bold(words.claims[lang])}\n${lines.flat().join('\n')}\n`;
}

/** `mean loss 0.21`, or over several seeds with the 95 % interval of the mean: `mean loss 0.21 [0.18, 0.24]`. */
function formatEvidence({ name, value, interval }: EvidenceRow, lang: Lang): string {
  const range = interval ? ` [${interval.map((end) => short(end)).join(', ')}]` : '';
  return `${measureName(name, lang)} ${short(value)}${range}`;
}

/** The question that the run is an answer to. */
export function questionOf({ question }: Experiment, lang: Lang): string {
  const lines = wrapText(question[lang], lang, columnsOf(process.stdout));
  return lines.map((line) => `${paint.bold(line)}\n`).join('');
}

/** Lines of a sentence. Japanese is broken between words, which no spaces tell, and never before a punctuation mark. */
function wrapText(text: string, lang: Lang, width: number): string[] {
  if (lang !== 'ja') return wrap(text.split(' '), ' ', width);
  const items: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter(lang, { granularity: 'word' }).segment(text)) {
    if (isWordLike || items.length === 0) items.push(segment);
    else items[items.length - 1] += segment;
  }
  return wrap(items, '', width);
}

/** Items on as few lines as they fit on. */
function wrap(items: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const longer = `${lines.at(-1)}${separator}${item}`;
    if (lines.length > 0 && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}

export interface Whereabouts {
  /** The folder of the run. */
  readonly path: string;
  /** One a seed. */
  readonly files: readonly string[];
  readonly seconds: number;
  /** Further things to do with the record. */
  readonly ways?: readonly string[];
}

/** Where the record lies, and what can be done with it. */
export function whereaboutsOf({ path, files, seconds, ways: further = [] }: Whereabouts, lang: Lang): string {
  const [file] = files as [string];
  const time = words.seconds(seconds < 10 ? `${seconds.toFixed(seconds < 1 ? 2 : 1)} s` : formatSeconds(seconds))[lang];
  const isOne = files.length === 1;
  const plotted = shellQuoted(isOne ? file : path);
  const ways = [`${self} plot ${plotted} -o report.html`, `${self} verify ${shellQuoted(file)}`, ...further];
  return [
    paint.bold(words.record[lang]),
    `  ${file}${isOne ? '' : ` … ${files.at(-1)}`}  ${paint.dim(time)}`,
    ...ways.map((way) => `  ${paint.dim(way)}`),
    '',
  ].join('\n');
}
