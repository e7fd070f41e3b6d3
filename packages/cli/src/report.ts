// What a run says on stdout when it has ended: charts, a table of where the arms came to, verdicts, where the record lies.
import { type Experiment, type Lang, type RunRecord, renderTerminal, type Verdict } from '@descent/experiments';
import { formatSeconds } from './progress.ts';
import { columnsOf, hasColor, padEnd, padStart, paint, self, widthOf } from './terminal.ts';
import { words } from './words.ts';

/** Charts of a record as text. */
export function chartsOf(experiment: Experiment, record: RunRecord, lang: Lang): string {
  const options = { columns: columnsOf(process.stdout), color: hasColor(process.stdout), lang };
  return experiment
    .figures(record)
    .map((figure) => `${renderTerminal(figure, options).trimEnd()}\n`)
    .join('\n');
}

/** One row an arm, one column a measure; over several seeds the mean and the span. */
export function finalsOf(records: readonly RunRecord[], lang: Lang): string {
  const arms = records[0]?.arms ?? [];
  const measures = [...new Set(records.flatMap((record) => record.arms.flatMap(({ final }) => Object.keys(final))))];
  const rows = arms.map(({ name }, index) => {
    const runs = records.map((record) => record.arms[index] as RunRecord['arms'][number]);
    return [name, ...measures.map((measure) => summary(runs.map(({ final }) => final[measure]))), endingOf(runs, lang)];
  });
  return table([[words.arm[lang], ...measures.map(spaced), ''], ...rows]);
}

/** `0.512`, or over several seeds `0.512 (0.507–0.520)`. */
function summary(values: readonly (number | undefined)[]): string {
  const numbers = values.filter((value) => value !== undefined);
  if (numbers.length === 0) return '—';
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  if (numbers.length === 1) return short(mean);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return [mean, low, high].some((value) => !Number.isFinite(value))
    ? '—'
    : `${short(mean, 3)} (${short(low, 3)}–${short(high, 3)})`;
}

/** Four digits are enough to read. */
export const short = (value: number, digits = 4) =>
  Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value);

function endingOf(runs: readonly RunRecord['arms'][number][], lang: Lang): string {
  const diverged = runs.find(({ status }) => status === 'diverged');
  if (diverged) return paint.yellow(words.divergedAt(diverged.divergence?.step ?? 0)[lang]);
  return runs.some(({ status }) => status === 'interrupted') ? paint.yellow(words.interrupted[lang]) : '';
}

/** `trainLoss` → `train loss`. */
const spaced = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Columns aligned: the first and the last to the left, numbers to the right; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => widthOf(plain(row[column] ?? ''))))) ?? [];
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
  const lines = claims.map(({ text, holds, evidence }) => {
    const mark = holds ? paint.green('✓') : paint.yellow('✗');
    const numbers = Object.entries(evidence).map(([name, value]) => `${name} ${short(value)}`);
    const width = columnsOf(process.stdout) - 4;
    const [first, ...more] = wrapText(text[lang], lang, width);
    const details = wrap(numbers, ' · ', width).map((line) => paint.dim(line));
    return [`  ${mark} ${first}`, ...[...more, ...details].map((line) => `    ${line}`)];
  });
  return `${paint.bold(words.claims[lang])}\n${lines.flat().join('\n')}\n`;
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
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}

/** Where the record lies, and what can be done with it. */
export function whereabouts(files: readonly string[], seconds: number, lang: Lang): string {
  const [file] = files as [string];
  const time = words.seconds(seconds < 10 ? `${seconds.toFixed(seconds < 1 ? 2 : 1)} s` : formatSeconds(seconds))[lang];
  const all = files.length > 1 ? ` … ${files.at(-1)}` : '';
  const ways = [`${self} plot ${file} -o plot.svg`, `${self} verify ${file}`];
  return [
    paint.bold(words.record[lang]),
    `  ${file}${all}  ${paint.dim(time)}`,
    ...ways.map((way) => `  ${paint.dim(way)}`),
    '',
  ].join('\n');
}
