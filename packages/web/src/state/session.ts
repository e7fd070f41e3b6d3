// The current run of the page: start, pause, resume, step, stop, and its growing record.
import {
  type ArmRecord,
  type ArmSpec,
  assembleRecord,
  type Checkpoint,
  checkArms,
  compareRecords,
  createSchedule,
  type Difference,
  isComplete,
  noData,
  notStarted,
  OptionError,
  type RunEvent,
  type RunRecord,
  runSchedule,
  type Schedule,
  type Variant,
} from '@descent/experiments';
import { computed, signal } from '@preact/signals';
import manifest from '../../package.json' with { type: 'json' };
import { getImageShape, type Images } from '../images/images.ts';
import { loadImages } from '../images/run-images.ts';
import { CheckpointCache } from '../worker/checkpoint-cache.ts';
import { withPauses } from '../worker/executor.ts';
import { nextTask } from '../worker/next-task.ts';
import { openPool, type Pool } from '../worker/pool.ts';
import { lang } from './language.ts';
import type { PageState } from './link.ts';
import { LiveSeries } from './live-series.ts';
import { getLastArmStep } from './truncate.ts';

export type Phase = 'idle' | 'loading' | 'running' | 'paused' | 'stopped' | 'done' | 'failed';

/** The result with which a run is compared: a digest from a link, or a record. */
export type ExpectedResult = { readonly digest: string } | { readonly record: RunRecord };

export type Seal = { readonly same: true } | { readonly same: false; readonly difference?: Difference };

export const phase = signal<Phase>('idle');
/** Whether data are loaded or arms train. */
export const isBusy = computed(() => phase.value === 'loading' || phase.value === 'running');
/** Whether the run can continue. */
export const isResting = computed(() => phase.value === 'paused' || phase.value === 'stopped');
/** The record so far. An arm that has not started has empty series. */
export const record = signal<RunRecord | undefined>(undefined);
/** Received bytes of the data, and their total. */
export const loaded = signal<readonly [received: number, total: number]>([0, 1]);
/** The finished part of the run, from 0 to 1. */
export const progress = signal(0);
export const errorMessage = signal('');
export const seal = signal<Seal | undefined>(undefined);

interface CurrentRun {
  readonly pageState: PageState;
  readonly schedule: Schedule;
  readonly arms: ArmRecord[];
  readonly checkpoints: Map<string, Checkpoint>;
  readonly expected: ExpectedResult | undefined;
  /** Earlier states of the arms, for inspection. */
  readonly checkpointCache: CheckpointCache;
  /** Values of the arms that are training. */
  readonly live: LiveSeries;
  /** The finished part of each arm, from 0 to 1. */
  readonly shares: Map<string, number>;
  /** The step at which each arm of a stopped, replayed record ended; undefined once all have reached it. */
  replaySteps: ReadonlyMap<string, number> | undefined;
  images: Images | undefined;
  isStopping: boolean;
  data: RunRecord['data'];
  variant: Variant;
  /** Milliseconds of training, without pauses. */
  elapsedMs: number;
}

let currentRun: CurrentRun | undefined;
let stopping = new AbortController();
let cachedPool: { readonly key: string; readonly pool: Pool } | undefined;

/**
 * Starts a run.
 * @param atMost steps of each arm before it pauses; all if missing
 */
export async function start(place: PageState, expected?: ExpectedResult, atMost?: number): Promise<void> {
  const last = record.value;
  reset();
  const { experiment, options, seed } = place;
  // The last figure stays until there is a new one.
  if (last?.experiment === experiment.name) record.value = last;
  const schedule = createSchedule(experiment, options, seed);
  const arms = schedule.planned.map(({ name }) => notStarted(name));
  const variant = place.variant ?? 'simd128';
  currentRun = {
    ...{
      pageState: place,
      schedule,
      arms,
      checkpoints: new Map(),
      expected,
      checkpointCache: new CheckpointCache(arms.length),
      live: new LiveSeries(),
      shares: new Map(arms.map(({ name }) => [name, 0])),
      images: undefined,
    },
    ...{ replaySteps: getReplaySteps(expected), isStopping: false, data: noData, variant, elapsedMs: 0 },
  };
  progress.value = 0;
  phase.value = 'loading';
  await continueRun(currentRun, atMost);
}

/** Continues a paused or stopped run. */
export async function resume(atMost?: number): Promise<void> {
  if (!currentRun || !isResting.value) return;
  currentRun.isStopping = false;
  await continueRun(currentRun, atMost);
}

