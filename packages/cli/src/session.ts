// One `descent run`: arms on a workbench, every event to the journal and to the screen, a record for each seed.
import { cpus, release, type } from 'node:os';
import {
  type ArmRecord,
  type ArmSpec,
  assembleRecord,
  type Experiment,
  type JournalHeader,
  type RunEvent,
  type RunRecord,
} from '@descent/experiments';
import type { Journal } from './journal.ts';
import type { Progress } from './progress.ts';
import type { Workbench } from './workbench.ts';

declare const DESCENT_VERSION: string;

/** Milliseconds between checkpoints: what a kill costs at most, for some thousandth of the time. */
const CHECKPOINT_EVERY = 2_000;

export interface Session {
  readonly experiment: Experiment;
  readonly bench: Workbench;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Arms of every seed, in the order in which the journals stand; `Progress` counts them the same way. */
export function armsOf(experiment: Experiment, headers: readonly Pick<JournalHeader, 'options' | 'seed'>[]): ArmSpec[][] {
  return headers.map(({ options, seed }) => experiment.arms(options as never, seed));
}

/** Runs what the journals do not have yet, and writes a record beside each. */
export async function runSession(session: Session, journals: readonly Journal[]): Promise<RunRecord[]> {
  const arms = armsOf(session.experiment, journals.map(({ header }) => header));
  let first = 0;
  const runs = journals.map((journal, index) => {
    const specs = arms[index] as ArmSpec[];
    const offset = first;
    first += specs.length;
    return () => runSeed(session, journal, specs, offset);
  });
  if (session.bench.isParallel) return Promise.all(runs.map((run) => run()));
  const records: RunRecord[] = [];
  for (const run of runs) records.push(await run());
  return records;
}

async function runSeed(session: Session, journal: Journal, specs: readonly ArmSpec[], offset: number): Promise<RunRecord> {
  const began = performance.now();
  const { progress, signal, bench } = session;
  const places = new Map(specs.map(({ name }, index) => [name, offset + index]));
  const ended = new Map<string, ArmRecord>();
  for (const record of journal.before.finished) {
    ended.set(record.name, record);
    progress.end(places.get(record.name) as number, record, true);
  }
  const { checkpoints } = journal.before;
  for (const { arm, step } of checkpoints.values()) progress.skip(places.get(arm) as number, step);
  const rest = specs.filter(({ name }) => !ended.has(name));
  for await (const event of bench.executor.run(rest, { signal, checkpoints, checkpointEvery: CHECKPOINT_EVERY })) {
    keep(event, journal);
    if (event.kind === 'arm') ended.set(event.record.name, event.record);
    show(event, progress, places);
  }
  const arms = specs.map(({ name }) => ended.get(name) as ArmRecord);
  const elapsedSeconds = Math.round(performance.now() - began) / 1000;
  const { source: _, ...environment } = journal.header.environment;
  const record = assembleRecord(session.experiment, { ...journal.header, environment, arms, elapsedSeconds });
  journal.finish(record);
  return record;
}

function keep(event: RunEvent, journal: Journal): void {
  if (event.kind === 'checkpoint') journal.keepCheckpoint(event.checkpoint);
  if (event.kind === 'arm' && event.record.status !== 'interrupted') journal.keepArm(event.record);
}

function show(event: RunEvent, progress: Progress, places: ReadonlyMap<string, number>): void {
  if (event.kind === 'progress') progress.step(places.get(event.arm) as number, event.step, event.losses.at(-1) as number);
  if (event.kind === 'arm') progress.end(places.get(event.record.name) as number, event.record);
}

/** Where a run was made; outside every digest. */
export function environment(): Record<string, string> {
  const cpu = cpus()[0]?.model.trim() || process.arch;
  return { runtime: `node ${process.versions.node}`, os: `${type()} ${release()} ${process.arch}`, cpu, descent: DESCENT_VERSION };
}
