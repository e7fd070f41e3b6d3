// Tables and paragraphs that fit the terminal and break only between words. No table library breaks Japanese heads
// between words or moves columns that do not fit below the others.
import { clip, displayWidth, padEnd, padStart } from '@descent/experiments';
import { columnsOf, paint } from './terminal.ts';

/** Blank columns between two cells, and before the first. */
const GAP = 2;

type Row = readonly string[];

/**
 * Formats rows as columns: the first and the last are aligned left, the others right; the first row is the head. If a
 * table is too wide, its head breaks between words. Columns that still do not fit follow below, with the first column
 * repeated.
 */
export function table([head = [], ...body]: readonly Row[], columns = columnsOf(process.stdout)): string {
  const room = columns - GAP;
  const widths = fitWidths(head, body, room);
  const formatCell = (row: Row, column: number) => {
    const width = widths[column] ?? 0;
    const pad = column === 0 || column === head.length - 1 ? padEnd : padStart;
    return pad(clip(row[column] ?? '', width), width);
  };
  const blocks = splitColumns(widths, room).map((block) => {
    const formatRow = (row: Row) => `  ${block.map((column) => formatCell(row, column)).join('  ')}`.trimEnd();
    const heads = wrapHead(head, widths, block).map((row) => paint.dim(formatRow(row)));
    return `${[...heads, ...body.map(formatRow)].join('\n')}\n`;
  });
  return blocks.join('\n');
}

/** Returns the widths of the columns. The widest heads break, down to their longest word, until the table fits. */
function fitWidths(head: Row, body: readonly Row[], room: number): number[] {
  const cells = head.map((_, column) => widest(body.map((row) => row[column] ?? '')));
  const natural = head.map((name, column) => Math.max(displayWidth(name), cells[column] ?? 0));
  const narrow = head.map((name, column) => Math.max(widest(splitWords(name).words), cells[column] ?? 0));
  for (let limit = room; limit > 0; limit--) {
    const widths = narrow.map((least, column) => Math.max(least, Math.min(natural[column] ?? 0, limit)));
    if (lineWidth(widths) <= room) return widths;
  }
  const first = Math.min(narrow[0] ?? 0, Math.floor(room / 2));
  return [first, ...narrow.slice(1).map((width) => Math.min(width, room - first - GAP))];
}

const widest = (cells: Row) => Math.max(0, ...cells.map(displayWidth));

/** Returns the width of a line; an empty column has no gap. */
const lineWidth = (widths: readonly number[]) =>
  widths.reduce((sum, width) => (width > 0 ? sum + width + GAP : sum), -GAP);

/** Splits the columns into blocks that fit; each begins with the first column. */
function splitColumns(widths: readonly number[], room: number): number[][] {
  const blocks: number[][] = [];
  for (const [column, width] of widths.entries()) {
    const block = blocks.at(-1) ?? [];
    const isFull = block.length > 1 && lineWidth([...block.map((other) => widths[other] ?? 0), width]) > room;
    if (column === 0) blocks.push([0]);
    else if (isFull) blocks.push([0, column]);
    else if (width > 0) block.push(column);
  }
  return blocks;
}

/** Wraps the head of a block into rows, aligned at the bottom. */
function wrapHead(head: Row, widths: readonly number[], block: readonly number[]): Row[] {
  const names = head.map((name, column) => (block.includes(column) ? wrapText(name, widths[column] ?? 0) : []));
  const height = Math.max(...names.map(({ length }) => length));
  return Array.from({ length: height }, (_, i) => names.map((lines) => lines[i - height + lines.length] ?? ''));
}

/** Breaks a text into lines between words. */
export function wrapText(text: string, width = columnsOf(process.stdout)): string[] {
  const { words, separator } = splitWords(text);
  return wrap(words, separator, width);
}

/** Joins items to lines of at most `width` columns; a wider item is cut. */
export function wrap(items: Row, separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const longer = `${lines.at(-1)}${separator}${item}`;
    if (lines.length > 0 && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(clip(item, width));
  }
  return lines;
}

/** Splits a text into words. `Intl.Segmenter` splits Japanese, which has no spaces; punctuation stays with its word. */
function splitWords(text: string): { words: string[]; separator: string } {
  if (!/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text))
    return { words: text.split(' '), separator: ' ' };
  const words: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter('ja', { granularity: 'word' }).segment(text)) {
    if (isWordLike || words.length === 0) words.push(segment);
    else words[words.length - 1] += segment;
  }
  return { words, separator: '' };
}
