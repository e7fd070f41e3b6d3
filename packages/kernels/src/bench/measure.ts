// Times many things in turn: rounds in which each has its place by lot, so that what disturbs the machine disturbs all alike.
import { checkArguments, having, integer, listOf, nonNegative, optionsOf, uint32 } from '../check.ts';
import { shuffle } from './hash.ts';
import { summarize, type Timed } from './statistics.ts';

/** What the front end lends: these suites know neither Node nor a page. */
export interface Host {
  /** Milliseconds from any beginning, such as performance.now. */
  clock(): number;
  /** Gives way to the event loop: the engine's compiler threads deliver then, and a page can paint. */
  pause(): Promise<void>;
  /** How much is done, from 0 to 1. */
  progress?(share: number): void;
  /** Ends the suite between two samples. */
  readonly signal?: AbortSignal;
}

/** The rule of a `Host`. */
export const hostLike = having('pause', 'an object with clock and pause');

/** Something to time. */
export interface Candidate {
  /** Does the thing so many times. */
  run(times: number): void;
  /** Not timed, before each sample. */
  before?(): void;
}

/** How many samples, and how long each. */
export interface MeasurementPlan {
  /** Samples of each, if they fit into `budgetMs`. */
  readonly rounds: number;
  /** How long each runs before anything is timed, so that the engine has compiled it for speed. */
  readonly warmUpMs: number;
  /** A sample repeats its call until it takes about so long. */
  readonly sampleMs: number;
  /** What the samples of one may take in all; never fewer than `LEAST` are taken. */
  readonly budgetMs: number;
  /** Of the order of turns. */
  readonly seed: number;
}

/** Fewer samples have no 95 % interval. */
const LEAST = 7;
/** A clock that stands still ends here. */
const MOST = 2 ** 24;
/** A sample lasts so many ticks of a coarse clock at least. */
const TICKS = 25;
/** Milliseconds between pauses. */
const SLICE = 50;
/** A call this short (ms) is made once untimed first, so that a sample does not begin with the cache of another. */
const SHORT = 5;

interface Runner {
  readonly contestant: Candidate;
  readonly times: number;
  readonly callMs: number;
  readonly turns: number;
  readonly samplesUs: number[];
}

/** @returns the time of a call of each, in the order given */
export async function measureInterleaved(
  contestants: readonly Candidate[],
  plan: MeasurementPlan,
  host: Host,
): Promise<Timed[]> {
  const ms = nonNegative;
  const rules = { rounds: integer(1, 1e6), warmUpMs: ms, sampleMs: ms, budgetMs: ms, seed: uint32 };
  checkArguments('measureInterleaved', arguments, {
    contestants: listOf('an array of candidates', having('run', 'a candidate')),
    plan: optionsOf<MeasurementPlan>(rules, ['rounds', 'warmUpMs', 'sampleMs', 'budgetMs', 'seed']),
    host: hostLike,
  });
  const breathe = yieldToEventLoop(host);
  const sampleMs = Math.max(plan.sampleMs, TICKS * clockResolution(host.clock));
  const runners: Runner[] = [];
  for (const [index, contestant] of contestants.entries()) {
    warmUp(contestant, plan.warmUpMs, host.clock);
    await breathe((0.25 * index) / contestants.length);
  }
  await host.pause();
  for (const contestant of contestants) {
    runners.push(calibrate(contestant, sampleMs, plan, host.clock));
    await breathe(0.25);
  }
  for (let round = 0; round < plan.rounds; round++) {
    const order = runners.filter(({ turns }) => isDue(turns, round, plan.rounds));
    shuffle(order, plan.seed + round);
    for (const [index, runner] of order.entries()) {
      sample(runner, host.clock);
      await breathe(0.25 + (0.75 * (round + index / order.length)) / plan.rounds);
    }
  }
  return runners.map(({ samplesUs }) => summarize(samplesUs));
}

/** Pauses when the last pause is long ago. */
function yieldToEventLoop({ clock, pause, progress, signal }: Host): (share: number) => Promise<void> {
  let last = clock();
  return async (share) => {
    if (clock() - last < SLICE) return;
    progress?.(share);
    await pause();
    signal?.throwIfAborted();
    last = clock();
  };
}

/** A usual step of the clock: pages get one of a tenth of a millisecond, with some jitter. */
function clockResolution(clock: Host['clock']): number {
  const steps = Array.from({ length: 11 }, () => {
    const start = clock();
    let now = start;
    while (now === start) now = clock();
    return now - start;
  });
  return steps.sort((a, b) => a - b)[5] as number;
}

function warmUp(contestant: Candidate, warmUpMs: number, clock: Host['clock']): void {
  contestant.before?.();
  const start = clock();
  do contestant.run(1);
  while (clock() - start < warmUpMs);
}

/** Finds how often to repeat. */
function calibrate(contestant: Candidate, sampleMs: number, plan: MeasurementPlan, clock: Host['clock']): Runner {
  let times = 1;
  for (;;) {
    // The lesser of two: where the machine was away during one, a call would seem long, and its samples be shorter than a tick.
    const elapsed = Math.min(timed(contestant, times, clock), timed(contestant, times, clock));
    if (elapsed >= sampleMs / 2 || times >= MOST) {
      const callMs = elapsed / times;
      const least = Math.max(1, Math.ceil(sampleMs / callMs));
      const turns = Math.floor(plan.budgetMs / (least * callMs));
      return {
        contestant,
        times: least,
        callMs,
        turns: Math.min(plan.rounds, Math.max(LEAST, turns)),
        samplesUs: [],
      };
    }
    times *= 2;
  }
}

function timed(contestant: Candidate, times: number, clock: Host['clock']): number {
  contestant.before?.();
  const start = clock();
  contestant.run(times);
  return clock() - start;
}

/** Spreads so many turns evenly over the rounds. */
function isDue(turns: number, round: number, rounds: number): boolean {
  return Math.floor(((round + 1) * turns) / rounds) > Math.floor((round * turns) / rounds);
}

function sample({ contestant, times, callMs, samplesUs }: Runner, clock: Host['clock']): void {
  contestant.before?.();
  if (callMs < SHORT) contestant.run(1);
  const start = clock();
  contestant.run(times);
  samplesUs.push(((clock() - start) / times) * 1000);
}
