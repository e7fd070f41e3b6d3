// Records from elsewhere, exported: as tables, arrays and a journal of Optuna. What is written is whole, and nothing leads out of its folder.
import { basename, win32 } from 'node:path';
import { type Experiment, openRecord, RecordError, type RunRecord, UnknownExperimentError } from '@descent/experiments';
import { npyFiles, seriesTable, toCsv, toJson, trialTable, writeOptunaJournal } from '@descent/experiments/formats';
import { toFileName } from '../../packages/cli/src/store/weights.ts';
import { records } from './records.ts';
import type { Target } from './target.ts';

export const exports: Target<string> = {
  name: 'exports',
  seeds: records.seeds,
  words: [
    '"finished"',
    '"pruned"',
    '"interrupted"',
    'validationAccuracy',
    '"lr"',
    '"weightDecay"',
    '"trial"',
    'CON',
    '=1',
  ],
  refusals: [RecordError, UnknownExperimentError],
  run(text) {
    const { experiment, record } = openRecord(text);
    for (const table of [seriesTable(record), ...(experiment.study ? [trialTable(experiment, record)] : [])]) {
      checkRows(table.rows.length, JSON.parse(toJson(table)).length);
      checkRows(table.rows.length + 1, countRecords(toCsv(table)));
    }
    for (const { arm, measure, part } of npyFiles(record)) checkName(`${toFileName(`${arm}.${measure}.${part}`)}.npy`);
    if (experiment.study) checkJournal(experiment, record);
  },
};

function checkRows(expected: number, got: number): void {
  if (got !== expected) throw new Error(`${expected} rows are written, ${got} are read`);
}

/** Lines that end outside quotation marks. */
function countRecords(csv: string): number {
  return csv.replace(/"(?:[^"]|"")*"/g, '').split('\n').length - 1;
}

function checkName(name: string): void {
  if (name !== basename(name) || name !== win32.basename(name) || name.length > 200)
    throw new Error(`${name} is no name of a file in its folder`);
}

/** Ids, states and values as Optuna reads them; it takes no value of a trial that is complete for granted. */
function checkJournal(experiment: Experiment, record: RunRecord): void {
  const lines = writeOptunaJournal(experiment, record).trimEnd().split('\n');
  checkRows(record.arms.length + 1, lines.length);
  for (const { op_code, state, value } of lines.map((line) => JSON.parse(line))) {
    if (op_code === 4 && state === 1 && !Number.isFinite(value)) throw new Error('a trial is complete without a value');
  }
}
