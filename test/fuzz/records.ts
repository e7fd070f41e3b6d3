// Records of runs: read, compared, plotted, reported and exported.
import { basename, win32 } from 'node:path';
import {
  compareRecords,
  type Experiment,
  finalTable,
  RecordError,
  type RunRecord,
  renderTerminal,
  UnknownExperimentError,
} from '@descent/experiments';
import { npyFiles, seriesTable, toCsv, toJson, trialTable, writeOptunaJournal } from '@descent/experiments/formats';
import { renderHtml } from '@descent/experiments/html';
import { figuresOver } from '@descent/experiments/layers';
import { openRecord, parseRecord, stringifyRecord } from '@descent/experiments/records';
import { renderSvg } from '@descent/experiments/svg';
import { toFileName } from '../../packages/cli/src/store/weights.ts';
import { formatClaims, formatFinals } from '../../packages/cli/src/terminal/report.ts';
import { mutateText } from './mutations.ts';
import { smallRuns } from './small-runs.ts';
import type { Target } from './target.ts';

const words = ['"finished"', '"diverged"', '"interrupted"', 'trainLoss', 'testAccuracy', 'loss', 'x', 'y', 'Adam'];
const seeds = async () => (await smallRuns()).map(({ record }) => stringifyRecord(record));
const refusals = [RecordError, UnknownExperimentError];

export const records: Target = {
  name: 'records',
  seeds,
  mutate: (good) => mutateText(good, words),
  refusals,
  run(text) {
    const { experiment, record } = openRecord(text);
    if (stringifyRecord(parseRecord(stringifyRecord(record))) !== stringifyRecord(record))
      throw new Error('a record changes when it is written and read');
    const difference = compareRecords(record, record);
    if (difference) throw new Error(`a record differs from itself in ${difference.field}`);
    for (const figure of figuresOver(experiment, [record])) {
      checkTerminalText(renderTerminal(figure, { columns: 80, color: true, lang: 'en' }));
      checkMarkup(renderSvg(figure, { lang: 'en', theme: 'light' }));
    }
    // The report is slow, so only a part of the inputs is rendered.
    if (text.length % 5 === 0) checkMarkup(renderHtml(experiment, [record], { lang: 'en' }));
    checkTerminalText(formatFinals([record], 'en') + formatClaims(record.claims, 'en'));
    finalTable([record, record]);
  },
};

/** @throws Error if text of a record became a tag or an attribute */
function checkMarkup(markup: string): void {
  const at = markup.search(/<img|<script[^>]*>[^<]*alert|<a:/i);
  if (at >= 0) throw new Error(`markup from a record: ${markup.slice(Math.max(0, at - 40), at + 80)}`);
}

/** @throws Error if text of a record has a control character that a terminal obeys; colors are allowed */
function checkTerminalText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is searched
  const found = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.exec(text.replace(/\u001b\[\d+m/g, ''));
  if (!found) return;
  const context = JSON.stringify(text.slice(found.index - 20, found.index + 20));
  throw new Error(`a control character reaches the terminal: ${context}`);
}

export const exports: Target = {
  name: 'exports',
  seeds,
  mutate: (good) => mutateText(good, [...words, '"pruned"', 'validationAccuracy', '"lr"', '"trial"', 'CON', '=1']),
  refusals,
  run(text) {
    const { experiment, record } = openRecord(text);
    for (const table of [seriesTable(record), ...(experiment.study ? [trialTable(experiment, record)] : [])]) {
      checkRows(table.rows.length, JSON.parse(toJson(table)).length);
      checkRows(table.rows.length + 1, countCsvRows(toCsv(table)));
    }
    for (const { arm, measure, part } of npyFiles(record))
      checkFileName(`${toFileName(`${arm}.${measure}.${part}`)}.npy`);
    if (experiment.study) checkJournal(experiment, record);
  },
};

function checkRows(expected: number, got: number): void {
  if (got !== expected) throw new Error(`${expected} rows were written, ${got} were read`);
}

/** Counts line ends outside quotation marks. */
function countCsvRows(csv: string): number {
  return csv.replace(/"(?:[^"]|"")*"/g, '').split('\n').length - 1;
}

function checkFileName(name: string): void {
  if (name !== basename(name) || name !== win32.basename(name) || name.length > 200)
    throw new Error(`${name} is not the name of a file in its folder`);
}

/** Checks the number of lines, and that every complete trial (state 1) has a finite value, as Optuna requires. */
function checkJournal(experiment: Experiment, record: RunRecord): void {
  const lines = writeOptunaJournal(experiment, record).trimEnd().split('\n');
  checkRows(record.arms.length + 1, lines.length);
  for (const { op_code, state, value } of lines.map((line) => JSON.parse(line))) {
    if (op_code === 4 && state === 1 && !Number.isFinite(value)) throw new Error('a complete trial has no value');
  }
}
