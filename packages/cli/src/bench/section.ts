// What a benchmark prints, as tables for a terminal or for a Markdown file.
import { table, wrapText } from '../table.ts';
import { columnsOf, paint } from '../terminal/terminal.ts';

export interface Section {
  readonly title: string;
  /** Numbers stand in all columns but the first. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below. */
  readonly lines?: readonly string[];
}

export function asText({ title, head, rows, lines = [] }: Section): string {
  // `table` aligns its last column to the left: an empty one is added.
  const cells = rows.length > 0 ? table([head, ...rows].map((row) => [...row, ''])) : '';
  const width = columnsOf(process.stdout);
  return [
    ...wrapText(title, width).map((line) => `${paint.bold(line)}\n`),
    cells,
    ...lines.flatMap((line) => wrapText(line, width - 2)).map((line) => `  ${paint.dim(line)}\n`),
  ].join('');
}

export function asMarkdown({ title, head, rows, lines = [] }: Section): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const rule = row(head.map((_, index) => (index === 0 ? '---' : '---:')));
  const cells = rows.length > 0 ? [row(head), rule, ...rows.map(row), '\n'] : [];
  return [`### ${title}\n\n`, ...cells, ...lines.map((line) => `${line}\n\n`)].join('');
}

/** Three digits, as many as a median is worth: `0.0312`, `20.3`, `24900`. */
export const digits = (value: number): string => String(Number(value.toPrecision(3)));

export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Half the width of the 95 % interval. */
export function plusMinus({
  medianUs,
  ci95Us: [low, high],
}: {
  medianUs: number;
  ci95Us: readonly [number, number];
}): string {
  return `±${percent((high - low) / 2 / medianUs)}`;
}
