// The suites of the benchmark in Node: its clock, data from files, threads, and a queue.
import { setImmediate as pause } from 'node:timers/promises';
import { availableVariants, type Device, imagesFrom, mnistFrom, type Variant } from '@descent/experiments';
import {
  type BenchPool,
  benchExperiments,
  benchKernels,
  benchStep,
  createReport,
  type ExperimentsReport,
  type Host,
  selectWorkloads,
} from '@descent/experiments/bench';
import { sha256 } from '../builtin.ts';
import { findData, readImageFiles } from '../data/data.ts';
import type { QueueAddress } from '../queue/address.ts';
import { onFirstInterrupt } from '../run/interrupt.ts';
import { describeMachine } from '../run/plan.ts';
import { openPool } from '../run/pool.ts';
import { Progress } from '../terminal/progress.ts';
import type { Report } from './tables.ts';

export interface SuiteOptions {
  /** Default: all that this engine supports; for experiments the fastest. */
  readonly variant: Variant | undefined;
  readonly source: string;
  readonly quick: boolean;
  readonly only: string;
  readonly profile: boolean;
  readonly isQuiet: boolean;
  /** Queue for the trials of the experiments suite. */
  readonly queue: { readonly typed: string; readonly address: QueueAddress } | undefined;
}

export const suiteNames = ['kernels', 'step', 'experiments'] as const;
export type SuiteName = (typeof suiteNames)[number];

/** Runs a suite with a progress bar. The report has no rows if `only` selects nothing. */
export async function runSuite(name: SuiteName, options: SuiteOptions): Promise<Report> {
  const { variant, source, quick, only, profile, isQuiet } = options;
  const steps = 1000;
  const bar = new Progress([{ schedule: { planned: [{ name, steps }] } }], 'en');
  if (!isQuiet) await bar.show();
  const host: Host = {
    clock: () => performance.now(),
    pause: async () => void (await pause()),
    progress: (share) => bar.step(0, name, Math.round(steps * share)),
    environment: describeMachine(),
  };
  const common = { quick, only, ...(variant && { variants: [variant] }) };
  try {
    if (name === 'kernels') return await benchKernels(host, common);
    if (name === 'step') {
      return await benchStep(host, { ...common, ...openImages(source), profile });
    }
    return await runExperiments(host, options);
  } finally {
    bar.stop();
  }
}

/** Reads the files once for all devices. */
function openImages(source: string) {
  const found = findData(source);
  const files = readImageFiles(found);
  const images = (device: Device) => (found.isMnist ? mnistFrom : imagesFrom)(device, files, { sha256 });
  return { data: found.name, images };
}

/** Measures one thread and two in turn. With a queue one after the other, because all its workers would take part. */
async function runExperiments(host: Host, options: SuiteOptions): Promise<ExperimentsReport> {
  if (selectWorkloads(options.only).length === 0) return createReport('experiments', [], host);
  if (!options.queue) return runOnPools(host, options, [1, 2]);
  const half = (from: number): Host => ({ ...host, progress: (share) => host.progress?.(from + share / 2) });
  const reports = [await runOnPools(half(0), options, [1]), await runOnPools(half(0.5), options, [2])];
  const rows = reports.flatMap((report) => report.rows);
  const names = [...new Set(rows.map(groupOf))];
  rows.sort((a, b) => names.indexOf(groupOf(a)) - names.indexOf(groupOf(b)));
  return createReport('experiments', rows, host, reports[0]?.notes);
}

const groupOf = (row: ExperimentsReport['rows'][number]) =>
  'network' in row ? `${row.network} ${row.by}` : row.experiment;

async function runOnPools(host: Host, options: SuiteOptions, sizes: readonly number[]): Promise<ExperimentsReport> {
  const { source, quick, only, queue } = options;
  const plan = { source, variant: options.variant ?? (availableVariants()[0] as Variant) };
  const environments = await Promise.all(sizes.map((jobs) => openPool(jobs, plan)));
  const pools = environments.map(({ executor }, i): BenchPool => {
    return { executor, by: 'threads', jobs: sizes[i] as number, variant: plan.variant };
  });
  const [environment] = environments;
  const closing = environments.map((each) => () => each.close());
  try {
    let signal: AbortSignal | undefined;
    if (queue && environment && selectWorkloads(only).some(({ search }) => search)) {
      const { openOwnWorker } = await import('./own-worker.ts');
      const worker = await openOwnWorker(queue, { ...plan, jobs: sizes[0] as number });
      const release = onFirstInterrupt(() => worker.interrupt());
      closing.unshift(worker.close, async () => release());
      const search = { experiment: 'hyperparameter_optimization', variant: plan.variant };
      const executor = await worker.join({ ...search, environment });
      pools.push({ ...(pools[0] as BenchPool), executor, by: 'queue' });
      signal = worker.signal;
    }
    const data = findData(source).name;
    return await benchExperiments({ ...host, ...(signal && { signal }) }, { pools, data, only, quick });
  } finally {
    for (const close of closing) await close();
  }
}
