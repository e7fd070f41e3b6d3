// The run that the page is at: started, paused, resumed, stepped, stopped; its record as it grows.
import {
  type ArmRecord,
  type ArmSpec,
  assembleRecord,
  type Checkpoint,
  checkArms,
  compareRecords,
  createSchedule,
  type Difference,
  departureFrom,
  type Mismatch,
  noData,
  notStarted,
  OptionError,
  type RunRecord,
  runSchedule,
  type Schedule,
  type Variant,
} from '@descent/experiments';
import { computed, signal } from '@preact/signals';
import manifest from '../../package.json' with { type: 'json' };
import { type Images, imageShapeOf } from '../images/images.ts';
import { imagesFor } from '../images/run-images.ts';
import { CheckpointCache } from '../worker/checkpoint-cache.ts';
import { createExecutor } from '../worker/executor.ts';
import { type ArmReport, openPool, type Pool } from '../worker/pool.ts';
import { lang } from './language.ts';
import type { PageState } from './link.ts';
import { lastStepOf } from './truncate.ts';

export type Phase = 'idle' | 'loading' | 'running' | 'paused' | 'stopped' | 'done' | 'failed';

/** What a run is held against: a digest in a link, or a whole record. */
export type Expected = { readonly digest: string; readonly trail?: string } | { readonly record: RunRecord };

export type Seal =
  | { readonly same: true }
  | { readonly same: false; readonly difference?: Difference; readonly departure?: Mismatch };

export const phase = signal<Phase>('idle');
/** As it stands: with empty series where an arm has not begun. */
export const record = signal<RunRecord | undefined>(undefined);
/** Bytes of data that have come, of how many. */
export const loaded = signal<readonly [received: number, total: number]>([0, 1]);
const shares = signal<ReadonlyMap<string, number>>(new Map());
export const fault = signal('');
export const seal = signal<Seal | undefined>(undefined);

/** Whether every arm has ended. */
export const isWhole = ({ arms }: RunRecord) => arms.every(({ status }) => status !== 'interrupted');

export const progress = computed(() => {
  const all = [...shares.value.values()];
  return all.reduce((sum, share) => sum + share, 0) / Math.max(1, all.length);
});

interface Work {
  readonly place: PageState;
  readonly schedule: Schedule;
  readonly arms: ArmRecord[];
  readonly checkpoints: Map<string, Checkpoint>;
  readonly expected: Expected | undefined;
  /** To look back: what the arms were on their way. */
  readonly kept: CheckpointCache;
  /** Where each arm of the record that is replayed stood when its run was stopped; none once all are there. */
  replay: ReadonlyMap<string, number> | undefined;
  images: Images | undefined;
  isStopping: boolean;
  data: RunRecord['data'];
  variant: Variant;
  /** Milliseconds at work, pauses left out. */
  elapsed: number;
}

let work: Work | undefined;
let stopping = new AbortController();
let bench: { readonly key: string; readonly pool: Pool } | undefined;

/** @param atMost steps of each arm before it pauses; all of them where it is missing */
export async function start(place: PageState, expected?: Expected, atMost?: number): Promise<void> {
  const last = record.value;
  reset();
  const { experiment, options, seed } = place;
  // The last picture stays until there is a new one.
  if (last?.experiment === experiment.name) record.value = last;
  const schedule = createSchedule(experiment, options, seed);
  const arms = schedule.planned.map(({ name }) => notStarted(name));
  const variant = place.variant ?? 'simd128';
  work = {
    ...{
      place,
      schedule,
      arms,
      checkpoints: new Map(),
      expected,
      kept: new CheckpointCache(arms.length),
      images: undefined,
    },
    ...{ replay: stoppedAt(expected), isStopping: false, data: noData, variant, elapsed: 0 },
  };
  shares.value = new Map(arms.map(({ name }) => [name, 0]));
  phase.value = 'loading';
  await go(work, atMost);
}

