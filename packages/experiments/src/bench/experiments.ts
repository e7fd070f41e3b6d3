// The experiments suite: whole experiments, and many short trials of a search, on pools of threads or workers.
import type { Variant } from '@descent/nn';
import { type BenchReport, createReport, type Host, measureInterleaved, type Timed } from '@descent/nn/bench';
import { experiments, findExperiment } from '../catalog/index.ts';
import type { Experiment } from '../experiment.ts';
import { parseOptions } from '../options/options.ts';
import type { Executor } from '../training/executor.ts';
import { createSchedule, runSchedule } from '../training/schedule.ts';

/** Time of one experiment on one pool. */
export interface ExperimentRow extends Timed {
  /** Name of the experiment. */
  readonly experiment: string;
  /** Arms that the pool trains at once. */
  readonly jobs: number;
  /** Name of the data; `none` if the experiment needs none. */
  readonly data: string;
  /** Variant of the pool. */
  readonly variant: Variant;
}

/** Time per trial of a search on one pool: the time of the run divided by its trials. */
export interface TrialRow extends ExperimentRow {
  /** Distinguishes it from experiments. */
  readonly experiment: 'trials';
  /** Sizes of the layers, such as `784-100x6-10`. */
  readonly network: string;
  /** Kind of the pool. */
  readonly by: BenchPool['by'];
  /** Trials per run. */
  readonly trials: number;
  /** Trials per second. */
  readonly perSecond: number;
  /** Milliseconds per trial beyond the threads of the same number; of a queue. */
  readonly overheadMs?: number;
}

/** Report of `benchExperiments`. */
export interface ExperimentsReport extends BenchReport<ExperimentRow | TrialRow> {
  /** Suite that was run. */
  readonly suite: 'experiments';
}

/** An executor to measure, with data loaded and threads started. */
export interface BenchPool {
  /** Executor. */
  readonly executor: Executor;
  /** Threads of this process, or workers of a queue. */
  readonly by: 'threads' | 'queue';
  /** Arms that it trains at once. */
  readonly jobs: number;
  /** Variant of its kernels. */
  readonly variant: Variant;
}

/** Options of `benchExperiments`. */
export interface ExperimentsBenchOptions {
  /** Pools to compare. A queue runs the trials only. */
  readonly pools: readonly BenchPool[];
  /** Name of the data. */
  readonly data: string;
  /** Measures only experiments and networks of trials whose name contains this; `trials` selects all trials. */
  readonly only?: string;
  /** Measures each experiment once instead of five times. */
  readonly quick?: boolean;
}

/** A run that is measured. */
export interface RunWorkload {
  /** The experiment. */
  readonly experiment: Experiment;
  /** Its options. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Of a search: its network and the number of trials. */
  readonly search?: { readonly network: string; readonly trials: number };
}

/** Returns what `only` selects. The trials of the small network take almost no time, so that the overhead dominates. */
export function selectWorkloads(only = '', isQuick = false): RunWorkload[] {
  const runs = experiments.map((experiment) => ({ experiment, options: {} }));
  const searches = [
    { network: '784-10-10', trials: isQuick ? 20 : 50, options: { hiddenSizes: [10], trainSamples: 100, epochs: 1 } },
    { network: '784-100x6-10', trials: isQuick ? 4 : 10, options: {} },
  ].map(({ network, trials, options }) => {
    const experiment = findExperiment('hyperparameter_optimization');
    return { experiment, options: { ...options, trials }, search: { network, trials } };
  });
  return [
    ...runs.filter(({ experiment }) => experiment.name.includes(only)),
    ...searches.filter(({ search }) => 'trials'.includes(only) || search.network.includes(only)),
  ];
}

/** Runs the experiments suite. Pools take turns at every experiment, then at the trials. */
export async function benchExperiments(host: Host, options: ExperimentsBenchOptions): Promise<ExperimentsReport> {
  const { pools, only, quick = false, data } = options;
  const workloads = selectWorkloads(only, quick);
  const threads = pools.filter(({ by }) => by === 'threads');
  const runs = pairWith(
    threads,
    workloads.filter(({ search }) => !search),
  );
  const trials = pairWith(
    pools,
    workloads.filter(({ search }) => search),
  );
  const share = trials.length === 0 ? 1 : 0.8;
  const runTimes = await measure(runs, quick ? 1 : 5, !quick, scaleProgress(host, 0, share));
  const trialTimes = await measure(trials, quick ? 2 : 7, true, scaleProgress(host, share, 1));
  const trialRows = trials.map((entry, i) => toTrialRow(entry, trialTimes[i] as Timed, data));
  const rows = [...runs.map((entry, i) => toRow(entry, runTimes[i] as Timed, data)), ...trialRows.map(addOverhead)];
  const notes = quick && runs.length > 0 ? ['experiments were run once, so they have no confidence intervals'] : [];
  return createReport('experiments', rows, host, notes);
}

interface Entry {
  readonly workload: RunWorkload;
  readonly pool: BenchPool;
}

const pairWith = (pools: readonly BenchPool[], workloads: readonly RunWorkload[]): Entry[] =>
  workloads.flatMap((workload) => pools.map((pool) => ({ workload, pool })));

const scaleProgress = (host: Host, from: number, to: number): Host => ({
  ...host,
  progress: (share) => host.progress?.(from + (to - from) * share),
});

/** A sample is one run; the warm-up is one run too. */
function measure(entries: readonly Entry[], rounds: number, hasWarmUp: boolean, host: Host): Promise<Timed[]> {
  const { signal } = host;
  const candidates = entries.map(({ workload: { experiment, options }, pool: { executor } }) => ({
    async run() {
      const schedule = createSchedule(experiment, parseOptions(experiment.options, options), 1);
      const events = runSchedule(schedule, executor, signal ? { signal } : {});
      for await (const _event of events) signal?.throwIfAborted();
    },
  }));
  return measureInterleaved(
    candidates,
    { rounds, warmUpMs: hasWarmUp ? 1 : 0, sampleMs: 0, budgetMs: 0, seed: 1 },
    host,
  );
}

function toRow({ workload: { experiment }, pool: { jobs, variant } }: Entry, time: Timed, data: string): ExperimentRow {
  return { experiment: experiment.name, jobs, data: experiment.data === 'none' ? 'none' : data, variant, ...time };
}

function toTrialRow({ workload, pool: { by, jobs, variant } }: Entry, time: Timed, data: string): TrialRow {
  const { network, trials } = workload.search as { network: string; trials: number };
  const perTrial = (us: number) => roundTo4Digits(us / trials);
  const medianUs = perTrial(time.medianUs);
  return {
    experiment: 'trials',
    network,
    by,
    jobs,
    data,
    variant,
    trials,
    perSecond: roundTo4Digits(1e6 / medianUs),
    medianUs,
    ci95Us: [perTrial(time.ci95Us[0]), perTrial(time.ci95Us[1])],
    leastUs: perTrial(time.leastUs),
    samples: time.samples,
  };
}

const roundTo4Digits = (value: number) => Number(value.toPrecision(4));

function addOverhead(row: TrialRow, _index: number, rows: readonly TrialRow[]): TrialRow {
  const isCounterpart = ({ by, network, jobs }: TrialRow) =>
    by === 'threads' && network === row.network && jobs === row.jobs;
  const threads = rows.find(isCounterpart);
  if (row.by !== 'queue' || !threads) return row;
  return { ...row, overheadMs: roundTo4Digits((row.medianUs - threads.medianUs) / 1_000) };
}
