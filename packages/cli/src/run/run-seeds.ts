// Trains the arms of runs, saves every event, and assembles one record per seed.
import {
  type ArmRecord,
  assembleRecord,
  type Experiment,
  isComplete,
  notStarted,
  type RunEvent,
  type RunRecord,
  type RunScheduleOptions,
  runSchedule,
  type Schedule,
} from '@descent/experiments';
import type { RunWriter } from '../store/run-store.ts';
import { savesWeights } from '../store/weights.ts';
import type { Progress } from '../terminal/progress.ts';
import type { TrainingEnvironment } from './environment.ts';
import type { PlannedRun } from './plan.ts';
import { HISTOGRAM_COUNT, type RunLog } from './run-log.ts';

interface Session {
  readonly experiment: Experiment;
  readonly environment: TrainingEnvironment;
  /** One per seed, as are the writers and the logs. */
  readonly runs: readonly PlannedRun[];
  readonly writers: readonly RunWriter[];
  readonly logs?: readonly RunLog[] | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly checkpointEvery?: number | undefined;
}

/** Completes all runs of a session. If one fails, the others save their checkpoints before the error is thrown. */
export async function runSeeds(session: Session): Promise<RunRecord[]> {
  const { runs, writers, logs, environment, signal } = session;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  const records: RunRecord[] = [];
  const failures: unknown[] = [];
  let offset = 0;
  const tasks = runs.map(({ schedule }, index) => {
    const run = { schedule, offset, writer: writers[index] as RunWriter, log: logs?.[index] };
    offset += schedule.planned.length;
    return async () => {
      try {
        records[index] = await runSeed({ ...session, signal: stopping.signal }, run);
      } catch (error) {
        failures.push(error);
        stop();
      }
    };
  });
  if (environment.isParallel) await Promise.all(tasks.map((task) => task()));
  else for (const task of tasks) if (failures.length === 0) await task();
  signal.removeEventListener('abort', stop);
  if (failures.length > 0) throw failures[0];
  return records;
}

interface SeedRun {
  readonly schedule: Schedule;
  /** Index of its first arm among those of all runs. */
  readonly offset: number;
  readonly writer: RunWriter;
  readonly log: RunLog | undefined;
}

async function runSeed(session: Session, run: SeedRun): Promise<RunRecord> {
  const { schedule, writer, log } = run;
  const { record: earlier, finished } = writer.stored;
  if (earlier && isComplete(earlier)) {
    schedule.next(new Map(finished.map((record) => [record.name, record])));
    await log?.finish(schedule);
    return earlier;
  }
  const start = performance.now();
  const arms = await runArms(session, run);
  const seconds = (performance.now() - start) / 1000 + (earlier?.elapsedSeconds ?? 0);
  const { source: _, checkpoints: __, ...environment } = writer.header.environment;
  const elapsedSeconds = Math.round(seconds * 1000) / 1000;
  const record = assembleRecord(session.experiment, { ...writer.header, environment, arms, elapsedSeconds });
  writer.saveRecord(record);
  return record;
}

/** Trains the arms of one run and returns their records in the order of the plan. */
async function runArms(session: Session, { schedule, offset, writer, log }: SeedRun): Promise<ArmRecord[]> {
  const { progress, signal, environment, checkpointEvery } = session;
  const { finished, checkpoints } = writer.stored;
  const { planned } = schedule;
  const indices = new Map(planned.map(({ name }, index) => [name, offset + index]));
  const ended = new Map(finished.map((record) => [record.name, record]));
  for (const record of finished) progress.end(indices.get(record.name) as number, record, true);
  for (const { arm, step } of checkpoints.values()) progress.skip(indices.get(arm) as number, step);
  const keepFinal = writer.saveWeights !== undefined && savesWeights(writer.header.environment.checkpoints, schedule);
  const monitor = log && { histogramCount: keepFinal ? HISTOGRAM_COUNT : 0 };
  const every = checkpointEvery !== undefined && { checkpointEvery };
  const options: RunScheduleOptions = { finished, checkpoints, signal, keepFinal, monitor, ...every };
  for await (const event of runSchedule(schedule, environment.executor, options)) {
    // Weights, event files, journal: event files have all steps of the journal, and a resumed run purges the steps
    // beyond it.
    saveWeights(event, writer, schedule);
    await log?.take(event, schedule);
    saveToJournal(event, writer);
    if (event.kind === 'arm') ended.set(event.record.name, event.record);
    show(event, progress, indices);
  }
  await log?.finish(schedule);
  return planned.map(({ name }) => ended.get(name) ?? notStarted(name));
}

function saveWeights(event: RunEvent, writer: RunWriter, schedule: Schedule): void {
  if (event.kind !== 'arm' || event.record.status === 'interrupted' || !event.final) return;
  const spec = schedule.specOf(event.record.name);
  if (spec) writer.saveWeights?.(spec, event.final);
}

function saveToJournal(event: RunEvent, writer: RunWriter): void {
  if (event.kind === 'checkpoint') writer.saveCheckpoint(event.checkpoint);
  if (event.kind === 'arm' && event.record.status !== 'interrupted') writer.saveArm(event.record);
}

function show(event: RunEvent, progress: Progress, indices: ReadonlyMap<string, number>): void {
  if (event.kind === 'progress')
    progress.step(indices.get(event.arm) as number, event.step, event.losses.at(-1) as number);
  if (event.kind === 'arm') progress.end(indices.get(event.record.name) as number, event.record);
}
