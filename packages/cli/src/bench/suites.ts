// The suites as this front end runs them: with Node's clock, files from disk, and threads.
import { setImmediate as soon } from 'node:timers/promises';
import { availableVariants, DataError, type Device, imagesFrom, mnistFrom, type Variant } from '@descent/experiments';
import {
  benchExperiments,
  benchKernels,
  benchStep,
  type ExperimentsReport,
  type Host,
  hasTrials,
  type KernelsReport,
  profileStep,
  type StepReport,
  withTrials,
} from '@descent/experiments/bench';
import { sha256 } from '../builtin.ts';
import { findData, readImageFiles } from '../data/data.ts';
import { badData } from '../errors.ts';
import { openPool } from '../run/pool.ts';
import { environment } from '../run/session.ts';
import { Progress } from '../terminal/progress.ts';
import { type TrialsPlan, timeTrials } from './trials.ts';

export type Report = KernelsReport | StepReport | ExperimentsReport;

export interface SuiteOptions {
  /** Default: all that this engine runs, or for experiments the best deterministic one. */
  readonly variant?: Variant | undefined;
  readonly source: string;
  readonly quick: boolean;
  readonly only: string;
  readonly profile: boolean;
  readonly isQuiet: boolean;
  /** Of the experiments suite. */
  readonly queue?: TrialsPlan['queue'];
}

type Suite = (host: Host, options: SuiteOptions) => Promise<Report>;

export const suites = {
  kernels: (host, { variant, quick, only }) =>
    benchKernels(host, { quick, only, environment: environment(), ...(variant && { variants: [variant] }) }),
  step: (host, options) => {
    const { quick, only, profile, variant, source } = options;
    const { name, images } = imagesOf(source);
    const chosen = variant && { variants: [variant] };
    return benchStep(host, {
      quick,
      only,
      profile: profile && profileStep,
      images,
      data: name,
      environment: environment(),
      ...chosen,
    });
  },
  experiments: async (host, { quick, only, variant: chosen, source, queue }) => {
    const variant = chosen ?? (availableVariants()[0] as Variant);
    const report = await timeExperiments(part(host, 0, MOST), { quick, only, variant, source });
    if (!hasTrials(only)) return report;
    return withTrials(report, await timeTrials(part(host, MOST, 1), { quick, only, variant, source, queue }));
  },
} as const satisfies Record<string, Suite>;

/** The share of the time that whole experiments take. */
const MOST = 0.8;

/** A host whose progress is a part of the whole. */
const part = (host: Host, from: number, to: number): Host => ({
  ...host,
  progress: (share) => host.progress?.(from + (to - from) * share),
});

async function timeExperiments(host: Host, plan: Omit<TrialsPlan, 'queue'>): Promise<ExperimentsReport> {
  const { variant, source, quick, only } = plan;
  const pools = await Promise.all([1, 2].map(async (jobs) => ({ ...(await openPool(jobs, plan)), jobs })));
  try {
    const crews = pools.map(({ executor, jobs }) => ({ executor, jobs, variant }));
    const options = { crews, quick, only, data: findData(source).name, environment: environment() };
    return await benchExperiments(host, options);
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
}

export type SuiteName = keyof typeof suites;

/** Runs a suite with a bar on the screen. */
export async function runSuite(name: SuiteName, options: SuiteOptions): Promise<Report> {
  const bar = new Progress([{ name, steps: 1000 }], 'en');
  if (!options.isQuiet) await bar.show();
  const host: Host = {
    clock: () => performance.now(),
    pause: async () => void (await soon()),
    progress: (share) => bar.step(0, Math.round(1000 * share), 0),
  };
  try {
    return await suites[name](host, options);
  } finally {
    bar.stop();
  }
}

/** Reads the files once, whatever number of devices they go to. */
function imagesOf(source: string) {
  const found = findData(source);
  const { name, isMnist } = found;
  const files = readImageFiles(found);
  const images = (device: Device) => {
    try {
      return (isMnist ? mnistFrom : imagesFrom)(device, files, { sha256 });
    } catch (error) {
      if (error instanceof DataError) throw badData(error.message);
      throw error;
    }
  };
  return { name, images };
}