/** On from where it was paused or stopped. */
export async function resume(atMost?: number): Promise<void> {
  if (!work || (phase.value !== 'paused' && phase.value !== 'stopped')) return;
  work.isStopping = false;
  await go(work, atMost);
}

export function pause(): void {
  stopping.abort();
}

/** The record says where each arm stands. It can go on from there. */
export async function stop(): Promise<void> {
  if (!work || phase.value === 'loading') return reset();
  work.isStopping = true;
  if (phase.value === 'paused') await go(work, 0);
  else stopping.abort();
}

/** What can be looked into: of a search the trials so far. */
interface AtRest extends Pick<Work, 'kept' | 'images'> {
  readonly specs: readonly ArmSpec[];
  pool(): Pool;
}

/** A run that is not under way, for whoever looks into its arms; none where there are only records. */
export function runAtRest(): AtRest | undefined {
  // The phase first: whoever computes something from this is told when it changes.
  const isAtRest = ['paused', 'stopped', 'done'].includes(phase.value);
  const current = work;
  if (!isAtRest || !current) return undefined;
  const { schedule, kept, images } = current;
  const specs = schedule.planned.flatMap(({ name }) => schedule.specOf(name) ?? []);
  return { specs, kept, images, pool: () => benchFor(current, images) };
}

export function reset(): void {
  const wasAtWork = phase.value === 'running' || phase.value === 'loading';
  work = undefined;
  stopping.abort();
  if (wasAtWork) closeBench();
  phase.value = 'idle';
  record.value = undefined;
  seal.value = undefined;
  fault.value = '';
  shares.value = new Map();
}

/** A record from elsewhere, as if it had been run here. */
export function show(opened: RunRecord): void {
  reset();
  record.value = opened;
  phase.value = 'done';
}

async function go(current: Work, atMost: number | undefined): Promise<void> {
  stopping = new AbortController();
  const { signal: halt } = stopping;
  try {
    const images = await imagesFor(current.place.experiment, current.schedule, (received, total) => {
      loaded.value = [received, total];
    });
    if (work !== current) return;
    const pool = benchFor(current, images);
    current.variant = await pool.variant;
    current.images = images;
    if (images) {
      current.data = images.source;
      const [rows, columns] = await imageShapeOf(images);
      const { trainCount, classes } = images;
      checkArms(current.schedule.next(new Map()).arms, { trainCount, classes, pixels: rows * columns });
    }
    if (work !== current) return;
    phase.value = 'running';
    const began = performance.now();
    await train(current, pool, atMost);
    current.elapsed += performance.now() - began;
    if (work !== current) return;
    // Arms that had not begun tell what they begin with.
    if (current.isStopping && atMost !== 0) return await go(current, 0);
    publish(current);
    const isDone = isWhole(record.value as RunRecord);
    if (isDone || (current.replay && atMost === undefined && !halt.aborted)) judge(current);
    phase.value = isDone ? 'done' : current.isStopping ? 'stopped' : 'paused';
  } catch (error) {
    if (work !== current) return;
    closeBench();
    const text = error instanceof OptionError ? error.text?.[lang.value] : undefined;
    fault.value = text ?? (error instanceof Error ? error.message : String(error));
    phase.value = 'failed';
  }
}

/** All that is left, leg by leg, as the command line does it. */
async function train(current: Work, pool: Pool, atMost: number | undefined): Promise<void> {
  const { schedule, arms, checkpoints } = current;
  const { signal } = stopping;
  const ending = new AbortController();
  signal.addEventListener('abort', () => ending.abort());
  const onReport = (report: ArmReport) => {
    if (work === current) take(current, report);
  };
  const pauses = pausesOf(current, atMost);
  const executor = createExecutor(pool, { signal, pauses, onReport, onPause: () => ending.abort() });
  const finished = arms.filter(({ status }) => status !== 'interrupted');
  for await (const event of runSchedule(schedule, executor, { signal: ending.signal, finished, checkpoints })) {
    // Of trials that are stopped early no worker tells.
    if (event.kind === 'arm') onReport(event);
  }
}