export function pause(): void {
  stopping.abort();
}

/** Stops the run. Its record contains the step of each arm, and the run can be resumed. */
export async function stop(): Promise<void> {
  if (!currentRun || phase.value === 'loading') return reset();
  currentRun.isStopping = true;
  if (phase.value === 'paused') await continueRun(currentRun, 0);
  else stopping.abort();
}

/** A run that can be inspected. Of a search: the trials so far. */
interface InspectableRun extends Pick<CurrentRun, 'checkpointCache' | 'images'> {
  readonly specs: readonly ArmSpec[];
  pool(): Pool;
}

/** Returns the current run if it is not training; undefined if the page only has a record. */
export function getInspectableRun(): InspectableRun | undefined {
  // Reads the phase first: computed signals that call this must depend on it.
  const isAtRest = ['paused', 'stopped', 'done'].includes(phase.value);
  const current = currentRun;
  if (!isAtRest || !current) return undefined;
  const { schedule, checkpointCache, images } = current;
  const specs = schedule.planned.flatMap(({ name }) => schedule.specOf(name) ?? []);
  return { specs, checkpointCache, images, pool: () => getPool(current, images) };
}

export function reset(): void {
  const wasAtWork = isBusy.value;
  currentRun = undefined;
  stopping.abort();
  if (wasAtWork) closePool();
  phase.value = 'idle';
  record.value = undefined;
  seal.value = undefined;
  errorMessage.value = '';
  progress.value = 0;
}

/** Shows a record that was opened from a file. */
export function showRecord(opened: RunRecord): void {
  reset();
  record.value = opened;
  phase.value = 'done';
}

async function continueRun(current: CurrentRun, atMost: number | undefined): Promise<void> {
  stopping = new AbortController();
  const { signal: halt } = stopping;
  try {
    const images = await loadImages(current.pageState.experiment, current.schedule, (received, total) => {
      loaded.value = [received, total];
    });
    if (currentRun !== current) return;
    const pool = getPool(current, images);
    current.variant = await pool.ready;
    current.images = images;
    if (images) {
      current.data = images.source;
      const [rows, columns] = await getImageShape(images);
      const { trainCount, classes } = images;
      checkArms(current.schedule.next(new Map()).arms, { trainCount, classes, pixels: rows * columns });
    }
    if (currentRun !== current) return;
    phase.value = 'running';
    const began = performance.now();
    await train(current, pool, atMost);
    current.elapsedMs += performance.now() - began;
    if (currentRun !== current) return;
    // Arms that have not started report their initial values.
    if (current.isStopping && atMost !== 0) return await continueRun(current, 0);
    publish(current);
    const isDone = isComplete(record.value as RunRecord);
    if (isDone || (current.replaySteps && atMost === undefined && !halt.aborted)) compareWithExpected(current);
    phase.value = isDone ? 'done' : current.isStopping ? 'stopped' : 'paused';
  } catch (error) {
    if (currentRun !== current) return;
    closePool();
    const text = error instanceof OptionError ? error.text?.[lang.value] : undefined;
    errorMessage.value = text ?? (error instanceof Error ? error.message : String(error));
    phase.value = 'failed';
  }
}

/** Milliseconds between two checkpoints of an arm, each of which has all its series. */
const CHECKPOINT_MS = 200;

/** Returns the number of steps that an arm may be ahead of the slowest. The trials of a search do not race. */
function getMaxLead({ pageState: { experiment }, schedule: { planned } }: CurrentRun): number | undefined {
  if (experiment.study) return undefined;
  return Math.max(8, Math.floor(Math.min(...planned.map(({ steps }) => steps)) / 100));
}

/** Trains all remaining arms. */
async function train(current: CurrentRun, pool: Pool, atMost: number | undefined): Promise<void> {
  const { schedule, arms, checkpoints } = current;
  const { signal } = stopping;
  const ending = new AbortController();
  signal.addEventListener('abort', () => ending.abort());
  const pauses = getPauseSteps(current, atMost);
  const executor = withPauses(pool, { signal, pauses, onPause: () => ending.abort() });
  const finished = arms.filter(({ status }) => status !== 'interrupted');
  const maxLead = getMaxLead(current);
  const options = {
    ...{ signal: ending.signal, finished, checkpoints, checkpointEvery: CHECKPOINT_MS },
    ...(maxLead !== undefined && { maxLead }),
    monitor: { histogramCount: 0 },
  };
  for await (const event of runSchedule(schedule, executor, options))
    if (currentRun === current) applyEvent(current, event);
}

