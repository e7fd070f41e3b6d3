// What a run says on stdout when it has ended: charts, a table of where the arms came to, verdicts, where the record lies.
import {
  type EvidenceRow,
  type Experiment,
  evidenceTable,
  figuresOver,
  finalTable,
  formatSummary,
  type Lang,
  measureName,
  type RunRecord,
  renderTerminal,
  short,
  statusText,
  type Verdict,
} from '@descent/experiments';
import { table, wrap, wrapText } from '../table.ts';
import { formatSeconds } from './progress.ts';
import { columnsOf, hasColor, paint, self, shellQuoted } from './terminal.ts';
import { words } from './words.ts';

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
  const { measures, rows } = finalTable(records);
  const isOne = records.length === 1;
  const lines = rows.map(({ arm, cells, runs }) => [
    arm,
    ...cells.map((cell) => formatSummary(cell, isOne)),
    paint.yellow(statusText(runs, lang)),
  ]);
  return table([[words.arm[lang], ...measures.map((measure) => measureName(measure, lang)), ''], ...lines]);
}

/** `✓ sentence` or `✗ sentence`, and the numbers that say so. */
export function claimsOf(claims: readonly Verdict[], lang: Lang): string {
  if (claims.length === 0) return '';
  const lines = claims.map((verdict) => {
    const { text, holds } = verdict;
    const mark = holds ? paint.green('✓') : paint.yellow('✗');
    const numbers = evidenceTable(verdict).map((row) => formatEvidence(row, lang));
    const width = columnsOf(process.stdout) - 4;
    const [first, ...more] = wrapText(text[lang], width);
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
  const lines = wrapText(question[lang]);
  return lines.map((line) => `${paint.bold(line)}\n`).join('');
}

export interface OutputPaths {
  /** The folder of the run. */
  readonly path: string;
  /** One a seed. */
  readonly files: readonly string[];
  readonly seconds: number;
  /** Further things to do with the record. */
  readonly ways?: readonly string[];
}

/** Where the record lies, and what can be done with it. */
export function outputPaths({ path, files, seconds, ways: further = [] }: OutputPaths, lang: Lang): string {
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
