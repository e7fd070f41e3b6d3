// The experiments suite: each from its options to its last arm, with data and threads at hand.
import { type Host, noiseOf, shuffle, summarize } from '@descent/nn/bench';
import { experiments } from '../catalog/index.ts';
import type { Experiment } from '../experiment.ts';
import { parseOptions } from '../options/options.ts';
import { createSchedule, runSchedule } from '../training/schedule.ts';
import type { ExperimentsReport, ThreadPool } from './rows.ts';

/** What to time, on what. */
export interface ExperimentsBenchOptions {
  /** Each has a turn at every experiment in every round. */
  readonly crews: readonly ThreadPool[];
  /** What the data are called. */
  readonly data: string;
  /** Only experiments whose name contains this. */
  readonly only?: string;
  /** Once each; else five times. */
  readonly quick?: boolean;
  /** Goes into the report as it is. */
  readonly environment?: Readonly<Record<string, string>>;
}

const ROUNDS = 5;

/** Everyone has one turn a round, in an order by lot; one run of each before the first round is not counted. */
export async function benchExperiments(host: Host, options: ExperimentsBenchOptions): Promise<ExperimentsReport> {
  const { crews, data, only = '', quick = false, environment = {} } = options;
  const chosen = experiments.filter(({ name }) => name.includes(only));
  const entries = chosen.flatMap((experiment) =>
    crews.map((crew) => ({ experiment, crew, samplesUs: [] as number[] })),
  );
  const rounds = quick ? 1 : ROUNDS;
  for (let round = quick ? 0 : -1; round < rounds; round++) {
    const order = [...entries];
    shuffle(order, round + 2);
    for (const [index, { experiment, crew, samplesUs }] of order.entries()) {
      const us = await timeRun(experiment, {}, crew, host);
      if (round >= 0) samplesUs.push(us);
      host.progress?.((Math.max(0, round) + (index + 1) / order.length) / rounds);
    }
  }
  const rows = entries.map(({ experiment: { name, data: needed }, crew: { jobs, variant }, samplesUs }) => ({
    experiment: name,
    jobs,
    data: needed === 'none' ? 'none' : data,
    variant,
    ...summarize(samplesUs),
  }));
  const notes = quick && rows.length > 0 ? ['whole experiments: one run each, so there are no intervals'] : [];
  return { format: 'descent-bench/1', suite: 'experiments', rows, noise: noiseOf(rows), notes, environment };
}

/** Microseconds from the options, those that are given and defaults, to the end of the last arm. */
export async function timeRun(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
  { executor }: Pick<ThreadPool, 'executor'>,
  { clock, signal }: Host,
): Promise<number> {
  const start = clock();
  const schedule = createSchedule(experiment, parseOptions(experiment.options, given), 1);
  for await (const _event of runSchedule(schedule, executor, signal ? { signal } : {})) signal?.throwIfAborted();
  return 1000 * (clock() - start);
}
