// The tables of the suites `kernels` and `step`, for the command line and the page.
import type { KernelRow, KernelsReport, Roofline, Timed } from '@descent/nn/bench';
import { message } from '../i18n/index.ts';
import type { Text } from '../text.ts';
import type { StepReport } from './step.ts';

/** A table of a report. */
export interface BenchTable {
  /** Caption. */
  readonly title: Text | string;
  /** Names of the columns. */
  readonly head: readonly (Text | string)[];
  /** Cells, the name of the row first, then numbers. */
  readonly rows: readonly (readonly string[])[];
  /** Sentences below. */
  readonly notes?: readonly string[];
}

/** Rounds to 3 digits, as many as a median is accurate to: `0.0312`, `20.3`, `24900`. */
export const formatDigits = (value: number): string => String(Number(value.toPrecision(3)));

/** Formats a share as a percentage. */
export const formatPercent = (share: number): string => `${Math.round(100 * share)} %`;

/** Formats half of the width of the 95 % interval. */
export const formatPlusMinus = ({ medianUs, ci95Us: [low, high] }: Pick<Timed, 'medianUs' | 'ci95Us'>): string =>
  `±${formatPercent((high - low) / 2 / medianUs)}`;

/** Returns the tables of a report, one column per variant; the other columns are about the first besides the reference. */
export function benchTables(report: KernelsReport | StepReport): BenchTable[] {
  const variants = [...new Set(report.rows.map(({ variant }) => variant))];
  const subject = variants.find((variant) => variant !== 'reference') ?? 'reference';
  if (report.suite === 'step') return [stepTable(report, variants, subject)];
  return [rooflineTable(report.roof), callTable(report.rows, variants, subject)];
}

function rooflineTable(roof: Readonly<Record<string, Roofline>>): BenchTable {
  const entries = Object.entries(roof);
  const sizes = entries[0]?.[1].streams.map(({ kib }) => (kib < 1024 ? `${kib} KiB` : `${kib / 1024} MiB`)) ?? [];
  return {
    title: message('bench.tables.roofline'),
    head: [
      message('bench.tables.variant'),
      'GFLOP/s',
      message('bench.tables.loop'),
      message('bench.tables.per-cycle'),
      ...sizes,
      message('bench.tables.call-ns'),
    ],
    rows: entries.map(([variant, { gflops, loop, flopsPerCycle, streams, callNs }]) => [
      variant,
      formatDigits(gflops),
      loop,
      flopsPerCycle === undefined ? '' : formatDigits(flopsPerCycle),
      ...streams.map(({ gbps }) => formatDigits(gbps)),
      formatDigits(callNs),
    ]),
  };
}

function callTable(rows: readonly KernelRow[], variants: readonly string[], subject: string): BenchTable {
  const nameOf = ({ op, shape, density }: KernelRow) =>
    `${op} ${shape.join('×')}${density === undefined ? '' : `, ${formatPercent(density)}`}`;
  const names = [...new Set(rows.map(nameOf))];
  return {
    title: message('bench.tables.calls', { variant: subject }),
    head: [
      message('bench.tables.call'),
      ...variants,
      '±',
      message('bench.tables.rate'),
      message('bench.tables.roof'),
      message('bench.tables.best'),
      '× JS',
    ],
    rows: names.map((name) => {
      const same = rows.filter((row) => nameOf(row) === name);
      return [name, ...medians(same, variants), ...rates(same, subject)];
    }),
  };
}

function medians(rows: readonly { variant: string; medianUs: number }[], variants: readonly string[]): string[] {
  return variants.map((wanted) => formatDigits(rows.find(({ variant }) => variant === wanted)?.medianUs ?? Number.NaN));
}

function rates(rows: readonly KernelRow[], subject: string): string[] {
  const row = rows.find(({ variant }) => variant === subject);
  if (!row) return [];
  return [
    formatPlusMinus(row),
    row.limit === 'arithmetic' ? `${formatDigits(row.gflops)} GF/s` : `${formatDigits(row.gbps)} GB/s`,
    formatPercent(row.roofFraction),
    formatPercent(row.bestRoofFraction),
    formatDigits(row.speedupOverReference),
  ];
}

function stepTable({ rows }: StepReport, variants: readonly string[], subject: string): BenchTable {
  const own = rows.filter(({ variant }) => variant === subject);
  return {
    title: message('bench.tables.steps', { variant: subject }),
    head: [
      message('bench.tables.network'),
      message('bench.tables.optimizer'),
      ...variants,
      '±',
      message('bench.tables.least'),
    ],
    rows: own.map((row) => {
      const same = rows.filter(({ network, optimizer }) => network === row.network && optimizer === row.optimizer);
      return [row.network, row.optimizer, ...medians(same, variants), formatPlusMinus(row), formatDigits(row.leastUs)];
    }),
  };
}
