// A record as tables: every value of every series, or the trials of a search.
import type { Experiment } from '../experiment.ts';
import { encodeFloat } from '../record/float32.ts';
import type { RunRecord } from '../record/record.ts';
import { valuesAt } from '../search/space.ts';
import { sampledValues } from '../search/trial.ts';
import { trialsOf } from '../search/trials.ts';

type Cell = string | number;

/** Rows under named columns. */
export interface Table {
  /** Names, as in the first line of a CSV file. */
  readonly columns: readonly string[];
  /** A cell a column; undefined where there is nothing to say. */
  readonly rows: readonly (readonly (string | number | undefined)[])[];
}

/** A row a value: arm, measure, step, value. */
export function seriesTable({ arms }: RunRecord): Table {
  const rows = arms.flatMap(({ name, series }) =>
    Object.entries(series).flatMap(([measure, { step, value }]) =>
      step.map((at, i) => [name, measure, at, value[i]] as const),
    ),
  );
  return { columns: ['arm', 'measure', 'step', 'value'], rows };
}

/**
 * A row a trial, in their order: what became of it, its value, what it tried.
 * @throws TypeError where the record is not of a search
 */
export function trialTable({ name, study: studyOf }: Experiment, record: RunRecord): Table {
  if (!studyOf) throw new TypeError(`[formats] expected the record of a search but ${name} is none`);
  const study = studyOf(record.options as never);
  const names = study.space.map((dimension) => dimension.name);
  const rows = trialsOf(study, record).map(({ index, name: arm, round, state, step, value, point }, i) => {
    const tried = { ...sampledValues(study.space, point), ...valuesAt(study.space, point) };
    return [index + 1, arm, round + 1, state, step, value, ...names.map((each) => tried[each]), record.arms[i]?.digest];
  });
  return { columns: ['number', 'arm', 'round', 'state', 'steps', study.measure, ...names, 'digest'], rows };
}

/** RFC 4180, lines ending in LF. A float32 is printed so that it reads back to the same; nothing where there is none. */
export function toCsv({ columns, rows }: Table): string {
  return [columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\n`).join('');
}

function cellOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  // A spreadsheet would take such a text for a formula.
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(shortened(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A list of objects; what JSON has no number for is a string, as in a record. */
export function toJson({ columns, rows }: Table): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, i) => [column, row[i] === undefined ? null : shortened(row[i])])),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** A number as a record has it. */
const shortened = (cell: Cell): unknown =>
  typeof cell === 'number' && !Number.isSafeInteger(cell) ? encodeFloat(cell) : cell;
