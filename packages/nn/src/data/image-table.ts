// Images as CSV, as MNIST on Kaggle: each row has a label and pixels from 0 to 255.
import * as is from '../core/check.ts';
import { DataError } from './data-error.ts';
import { describeContent, idxHeader, isText, type NamedBytes, namedBytes } from './idx.ts';
import type { ImageFiles } from './mnist.ts';

/** Without a test table, every seventh row is a test image, as in MNIST. */
const TEST_EVERY = 7;

/**
 * Converts CSV to four IDX files. The first line can have column names. If `test` is missing or has no labels, as test.csv
 * of Kaggle, every seventh row of `train` becomes a test image.
 * @throws DataError with the file and the line of an error
 */
export function imageFilesFromCsv(train: NamedBytes, test?: NamedBytes): ImageFiles {
  is.checkArguments('imageFilesFromCsv', arguments, { train: namedBytes, test: is.optional(namedBytes) });
  const [trainTable, testTable] = [parseTable(train), test && parseTable(test)];
  if (!trainTable.isLabelled) throw new DataError(train.file, 'a label before the pixels of each row', 'pixels alone');
  if (test && testTable?.isLabelled)
    return { ...idxFiles('train', train, trainTable), ...idxFiles('test', test, testTable) };
  if (trainTable.rows.length < TEST_EVERY) {
    throw new DataError(
      train.file,
      `${TEST_EVERY} rows or more, since one in ${TEST_EVERY} tests`,
      `${trainTable.rows.length}`,
    );
  }
  const rowsFor = (isTest: boolean) =>
    trainTable.rows.filter((_, row) => (row % TEST_EVERY === TEST_EVERY - 1) === isTest);
  const [kept, held] = [false, true].map((isTest) => ({ ...trainTable, rows: rowsFor(isTest) }));
  return { ...idxFiles('train', train, kept as Table), ...idxFiles('test', train, held as Table) };
}

interface Table {
  /** The label, if the table has labels, then the pixels of a square image. */
  readonly rows: readonly Uint8Array[];
  readonly side: number;
  readonly isLabelled: boolean;
}

type Files<P extends 'train' | 'test'> = Pick<ImageFiles, `${P}Images` | `${P}Labels`>;

function idxFiles<P extends 'train' | 'test'>(part: P, { file }: NamedBytes, { rows, side }: Table): Files<P> {
  const [size, count] = [side * side, rows.length];
  const images = new Uint8Array(16 + count * size);
  const labels = new Uint8Array(8 + count);
  images.set(idxHeader([count, side, side]));
  labels.set(idxHeader([count]));
  for (const [row, values] of rows.entries()) {
    labels[8 + row] = values[0] as number;
    images.set(values.subarray(1), 16 + row * size);
  }
  return { [`${part}Images`]: { file, bytes: images }, [`${part}Labels`]: { file, bytes: labels } } as Files<P>;
}

const [LINE_FEED, RETURN, COMMA, ZERO, NINE] = [10, 13, 44, 48, 57];
const BYTE_ORDER_MARK = 0xef;

function parseTable({ file, bytes }: NamedBytes): Table {
  if (!isText(bytes)) throw new DataError(file, 'comma-separated values', describeContent(bytes));
  const rows: Uint8Array[] = [];
  let columns = 0;
  let names = '';
  let start = bytes[0] === BYTE_ORDER_MARK ? 3 : 0;
  for (let line = 1; start < bytes.length; line++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const next = feed < 0 ? bytes.length : feed;
    const cells = bytes.subarray(start, bytes[next - 1] === RETURN ? next - 1 : next);
    start = next + 1;
    if (cells.length === 0) continue;
    columns ||= cells.reduce((count, byte) => count + Number(byte === COMMA), 1);
    const isNames = line === 1 && !((cells[0] as number) >= ZERO && (cells[0] as number) <= NINE);
    if (isNames) names = textOf(cells);
    else rows.push(parseRow(cells, columns, file, line));
  }
  if (rows.length === 0) throw new DataError(file, 'rows of a label and its pixels', 'none');
  const [side, labelled] = [Math.sqrt(columns), Math.sqrt(columns - 1)];
  const isLabelled = Number.isInteger(labelled) && labelled > 0;
  if (!isLabelled && !Number.isInteger(side)) {
    throw new DataError(file, 'a label and the pixels of a square image, such as 785 columns', `${columns} columns`);
  }
  if (isLabelled && names && !/^"?(label|class|target|y)\b/i.test(names)) {
    throw new DataError(file, 'the label in the first column', `the columns ${JSON.stringify(names.slice(0, 60))}`);
  }
  return { rows, side: isLabelled ? labelled : side, isLabelled };
}

function parseRow(cells: Uint8Array, columns: number, file: string, line: number): Uint8Array {
  const row = new Uint8Array(columns);
  let [column, value, digits] = [0, 0, 0];
  for (let at = 0; at <= cells.length; at++) {
    const byte = cells[at] ?? COMMA;
    if (byte >= ZERO && byte <= NINE) {
      value = 10 * value + byte - ZERO;
      digits++;
    } else if (byte === COMMA && digits > 0 && value <= 255) {
      row[column++] = value;
      value = digits = 0;
    } else {
      const text = textOf(cells).split(',')[column]?.slice(0, 40);
      throw new DataError(file, `whole numbers from 0 to 255 in line ${line}`, text ? JSON.stringify(text) : 'nothing');
    }
  }
  if (column === columns) return row;
  throw new DataError(file, `${columns} columns in line ${line}, as in the first`, `${column}`);
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
