// Interleaved measurement: each round takes one sample of every candidate, in random order, so that other load on the
// machine affects all candidates alike.
import * as is from '../check.ts';
import { shuffle } from './hash.ts';
import { summarize, type Timed } from './report.ts';

/** Clock and event loop of the front end: Node or a browser. */
export interface Host {
  /** Returns milliseconds, such as `performance.now`. */
  clock(): number;
  /** Yields to the event loop, so that the compiler threads of the engine and the page make progress. */
  pause(): Promise<void>;
  /** Receives the completed share, from 0 to 1. */
  progress?(share: number): void;
  /** Stops the measurement between two samples. */
  readonly signal?: AbortSignal;
  /** Engine and machine, for the report. */
  readonly environment?: Readonly<Record<string, string>>;
}

export const hostLike = is.having('pause', 'an object with clock and pause');

/** A call to time. */
export interface Candidate {
  /** Makes `times` calls. A promise is awaited. */
  run(times: number): unknown;
  /** Prepares a sample; not timed. */
  before?(): void;
}

/** Number and length of the samples. */
export interface MeasurementPlan {
  /** Maximum number of samples per candidate. */
  readonly rounds: number;
  /** Milliseconds of calls before the first sample, during which the engine compiles; 0: none. */
  readonly warmUpMs: number;
  /** Minimum length of a sample, which repeats its call; 0: one call per sample, whatever its length. */
  readonly sampleMs: number;
  /** Time for all samples of a candidate, which takes at least `MIN_SAMPLES`. */
  readonly budgetMs: number;
  /** Seed of the order. */
  readonly seed: number;
}

const planLike = is.optionsOf<MeasurementPlan>(
  {
    rounds: is.integer(1, 2 ** 31),
    warmUpMs: is.nonNegative,
    sampleMs: is.nonNegative,
    budgetMs: is.nonNegative,
    seed: is.uint32,
  },
  ['rounds', 'warmUpMs', 'sampleMs', 'budgetMs', 'seed'],
);

/** Fewer samples have no 95 % interval. */
const MIN_SAMPLES = 7;
/** Limit of the calibration if the clock does not advance. */
const MAX_CALLS = 2 ** 24;
/** Minimum length of a sample in ticks of the clock. */
const MIN_TICKS = 25;
/** Milliseconds between pauses. */
const PAUSE_EVERY_MS = 50;
/** Calls shorter than this are made once before each sample, to load the cache. */
const SHORT_CALL_MS = 5;

interface Calibrated {
  readonly candidate: Candidate;
  /** Calls per sample. */
  readonly times: number;
  readonly callMs: number;
  readonly samples: number;
  readonly samplesUs: number[];
}

/** Returns the time per call of each candidate. */
export async function measureInterleaved(
  candidates: readonly Candidate[],
  plan: MeasurementPlan,
  host: Host,
): Promise<Timed[]> {
  is.checkArguments('measureInterleaved', arguments, {
    candidates: is.listOf('an array of candidates', is.having('run', 'a candidate')),
    plan: planLike,
    host: hostLike,
  });
  const { clock } = host;
  const pause = createPause(host);
  for (const [index, candidate] of candidates.entries()) {
    const start = clock();
    candidate.before?.();
    while (plan.warmUpMs > 0) {
      await callTimes(candidate, 1);
      if (clock() - start >= plan.warmUpMs) break;
    }
    await pause((0.25 * index) / candidates.length);
  }
  await host.pause();
  const calibrated: Calibrated[] = [];
  for (const candidate of candidates) {
    calibrated.push(await calibrate(candidate, plan, clock));
    await pause(0.25);
  }
  for (let round = 0; round < plan.rounds; round++) {
    const due = calibrated.filter(({ samples }) => isDue(samples, round, plan.rounds));
    shuffle(due, plan.seed + round);
    for (const [index, { candidate, times, callMs, samplesUs }] of due.entries()) {
      samplesUs.push((1000 * (await timeCalls(candidate, times, clock, callMs < SHORT_CALL_MS))) / times);
      await pause(0.25 + (0.75 * (round + (index + 1) / due.length)) / plan.rounds);
    }
  }
  return calibrated.map(({ samplesUs }) => summarize(samplesUs));
}

/** Returns a function that reports progress and pauses, if the last pause was long ago. */
function createPause({ clock, pause, progress, signal }: Host): (share: number) => Promise<void> {
  let last = clock();
  return async (share) => {
    if (clock() - last < PAUSE_EVERY_MS) return;
    progress?.(share);
    await pause();
    signal?.throwIfAborted();
    last = clock();
  };
}

async function callTimes(candidate: Candidate, times: number): Promise<void> {
  const result = candidate.run(times);
  if (result instanceof Promise) await result;
}

async function timeCalls(candidate: Candidate, times: number, clock: Host['clock'], isCold = false): Promise<number> {
  candidate.before?.();
  if (isCold) await callTimes(candidate, 1);
  const start = clock();
  await callTimes(candidate, times);
  return clock() - start;
}

/** Finds the number of calls per sample and the number of samples. */
async function calibrate(candidate: Candidate, plan: MeasurementPlan, clock: Host['clock']): Promise<Calibrated> {
  if (plan.sampleMs === 0) {
    return { candidate, times: 1, callMs: Number.POSITIVE_INFINITY, samples: plan.rounds, samplesUs: [] };
  }
  const sampleMs = Math.max(plan.sampleMs, MIN_TICKS * measureTick(clock));
  for (let tried = 1; ; tried *= 2) {
    // The shorter of two, because an interruption would make the samples too short.
    const elapsed = Math.min(await timeCalls(candidate, tried, clock), await timeCalls(candidate, tried, clock));
    if (elapsed < sampleMs / 2 && tried < MAX_CALLS) continue;
    const callMs = elapsed / tried;
    const times = Math.max(1, Math.ceil(sampleMs / callMs));
    const samples = Math.min(plan.rounds, Math.max(MIN_SAMPLES, Math.floor(plan.budgetMs / (times * callMs))));
    return { candidate, times, callMs, samples, samplesUs: [] };
  }
}

/** Returns the median step of the clock; in a page it is up to 0.1 ms. */
function measureTick(clock: Host['clock']): number {
  const ticks = Array.from({ length: 11 }, () => {
    const start = clock();
    let now = start;
    while (now === start) now = clock();
    return now - start;
  });
  return ticks.sort((a, b) => a - b)[5] as number;
}

/** Spreads the samples evenly over the rounds. */
function isDue(samples: number, round: number, rounds: number): boolean {
  return Math.floor(((round + 1) * samples) / rounds) > Math.floor((round * samples) / rounds);
}
