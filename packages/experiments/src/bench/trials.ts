// Trials of a search, many and short: how many a second on threads and by a queue, and what the queue costs a trial.
import { type Host, noiseOf, shuffle, summarize } from '@descent/nn/bench';
import { findExperiment } from '../catalog/index.ts';
import { timeRun } from './experiments.ts';
import type { ExperimentsReport, TrialPool, TrialRow } from './rows.ts';

/** What trials to time, on what. */
export interface TrialsBenchOptions {
  /** Each has a turn at every network in every round. */
  readonly crews: readonly TrialPool[];
  /** What the data are called. */
  readonly data: string;
  /** Only networks whose name contains this; or `trials`, for all. */
  readonly only?: string;
  /** Twice each; else seven times. */
  readonly quick?: boolean;
}

interface Study {
  readonly network: string;
  readonly trials: number;
  readonly options: Readonly<Record<string, unknown>>;
}

const ROUNDS = 7;
const QUICK_ROUNDS = 2;

/** One whose trials take next to nothing, so that what is left is the handing out; and the book's, with fewer trials. */
const studiesOf = (quick: boolean): readonly Study[] => [
  { network: '784-10-10', trials: quick ? 20 : 50, options: { hiddenSizes: [10], trainSamples: 100, epochs: 1 } },
  { network: '784-100x6-10', trials: quick ? 4 : 10, options: {} },
];

const chosenOf = (only: string, quick: boolean) =>
  studiesOf(quick).filter(({ network }) => 'trials'.includes(only) || network.includes(only));

/** Whether there is anything to time: crews have to be opened first. */
export const hasTrials = (only = ''): boolean => chosenOf(only, true).length > 0;

/** Every crew has a turn with every study a round, in an order by lot; the first round, in which threads join, is not counted. */
export async function benchTrials(host: Host, options: TrialsBenchOptions): Promise<TrialRow[]> {
  const { crews, data, only = '', quick = false } = options;
  const search = findExperiment('hyperparameter_optimization');
  const entries = chosenOf(only, quick).flatMap((study) => crews.map((crew) => ({ study, crew, us: [] as number[] })));
  const rounds = quick ? QUICK_ROUNDS : ROUNDS;
  for (let round = 0; round <= rounds; round++) {
    const order = [...entries];
    shuffle(order, round + 1);
    for (const [index, { study, crew, us }] of order.entries()) {
      const took = await timeRun(search, { ...study.options, trials: study.trials }, crew, host);
      if (round > 0) us.push(took / study.trials);
      host.progress?.((round + (index + 1) / order.length) / (rounds + 1));
    }
  }
  const rows = entries.map(({ study: { network, trials }, crew: { by, jobs, variant }, us }): TrialRow => {
    const times = summarize(us);
    return {
      experiment: 'trials',
      network,
      by,
      jobs,
      data,
      variant,
      trials,
      perSecond: tidy(1e6 / times.medianUs),
      ...times,
    };
  });
  return rows.map((row) => (row.by === 'queue' ? { ...row, ...overheadOf(row, rows) } : row));
}

function overheadOf(row: TrialRow, rows: readonly TrialRow[]): Pick<TrialRow, 'overheadMs'> {
  const own = rows.find(({ network, jobs, by }) => by === 'threads' && network === row.network && jobs === row.jobs);
  return own ? { overheadMs: tidy((row.medianUs - own.medianUs) / 1_000) } : {};
}

/** Four digits are more than such a clock gives. */
const tidy = (value: number) => Number(value.toPrecision(4));

/** The experiments' report with rows of trials behind its own. */
export function withTrials(report: ExperimentsReport, trials: readonly TrialRow[]): ExperimentsReport {
  const rows = [...report.rows, ...trials];
  return { ...report, rows, noise: noiseOf(rows) };
}
