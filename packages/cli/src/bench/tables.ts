// The tables of a benchmark in the terminal and in Markdown.
import type { Text } from '@descent/experiments';
import {
  type BenchTable,
  benchTables,
  type Comparison,
  type ExperimentRow,
  type ExperimentsReport,
  formatDigits,
  formatPercent,
  formatPlusMinus,
  type KernelsReport,
  type Profile,
  type StepReport,
  type TrialRow,
} from '@descent/experiments/bench';
import { table, wrapText } from '../terminal/table.ts';
import { columnsOf, paint } from '../terminal/terminal.ts';

export type Report = KernelsReport | StepReport | ExperimentsReport;

/** Returns the tables of a report, with a comparison if there is a baseline. */
export function reportTables(report: Report, comparison: readonly Comparison[] | undefined): BenchTable[] {
  const { runtime, cpu, os } = report.environment;
  const notes = [...(report.noise.noisy ? [describeNoise(report)] : []), ...report.notes];
  return [
    ...(report.suite === 'experiments' ? experimentTables(report) : benchTables(report)),
    ...(report.suite === 'step' && report.profile ? [profileTable(report.profile)] : []),
    ...(comparison ? [comparisonTable(comparison)] : []),
    { title: [runtime, cpu, os].join(' · '), head: [], rows: [], notes },
  ];
}

/** Describes the width of the confidence intervals. */
export function describeNoise({ noise: { spread, wideRows }, rows }: Report): string {
  return (
    `the measurement is noisy: half of the 95 % intervals are wider than ${formatPercent(spread)} of their median, ` +
    `${wideRows} of ${rows.length} wider than 10 %; close other programs and repeat`
  );
}

function experimentTables({ rows }: ExperimentsReport): BenchTable[] {
  const isTrial = (row: ExperimentRow | TrialRow): row is TrialRow => 'perSecond' in row;
  const [runs, trials] = [rows.filter((row) => !isTrial(row)), rows.filter(isTrial)];
  return [...(runs.length > 0 ? [runTable(runs)] : []), ...(trials.length > 0 ? [trialTable(trials)] : [])];
}

const runTable = (rows: readonly ExperimentRow[]): BenchTable => ({
  title: 'Whole experiments with default options: seconds, without loading data and starting threads',
  head: ['experiment', 'variant', 'threads', 'median', '±', 'runs'],
  rows: rows.map((row) => [
    row.experiment,
    row.variant,
    String(row.jobs),
    formatDigits(row.medianUs / 1e6),
    formatPlusMinus(row),
    String(row.samples),
  ]),
});

const trialTable = (rows: readonly TrialRow[]): BenchTable => ({
  title: 'Trials of a search: trials per second, and the overhead of a queue per trial',
  head: ['network', 'by', 'jobs', 'trials/s', 'ms per trial', '±', 'overhead ms', 'runs'],
  rows: rows.map((row) => [
    row.network,
    row.by,
    String(row.jobs),
    formatDigits(row.perSecond),
    formatDigits(row.medianUs / 1_000),
    formatPlusMinus(row),
    row.overheadMs === undefined ? '' : formatDigits(row.overheadMs),
    `${row.samples} of ${row.trials}`,
  ]),
  notes: rows.some(({ by }) => by === 'queue') ? [] : ['--queue redis://… measures the same trials on a queue too.'],
});

/** Share of a step below which ops are summed up. */
const SMALL_SHARE = 0.005;

function profileTable({ network, optimizer, variant, stepUs, stopwatchUs, outsideUs, ops }: Profile): BenchTable {
  const small = ops.filter(({ share }) => share < SMALL_SHARE);
  const smallUs = small.reduce((total, { us }) => total + us, 0);
  const summary = (name: string, us: number) => [name, '', '', formatDigits(us), formatPercent(us / stepUs)];
  return {
    title: `Time per op in a step of ${network} with ${optimizer}: ${formatDigits(stepUs)} µs, ${variant}`,
    head: ['op', 'phase', 'calls', 'µs', 'share'],
    rows: [
      ...ops
        .filter(({ share }) => share >= SMALL_SHARE)
        .map(({ phase, op, shape, calls, us, share }) => [
          `${op} ${shape.join('×')}`,
          phase,
          formatDigits(calls),
          formatDigits(us),
          formatPercent(share),
        ]),
      ...(small.length > 0 ? [summary(`${small.length} others`, smallUs)] : []),
      summary('outside kernels', outsideUs),
    ],
    notes: [
      `The measurement adds ${formatDigits(stopwatchUs)} µs to a step; the time to read the clock is subtracted.`,
    ],
  };
}

function comparisonTable(comparison: readonly Comparison[]): BenchTable {
  const changed = comparison.filter(({ verdict }) => verdict !== 'same').sort((a, b) => b.ratio - a.ratio);
  const count = (wanted: Comparison['verdict']) => comparison.filter(({ verdict }) => verdict === wanted).length;
  return {
    title: 'Changes since the baseline beyond noise (95 % intervals do not overlap, medians differ by more than 5 %)',
    head: ['row', 'before µs', 'now µs', 'ratio', 'verdict'],
    rows: changed.map(({ name, beforeUs, nowUs, ratio, verdict }) => [
      name,
      formatDigits(beforeUs),
      formatDigits(nowUs),
      formatDigits(ratio),
      verdict,
    ]),
    notes: [`${count('slower')} slower, ${count('faster')} faster, ${count('same')} the same within noise.`],
  };
}

const english = (text: Text | string) => (typeof text === 'string' ? text : text.en);

/** Formats a table for the terminal. */
export function formatText({ title, head, rows, notes = [] }: BenchTable): string {
  // `table` aligns its last column to the left, so an empty one is added.
  const cells = rows.length > 0 ? table([head.map(english), ...rows].map((row) => [...row, ''])) : '';
  const width = columnsOf(process.stdout);
  return [
    ...wrapText(english(title), width).map((line) => `${paint.bold(line)}\n`),
    cells,
    ...notes.flatMap((note) => wrapText(note, width - 2)).map((line) => `  ${paint.dim(line)}\n`),
  ].join('');
}

/** Formats a table as Markdown. */
export function formatMarkdown({ title, head, rows, notes = [] }: BenchTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const rule = line(head.map((_, index) => (index === 0 ? '---' : '---:')));
  const cells = rows.length > 0 ? [line(head.map(english)), rule, ...rows.map(line), '\n'] : [];
  return [`### ${english(title)}\n\n`, ...cells, ...notes.map((note) => `${note}\n\n`)].join('');
}
