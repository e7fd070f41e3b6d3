// Runs a plan from beginning to end: data, store, progress, Ctrl-C, records.
import { type Lang, OptionError, type RunRecord } from '@descent/experiments';
import { Exit, exitCodes } from '../exit.ts';
import { toUsageError } from '../flags.ts';
import { message } from '../i18n/index.ts';
import type { RunStore } from '../store/run-store.ts';
import { Progress } from '../terminal/progress.ts';
import { colorize, log, self, shellQuoted } from '../terminal/terminal.ts';
import { openEnvironment, type TrainingEnvironment } from './environment.ts';
import { onFirstInterrupt } from './interrupt.ts';
import type { RunPlan } from './plan.ts';
import { openPool } from './pool.ts';
import { runSeeds } from './run-seeds.ts';

export interface RunResult<S extends RunStore> {
  readonly store: S;
  /** One per seed. An interrupted run has a record too. */
  readonly records: readonly RunRecord[];
}

interface View {
  readonly lang: Lang;
  readonly quiet?: boolean;
}

/** Runs the arms of a plan that have not been run before, saves them, and shows the progress on stderr. */
export async function runCommand<S extends RunStore>(plan: RunPlan<S>, view: View): Promise<RunResult<S>> {
  const { classes = 10 } = (plan.runs[0]?.options ?? {}) as { classes?: number };
  const environmentPlan = { ...plan.environment, classes };
  if (view.quiet) log.silence();
  log.line(formatHeading(plan, view.lang));
  const link = plan.queue && (await (await import('../queue/coordinator.ts')).openQueue(plan.queue));
  let environment: TrainingEnvironment | undefined;
  let store: S | undefined;
  let hasFailed = false;
  try {
    environment = await (plan.jobs > 1 ? openPool(plan.jobs, environmentPlan) : openEnvironment(environmentPlan));
    store = plan.openStore(environment.data);
    environment.check(plan.runs.flatMap(({ schedule }) => schedule.next(new Map()).arms));
    const joinPlan = { experiment: plan.experiment.name, variant: plan.environment.variant, environment };
    const training = link ? await link.join({ ...joinPlan, folder: store.path }) : environment;
    const logs = await plan.openLogs?.(store);
    return { store, records: await runWithProgress({ ...plan, environment: training, store, logs }, view) };
  } catch (error) {
    // Arms that workers failed to train can be tried again.
    hasFailed = !(link && error instanceof Exit && error.code === exitCodes.fault);
    throw explainFailure(error, plan, store);
  } finally {
    store?.close(hasFailed);
    await environment?.close();
    await link?.close();
  }
}

interface Session extends Pick<RunPlan, 'runs' | 'experiment' | 'checkpointEvery'> {
  readonly environment: TrainingEnvironment;
  readonly store: RunStore;
  readonly logs: Parameters<typeof runSeeds>[0]['logs'];
}

async function runWithProgress(session: Session, { lang, quiet }: View): Promise<RunRecord[]> {
  const arms = session.runs.flatMap(({ schedule }) => schedule.planned);
  const progress = new Progress(arms, lang);
  const stopping = new AbortController();
  const release = onFirstInterrupt(() => {
    stopping.abort();
    progress.stop();
    log.line(message('stopping')[lang]);
  });
  try {
    if (!quiet) await progress.show();
    return await runSeeds({ ...session, writers: session.store.writers, progress, signal: stopping.signal });
  } finally {
    release();
    progress.stop();
  }
}

/** Adds to an error what the user can do: correct an option, or resume the run when the disk can be written again. */
function explainFailure(error: unknown, { experiment }: RunPlan, store: RunStore | undefined): unknown {
  if (error instanceof OptionError) return toUsageError(error, experiment.name);
  const isDisk = error instanceof Exit && error.code === exitCodes.usage && !error.hint;
  if (!isDisk || !store || store.isEmpty || store.path === undefined) return error;
  const hint = `saved files are kept; ${self} run --resume ${shellQuoted(store.path)} continues the run`;
  return new Exit(error.code, error.message, hint);
}

/** Formats `optimizer_compare_mnist  seed 1 · mnist · simd128 · 2 threads`. */
function formatHeading({ experiment, runs, environment, jobs, queue }: RunPlan, lang: Lang): string {
  const [first, last] = [runs.at(0)?.seed, runs.at(-1)?.seed];
  const seeds = `${message('seed')[lang]} ${first === last ? first : `${first}–${last}`}`;
  const threads = jobs > 1 && message('threads', { jobs })[lang];
  const facts = [seeds, environment.source, environment.variant, threads, queue?.shown];
  return `${colorize.bold(experiment.name)}  ${colorize.dim(facts.filter(Boolean).join(' · '))}`;
}
