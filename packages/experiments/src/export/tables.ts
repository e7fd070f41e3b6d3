// Records as tables: all values of all series, or the trials of a search.
import type { Experiment } from '../experiment.ts';
import { encodeFloat } from '../record/float32.ts';
import type { RunRecord } from '../record/record.ts';
import { valuesAt } from '../search/space.ts';
import { trialsIn } from '../search/study.ts';
import { sampledValues } from '../search/trial.ts';

type Cell = string | number;

/** A table with named columns. */
export interface Table {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** One cell per column; undefined if it is empty. */
  readonly rows: readonly (readonly (string | number | undefined)[])[];
}

/** Returns one row per value: arm, measure, step, value. */
export function seriesTable({ arms }: RunRecord): Table {
  const rows = arms.flatMap(({ name, series }) =>
    Object.entries(series).flatMap(([measure, { step, value }]) =>
      step.map((at, i) => [name, measure, at, value[i]] as const),
    ),
  );
  return { columns: ['arm', 'measure', 'step', 'value'], rows };
}

/**
 * Returns one row per trial: state, value, parameters.
 * @throws TypeError if the record is not from a search
 */
export function trialTable({ name, study: createStudy }: Experiment, record: RunRecord): Table {
  if (!createStudy) throw new TypeError(`[trialTable] ${name} is not a search`);
  const study = createStudy(record.options as never);
  const names = study.space.map((dimension) => dimension.name);
  const rows = trialsIn(study, record).map(({ index, name: arm, round, state, step, value, point }, i) => {
    const values = { ...sampledValues(study.space, point), ...valuesAt(study.space, point) };
    return [
      index + 1,
      arm,
      round + 1,
      state,
      step,
      value,
      ...names.map((each) => values[each]),
      record.arms[i]?.digest,
    ];
  });
  return { columns: ['number', 'arm', 'round', 'state', 'steps', study.measure, ...names, 'digest'], rows };
}

/** Returns a table as CSV (RFC 4180) with LF. Numbers have as many digits as float32 needs; empty cells are empty. */
export function toCsv({ columns, rows }: Table): string {
  return [columns, ...rows].map((row) => `${row.map(formatCell).join(',')}\n`).join('');
}

function formatCell(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  // Spreadsheets would evaluate such a text as a formula.
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(toJsonValue(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns a table as a JSON array of objects. NaN and infinities are strings, as in a record. */
export function toJson({ columns, rows }: Table): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, i) => [column, row[i] === undefined ? null : toJsonValue(row[i])])),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** Returns a number as records have it. */
const toJsonValue = (cell: Cell): unknown =>
  typeof cell === 'number' && !Number.isSafeInteger(cell) ? encodeFloat(cell) : cell;
