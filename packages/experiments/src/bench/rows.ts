// What the experiments suite reports, and on whom it is timed.
import type { Variant } from '@descent/nn';
import type { BenchReport, Timed } from '@descent/nn/bench';
import type { Executor } from '../training/executor.ts';

/** One experiment on one crew: microseconds from its options to the end of its last arm. */
export interface ExperimentRow extends Timed {
  /** Its name. */
  readonly experiment: string;
  /** Threads of the crew. */
  readonly jobs: number;
  /** What it learnt from; `none` where it needs none. */
  readonly data: string;
  /** The kernels of the crew. */
  readonly variant: Variant;
}

/** Trials of one network on one crew. `medianUs` is of one trial, by the clock: what a run takes, divided by its trials. */
export interface TrialRow extends Timed {
  /** What tells it from rows of experiments. */
  readonly experiment: 'trials';
  /** Sizes of its layers, such as `784-100x6-10`. */
  readonly network: string;
  /** Who hands out the trials. */
  readonly by: TrialPool['by'];
  /** Trials at once. */
  readonly jobs: number;
  /** What it learnt from. */
  readonly data: string;
  /** The kernels of the crew. */
  readonly variant: Variant;
  /** In one run. */
  readonly trials: number;
  /** Trials a second. */
  readonly perSecond: number;
  /** Of a queue: milliseconds a trial beyond threads of the same number. */
  readonly overheadMs?: number;
}

/** What `benchExperiments` hands over. */
export interface ExperimentsReport extends BenchReport<ExperimentRow | TrialRow> {
  /** What tells reports apart. */
  readonly suite: 'experiments';
}

/** Arms of every experiment can run on it: data are loaded, threads have started. */
export interface ThreadPool {
  /** Threads, started, with data in place. */
  readonly executor: Executor;
  /** How many arms it trains side by side. */
  readonly jobs: number;
  /** The kernels that all its threads have. */
  readonly variant: Variant;
}

/** A crew for trials. */
export interface TrialPool extends ThreadPool {
  /** Who hands out the trials. */
  readonly by: 'threads' | 'queue';
}