/** Where each arm pauses: after so many steps more, or else where the run that is replayed was stopped. */
function pausesOf({ arms, checkpoints, replay }: Work, atMost: number | undefined): ReadonlyMap<string, number> {
  if (atMost === undefined) return replay ?? new Map();
  return new Map(arms.map(({ name }) => [name, (checkpoints.get(name)?.step ?? 0) + atMost]));
}

/** Where the arms of a record stand, where one has not ended. */
function stoppedAt(held: Expected | undefined): ReadonlyMap<string, number> | undefined {
  if (!held || !('record' in held) || isWhole(held.record)) return undefined;
  return new Map(held.record.arms.map((arm) => [arm.name, lastStepOf(arm)]));
}

function take(current: Work, report: ArmReport): void {
  if (report.kind === 'checkpoint') {
    const { checkpoint, steps } = report;
    const { arm, step, series, histograms } = checkpoint;
    current.checkpoints.set(arm, checkpoint);
    current.kept.add(checkpoint);
    place(current, { ...notStarted(arm), series, ...(histograms && { histograms }) });
    if (steps > 0) advance(arm, step / steps);
  } else {
    place(current, report.record);
    if (report.record.status !== 'interrupted') advance(report.record.name, 1);
  }
  publishSoon(current);
}

function place({ arms }: Work, arm: ArmRecord): void {
  arms[arms.findIndex(({ name }) => name === arm.name)] = arm;
}

function advance(arm: string, share: number): void {
  shares.value = new Map([...shares.value, [arm, share]]);
}

/** Milliseconds between drawings of a run on its way, at least; where drawing is slow, so many times as long as it takes. */
const REDRAW = 120;
const REST = 6;
let drawTime = 0;
let isDue = false;

function publishSoon(current: Work): void {
  if (isDue) return;
  isDue = true;
  setTimeout(
    () => {
      isDue = false;
      if (work !== current || phase.value !== 'running') return;
      const began = performance.now();
      publish(current);
      // Signals redraw at once or before the next frame.
      requestAnimationFrame(() => {
        drawTime = performance.now() - began;
      });
    },
    Math.max(REDRAW, REST * drawTime),
  );
}

function publish({ place: { experiment, options, seed }, arms, data, variant, elapsed }: Work): void {
  record.value = assembleRecord(experiment, {
    options: options as RunRecord['options'],
    seed,
    data,
    variant,
    arms: [...arms],
    environment: { runtime: navigator.userAgent, descent: manifest.version },
    elapsedSeconds: elapsed / 1000,
  });
}

function judge(current: Work): void {
  const { expected, replay } = current;
  const got = record.value as RunRecord;
  current.replay = undefined;
  if (!expected) return;
  if ('digest' in expected) {
    const departure = expected.trail && departureFrom(expected.trail, got);
    seal.value = got.digest === expected.digest ? { same: true } : { same: false, ...(departure && { departure }) };
    return;
  }
  // One that was stopped has been sealed where it stood.
  if (!replay && !isWhole(expected.record)) return;
  const difference = compareRecords(expected.record, got);
  seal.value = difference ? { same: false, difference } : { same: true };
}

/** Workers with these kernels and data, kept from run to run. */
function benchFor({ place: { variant }, arms }: Work, images: Images | undefined): Pool {
  const key = [variant, images?.source.sha256, images?.trainCount, arms.length].join(' ');
  if (bench?.key !== key) {
    closeBench();
    const pool = openPool({ ...(variant && { variant }), ...(images && { images }) }, arms.length);
    bench = { key, pool };
  }
  return (bench as { pool: Pool }).pool;
}

function closeBench(): void {
  bench?.pool.close();
  bench = undefined;
}
