// Runs the arms of a request from beginning to end: workbench, notebook, progress, Ctrl-C.
import { type Experiment, type JournalHeader, type Lang, OptionError, type RunRecord } from '@descent/experiments';
import { badOption, cannotGoOn, Exit, exitCodes } from '../errors.ts';
import type { QueueAddress } from '../queue/address.ts';
import type { JoinPlan, QueueLink } from '../queue/coordinator.ts';
import type { RunWriter } from '../store/run-writer.ts';
import { Progress } from '../terminal/progress.ts';
import { colorize, log } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { type EnvironmentPlan, openEnvironment, type TrainingEnvironment } from './environment.ts';
import { onFirstInterrupt } from './interrupt.ts';
import { openPool } from './pool.ts';
import type { RunLog } from './run-log.ts';
import { runSession, schedulesOf } from './session.ts';

/** Where runs are noted down, one `Notes` a seed. */
export interface RunStore {
  readonly notes: readonly RunWriter[];
  /** The folder they are in, if any. */
  readonly path?: string;
  /** Whether nothing is in them but how the run began. */
  readonly isEmpty: boolean;
  /** Leaves nothing behind of a run that failed before it had anything to keep. */
  close(hasFailed: boolean): void;
}

export interface Request<N extends RunStore = RunStore> {
  readonly experiment: Experiment;
  /** A run a seed. */
  readonly runs: readonly Pick<JournalHeader, 'options' | 'seed'>[];
  readonly environment: EnvironmentPlan;
  readonly jobs: number;
  /** Where workers take the arms from; missing: they run here. */
  readonly queue?: QueueAddress;
  /** Milliseconds between checkpoints of an arm; without it none but at Ctrl-C. */
  readonly checkpointEvery?: number;
  /** Opens the notebook, now that it is known what data there are. */
  open(data: JournalHeader['data']): N;
  /** What follows the run as it goes; missing: nothing. */
  openLogs?(notebook: N): Promise<readonly RunLog[]>;
}

export interface View {
  readonly lang: Lang;
  readonly quiet?: boolean;
}

export interface Outcome<N extends RunStore> {
  readonly notebook: N;
  readonly records: readonly RunRecord[];
}

export async function execute<N extends RunStore>(request: Request<N>, view: View): Promise<Outcome<N>> {
  const { classes = 10 } = (request.runs[0]?.options ?? {}) as { classes?: number };
  const plan = { ...request.environment, classes };
  const { jobs } = request;
  if (view.quiet) log.hush();
  log.line(heading(request, view));
  const link = request.queue && (await (await import('../queue/coordinator.ts')).openQueue(request.queue));
  try {
    const bench = await (jobs > 1 ? openPool(jobs, plan) : openEnvironment(plan));
    return await noted(request, bench, link, view);
  } finally {
    await link?.close();
  }
}

async function noted<N extends RunStore>(
  request: Request<N>,
  own: TrainingEnvironment,
  link: QueueLink | undefined,
  view: View,
): Promise<Outcome<N>> {
  try {
    const notebook = request.open(own.data);
    let hasFailed = false;
    try {
      own.check(schedulesOf(request.experiment, request.runs).flatMap((schedule) => schedule.next(new Map()).arms));
      const bench = link ? link.join(joinPlan(request, notebook, own)) : own;
      const logs = await request.openLogs?.(notebook);
      return { notebook, records: await watched({ ...request, bench, notes: notebook.notes, logs }, view) };
    } catch (error) {
      // What workers set aside can be tried again.
      hasFailed = !(request.queue && error instanceof Exit && error.code === exitCodes.fault);
      if (error instanceof OptionError) throw badOption(error, request.experiment.name);
      const isDisk = error instanceof Exit && error.code === exitCodes.usage && !error.hint;
      throw isDisk && !notebook.isEmpty && notebook.path !== undefined ? cannotGoOn(notebook.path, error) : error;
    } finally {
      notebook.close(hasFailed);
    }
  } finally {
    await own.close();
  }
}

function joinPlan(
  { experiment, environment: { variant } }: Request,
  { notes, path }: RunStore,
  bench: TrainingEnvironment,
): JoinPlan {
  const known = notes.map(({ header, before }) => ({ seed: header.seed, finished: before.finished }));
  return { experiment: experiment.name, variant, bench, folder: path, known };
}

interface Work extends Pick<Request, 'experiment' | 'runs' | 'checkpointEvery'>, Pick<RunStore, 'notes'> {
  readonly bench: TrainingEnvironment;
  readonly logs: readonly RunLog[] | undefined;
}

/** With progress on the screen and an ear for Ctrl-C. */
async function watched(
  { experiment, runs, bench, notes, logs, checkpointEvery }: Work,
  { lang, quiet }: View,
): Promise<RunRecord[]> {
  const progress = new Progress(
    schedulesOf(experiment, runs).flatMap(({ planned }) => planned),
    lang,
  );
  const stopping = new AbortController();
  const release = onFirstInterrupt(() => {
    stopping.abort();
    progress.stop();
    log.line(words.stopping[lang]);
  });
  try {
    if (!quiet) await progress.show();
    return await runSession({ experiment, bench, progress, signal: stopping.signal, checkpointEvery, logs }, notes);
  } finally {
    release();
    progress.stop();
  }
}

/** `optimizer_compare_mnist  seed 1 · mnist · simd128 · 2 threads`. */
function heading({ experiment, runs, environment: bench, jobs, queue }: Request, { lang }: View): string {
  const [first, last] = [runs.at(0)?.seed, runs.at(-1)?.seed];
  const seeds = `${words.seed[lang]} ${first === last ? first : `${first}–${last}`}`;
  const facts = [seeds, bench.source, bench.variant, jobs > 1 && words.threads(jobs)[lang], queue?.shown];
  return `${colorize.bold(experiment.name)}  ${colorize.dim(facts.filter(Boolean).join(' · '))}`;
}
