// Runs a plan from beginning to end: queue, threads, folder, progress, Ctrl-C, records.
import { type Executor, type Lang, OptionError, type RunRecord, runSchedule } from '@descent/experiments';
import { Exit, exitCodes } from '../exit.ts';
import { toUsageError } from '../flags.ts';
import { message } from '../i18n/index.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { Progress } from '../terminal/progress.ts';
import { colorize, log, self, shellQuoted } from '../terminal/terminal.ts';
import { onFirstInterrupt } from './interrupt.ts';
import type { PlannedRun, RunPlan } from './plan.ts';
import { openPool, type PooledEnvironment } from './pool.ts';
import { RunRecorder } from './run-recorder.ts';

export interface RunResult<F extends RunFolder | undefined> {
  readonly folder: F;
  /** One per seed. An interrupted run has a record too. */
  readonly records: readonly RunRecord[];
}

interface View {
  readonly lang: Lang;
  readonly quiet?: boolean;
}

/** Runs the arms of a plan that have not been run before, saves them, and shows the progress on stderr. */
export async function runCommand<F extends RunFolder | undefined>(plan: RunPlan<F>, view: View): Promise<RunResult<F>> {
  if (view.quiet) log.silence();
  log.line(formatHeading(plan, view.lang));
  const link = plan.queue && (await (await import('../queue/coordinator.ts')).openQueue(plan.queue));
  let environment: PooledEnvironment | undefined;
  let folder: F | undefined;
  let hasFailed = false;
  try {
    environment = await openPool(plan.jobs, plan.environment);
    folder = plan.openFolder(environment.data);
    environment.check(plan.runs.flatMap(({ schedule }) => schedule.next(new Map()).arms));
    const joinPlan = { experiment: plan.experiment.name, variant: plan.environment.variant, folder: folder?.path };
    const executor = link ? await link.join({ ...joinPlan, environment }) : environment.executor;
    return { folder, records: await trainRuns(plan, { executor, data: environment.data, folder }, view) };
  } catch (error) {
    // Arms that workers failed to train can be tried again.
    hasFailed = !(link && error instanceof Exit && error.code === exitCodes.fault);
    throw explainFailure(error, plan, folder);
  } finally {
    folder?.close(hasFailed);
    await environment?.close();
    await link?.close();
  }
}

interface Session {
  readonly executor: Executor;
  readonly data: RunRecord['data'];
  readonly folder: RunFolder | undefined;
}

/** Trains the arms of every seed. If one seed fails, the others save their checkpoints before the error is thrown. */
async function trainRuns(plan: RunPlan, { executor, data, folder }: Session, view: View): Promise<RunRecord[]> {
  const { experiment, runs, jobs, queue, tensorboard, checkpointEvery } = plan;
  const { lang, quiet } = view;
  const openLogs = tensorboard === undefined ? undefined : (await import('./tensorboard.ts')).openLogs;
  const logs = folder && openLogs?.(tensorboard as string, runs, folder.journals, plan.environment);
  const progress = new Progress(runs, lang);
  const stopping = new AbortController();
  const release = onFirstInterrupt(() => {
    stopping.abort();
    progress.stop();
    log.line(message('stopping')[lang]);
  });
  const train = async (run: PlannedRun, index: number) => {
    const recorder = new RunRecorder({ experiment, data, ...run }, folder?.journals[index], logs?.[index]);
    const options = { ...recorder.scheduleOptions, signal: stopping.signal, checkpointEvery };
    progress.resume(index, recorder.scheduleOptions);
    for await (const event of runSchedule(run.schedule, executor, options)) {
      await recorder.take(event);
      progress.take(index, event);
    }
    return recorder.finish();
  };
  const records: Promise<RunRecord>[] = [];
  try {
    if (!quiet) await progress.show();
    for (const [index, run] of runs.entries()) {
      records.push(train(run, index));
      if (jobs === 1 && !queue) await records[index];
    }
    return await Promise.all(records);
  } catch (error) {
    stopping.abort();
    await Promise.allSettled(records);
    throw error;
  } finally {
    release();
    progress.stop();
  }
}

/** Adds to an error what the user can do: correct an option, or resume the run when the disk can be written again. */
function explainFailure(error: unknown, { experiment }: RunPlan, folder: RunFolder | undefined): unknown {
  if (error instanceof OptionError) return toUsageError(error, experiment.name);
  const isDisk = error instanceof Exit && error.code === exitCodes.usage && !error.hint;
  if (!isDisk || !folder || folder.isEmpty) return error;
  const hint = `saved files are kept; ${self} run --resume ${shellQuoted(folder.path)} continues the run`;
  return new Exit(error.code, error.message, hint);
}

/** Formats `optimizer_compare_mnist  seed 1 · mnist · simd128 · 2 threads`. */
function formatHeading({ experiment, runs, environment, jobs, queue }: RunPlan, lang: Lang): string {
  const [first, last] = [runs.at(0)?.settings.seed, runs.at(-1)?.settings.seed];
  const seeds = `${message('seed')[lang]} ${first === last ? first : `${first}–${last}`}`;
  const threads = jobs > 1 && message('threads', { jobs })[lang];
  const facts = [seeds, environment.source, environment.variant, threads, queue?.shown];
  return `${colorize.bold(experiment.name)}  ${colorize.dim(facts.filter(Boolean).join(' · '))}`;
}