/** Returns the step at which each arm pauses: after `atMost` more steps, or where the replayed run was stopped. */
function getPauseSteps(
  { arms, checkpoints, replaySteps: replay }: CurrentRun,
  atMost: number | undefined,
): ReadonlyMap<string, number> {
  if (atMost === undefined) return replay ?? new Map();
  return new Map(arms.map(({ name }) => [name, (checkpoints.get(name)?.step ?? 0) + atMost]));
}

/** Returns the last step of each arm of a record with unfinished arms. */
function getReplaySteps(held: ExpectedResult | undefined): ReadonlyMap<string, number> | undefined {
  if (!held || !('record' in held) || isComplete(held.record)) return undefined;
  return new Map(held.record.arms.map((arm) => [arm.name, getLastArmStep(arm)]));
}

function applyEvent(current: CurrentRun, event: RunEvent): void {
  const { live, shares } = current;
  if (event.kind === 'progress') {
    const { arm, step, steps, observation } = event;
    live.append(arm, observation?.series ?? {}, current.arms.find(({ name }) => name === arm)?.series ?? {});
    shares.set(arm, step / steps);
  } else if (event.kind === 'checkpoint') {
    current.checkpoints.set(event.checkpoint.arm, event.checkpoint);
    current.checkpointCache.add(event.checkpoint);
  } else {
    const { name, status } = event.record;
    current.arms[current.arms.findIndex((arm) => arm.name === name)] = event.record;
    live.delete(name);
    if (status !== 'interrupted') shares.set(name, 1);
  }
  schedulePublish(current);
}

/** Minimal milliseconds between two drawings of a training run. */
const MIN_REDRAW_MS = 100;
/** The part of the time in which the page may draw, of a race and of a search, whose figures are large. */
const DRAWING_SHARE = { race: 0.1, search: 0.04 };
let drawMs = 0;
let isScheduled = false;

function schedulePublish(current: CurrentRun): void {
  if (isScheduled) return;
  isScheduled = true;
  const share = DRAWING_SHARE[current.pageState.experiment.study ? 'search' : 'race'];
  setTimeout(
    async () => {
      isScheduled = false;
      if (currentRun !== current || phase.value !== 'running') return;
      drawMs = await measureMs(() => publish(current));
      requestAnimationFrame(async () => {
        // Layout and painting follow after this callback.
        drawMs += await measureMs(() => {});
      });
    },
    Math.max(MIN_REDRAW_MS, drawMs / share),
  );
}

/** Returns the milliseconds of some work and of what it causes before the next task. */
async function measureMs(work: () => void): Promise<number> {
  const began = performance.now();
  work();
  await nextTask();
  return performance.now() - began;
}

function publish(current: CurrentRun): void {
  const { pageState, arms, data, variant, elapsedMs: elapsed, live, shares } = current;
  const { experiment, options, seed } = pageState;
  progress.value = [...shares.values()].reduce((sum, share) => sum + share, 0) / shares.size;
  record.value = assembleRecord(experiment, {
    options: options as RunRecord['options'],
    seed,
    data,
    variant,
    arms: arms.map((arm) => {
      const series = live.valuesOf(arm.name);
      return series ? { ...notStarted(arm.name), series } : arm;
    }),
    environment: { runtime: navigator.userAgent, descent: manifest.version },
    elapsedSeconds: elapsed / 1000,
  });
}

function compareWithExpected(current: CurrentRun): void {
  const { expected, replaySteps: replay } = current;
  const got = record.value as RunRecord;
  current.replaySteps = undefined;
  if (!expected) return;
  if ('digest' in expected) {
    seal.value = { same: got.digest === expected.digest };
    return;
  }
  // A stopped record was already compared at the step where it stopped.
  if (!replay && !isComplete(expected.record)) return;
  const difference = compareRecords(expected.record, got);
  seal.value = difference ? { same: false, difference } : { same: true };
}

/** Returns the worker pool for these kernels and data. It is reused from run to run. */
function getPool({ pageState: { variant }, arms }: CurrentRun, images: Images | undefined): Pool {
  const key = [variant, images?.source.sha256, images?.trainCount, arms.length].join(' ');
  if (cachedPool?.key !== key) {
    closePool();
    const pool = openPool({ ...(variant && { variant }), ...(images && { images }) }, arms.length);
    cachedPool = { key, pool };
  }
  return (cachedPool as { pool: Pool }).pool;
}

function closePool(): void {
  cachedPool?.pool.close();
  cachedPool = undefined;
}
