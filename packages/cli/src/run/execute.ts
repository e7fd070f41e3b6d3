// Runs the arms of a request from beginning to end: workbench, notebook, progress, Ctrl-C.
import { type Experiment, type JournalHeader, type Lang, OptionError, type RunRecord } from '@descent/experiments';
import { badOption, cannotGoOn, Exit, exitCodes } from '../errors.ts';
import type { Notes } from '../folder/notes.ts';
import type { QueueAddress } from '../queue/address.ts';
import type { JoinPlan, QueueLink } from '../queue/coordinator.ts';
import { dye, say } from '../terminal.ts';
import { words } from '../words.ts';
import { onFirstInterrupt } from './interrupt.ts';
import { openPool } from './pool.ts';
import { Progress } from './progress.ts';
import type { RunLog } from './run-log.ts';
import { runSession, schedulesOf } from './session.ts';
import { type BenchPlan, openWorkbench, type Workbench } from './workbench.ts';

/** Where runs are noted down, one `Notes` a seed. */
export interface Notebook {
  readonly notes: readonly Notes[];
  /** The folder they are in, if any. */
  readonly path?: string;
  /** Whether nothing is in them but how the run began. */
  readonly isEmpty: boolean;
  /** Leaves nothing behind of a run that failed before it had anything to keep. */
  close(hasFailed: boolean): void;
}

export interface Request<N extends Notebook = Notebook> {
  readonly experiment: Experiment;
  /** A run a seed. */
  readonly runs: readonly Pick<JournalHeader, 'options' | 'seed'>[];
  readonly bench: BenchPlan;
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

export interface Outcome<N extends Notebook> {
  readonly notebook: N;
  readonly records: readonly RunRecord[];
}

export async function execute<N extends Notebook>(request: Request<N>, view: View): Promise<Outcome<N>> {
  const { bench: plan, jobs } = request;
  if (view.quiet) say.hush();
  say.line(heading(request, view));
  const link = request.queue && (await (await import('../queue/coordinator.ts')).openQueue(request.queue));
  try {
    const bench = await (jobs > 1 ? openPool(jobs, plan) : openWorkbench(plan));
    return await noted(request, bench, link, view);
  } finally {
    await link?.close();
  }
}

async function noted<N extends Notebook>(
  request: Request<N>,
  own: Workbench,
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

function joinPlan({ experiment, bench: { variant } }: Request, { notes, path }: Notebook, bench: Workbench): JoinPlan {
  const known = notes.map(({ header, before }) => ({ seed: header.seed, finished: before.finished }));
  return { experiment: experiment.name, variant, bench, folder: path, known };
}

interface Work extends Pick<Request, 'experiment' | 'runs' | 'checkpointEvery'>, Pick<Notebook, 'notes'> {
  readonly bench: Workbench;
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
    say.line(words.stopping[lang]);
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
function heading({ experiment, runs, bench, jobs, queue }: Request, { lang }: View): string {
  const [first, last] = [runs.at(0)?.seed, runs.at(-1)?.seed];
  const seeds = `${words.seed[lang]} ${first === last ? first : `${first}–${last}`}`;
  const facts = [seeds, bench.source, bench.variant, jobs > 1 && words.threads(jobs)[lang], queue?.shown];
  return `${dye.bold(experiment.name)}  ${dye.dim(facts.filter(Boolean).join(' · '))}`;
}
