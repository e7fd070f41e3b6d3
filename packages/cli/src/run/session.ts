// One `descent run`: arms on a workbench, every event to the journal and to the screen, a record for each seed.
import { cpus, release, type } from 'node:os';
import {
  type ArmRecord,
  assembleRecord,
  createSchedule,
  type Experiment,
  type JournalHeader,
  notStarted,
  type RunEvent,
  type RunRecord,
  runSchedule,
  type Schedule,
} from '@descent/experiments';
import { isWhole, type RunWriter } from '../store/run-writer.ts';
import { keepsWeights } from '../store/weights.ts';
import type { Progress } from '../terminal/progress.ts';
import type { TrainingEnvironment } from './environment.ts';
import { HISTOGRAM_STEPS, type RunLog } from './run-log.ts';

declare const DESCENT_VERSION: string;

export interface Session {
  readonly experiment: Experiment;
  readonly bench: TrainingEnvironment;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly checkpointEvery?: number | undefined;
  /** Where the runs are followed, one a seed. */
  readonly logs?: readonly RunLog[] | undefined;
}

/** What is to be trained in every run; `Progress` counts the arms in this order. */
export function schedulesOf(
  experiment: Experiment,
  headers: readonly Pick<JournalHeader, 'options' | 'seed'>[],
): Schedule[] {
  return headers.map(({ options, seed }) => createSchedule(experiment, options as never, seed));
}

/** Runs what the notes do not have yet, and finishes each with its record. */
export async function runSession(session: Session, notes: readonly RunWriter[]): Promise<RunRecord[]> {
  const schedules = schedulesOf(
    session.experiment,
    notes.map(({ header }) => header),
  );
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = () => stopping.abort();
  if (session.signal.aborted) stop();
  session.signal.addEventListener('abort', stop);
  let first = 0;
  const runs = notes.map((note, index) => {
    const schedule = schedules[index] as Schedule;
    const offset = first;
    first += schedule.planned.length;
    return () => runSeed({ ...session, signal }, note, { schedule, offset, log: session.logs?.[index] });
  });
  try {
    return await (session.bench.isParallel ? allOf(runs, stopping) : oneByOne(runs));
  } finally {
    session.signal.removeEventListener('abort', stop);
  }
}

async function oneByOne<T>(runs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (const run of runs) results.push(await run());
  return results;
}

/** Where one fails, the others are stopped in order, and nothing is under way any more when the error comes out. */
async function allOf<T>(runs: readonly (() => Promise<T>)[], stopping: AbortController): Promise<T[]> {
  const faults: unknown[] = [];
  const running = runs.map((run) =>
    run().catch((error) => {
      faults.push(error);
      stopping.abort();
      throw error;
    }),
  );
  await Promise.allSettled(running);
  if (faults.length > 0) throw faults[0];
  return Promise.all(running);
}

/** One run among those of the session. */
interface Place {
  readonly schedule: Schedule;
  /** The place of its first arm among those of all runs. */
  readonly offset: number;
  readonly log: RunLog | undefined;
}

async function runSeed(session: Session, notes: RunWriter, place: Place): Promise<RunRecord> {
  const { record: earlier, finished } = notes.before;
  if (earlier && isWhole(earlier)) {
    place.schedule.next(new Map(finished.map((record) => [record.name, record])));
    await place.log?.finish(place.schedule);
    return earlier;
  }
  const began = performance.now();
  const arms = await runArms(session, notes, place);
  const seconds = (performance.now() - began) / 1000 + (earlier?.elapsedSeconds ?? 0);
  const { source: _, checkpoints: __, ...environment } = notes.header.environment;
  const elapsedSeconds = Math.round(seconds * 1000) / 1000;
  const record = assembleRecord(session.experiment, { ...notes.header, environment, arms, elapsedSeconds });
  notes.finish(record);
  return record;
}

/** The arms of one run, in their order. */
async function runArms(
  { progress, signal, bench, checkpointEvery }: Session,
  notes: RunWriter,
  { schedule, offset, log }: Place,
): Promise<ArmRecord[]> {
  const { finished, checkpoints } = notes.before;
  const { planned } = schedule;
  const places = new Map(planned.map(({ name }, index) => [name, offset + index]));
  const ended = new Map(finished.map((record) => [record.name, record]));
  for (const record of finished) progress.end(places.get(record.name) as number, record, true);
  for (const { arm, step } of checkpoints.values()) progress.skip(places.get(arm) as number, step);
  const keepFinal = notes.keepFinal !== undefined && keepsWeights(notes.header.environment.checkpoints, schedule);
  const watch = log && { looks: keepFinal ? HISTOGRAM_STEPS : 0 };
  const orders = { finished, checkpoints, signal, checkpointEvery, keepFinal, watch };
  for await (const event of runSchedule(schedule, bench.executor, orders)) {
    // Weights, event files, journal: event files have all steps of the journal, and a resumed run purges the steps beyond it.
    keepFinalWeights(event, notes, schedule);
    await log?.take(event, schedule);
    keepInJournal(event, notes);
    if (event.kind === 'arm') ended.set(event.record.name, event.record);
    show(event, progress, places);
  }
  await log?.finish(schedule);
  return planned.map(({ name }) => ended.get(name) ?? notStarted(name));
}

const isOver = ({ status }: ArmRecord) => status !== 'interrupted';

function keepFinalWeights(event: RunEvent, notes: RunWriter, schedule: Schedule): void {
  if (event.kind !== 'arm' || !isOver(event.record) || !event.final) return;
  const spec = schedule.specOf(event.record.name);
  if (spec) notes.keepFinal?.(spec, event.final);
}

function keepInJournal(event: RunEvent, notes: RunWriter): void {
  if (event.kind === 'checkpoint') notes.keepCheckpoint(event.checkpoint);
  if (event.kind === 'arm' && isOver(event.record)) notes.keepArm(event.record);
}

function show(event: RunEvent, progress: Progress, places: ReadonlyMap<string, number>): void {
  if (event.kind === 'progress')
    progress.step(places.get(event.arm) as number, event.step, event.losses.at(-1) as number);
  if (event.kind === 'arm') progress.end(places.get(event.record.name) as number, event.record);
}

/** Where a run was made; outside every digest. */
export function environment(): Record<string, string> {
  const cpu = cpus()[0]?.model.trim() || process.arch;
  return {
    runtime: `node ${process.versions.node}`,
    os: `${type()} ${release()} ${process.arch}`,
    cpu,
    descent: DESCENT_VERSION,
  };
}
