// Which trials are stopped early. The trials of a round pause at fixed steps, the rungs; when all have come there, those that do
// badly are stopped. What counts is where they stand at the rung, and where earlier rounds stood: never who came first.

import type { ArmRecord } from '../record/record.ts';
import type { ArmSpec } from '../training/arm.ts';
import type { Segment } from '../training/segment.ts';
import { isOver, ranked, stepOf, valueBy } from './trial.ts';

/** Which trials a search stops early, told apart by `kind`. */
export type PrunerSpec = NoPrunerSpec | MedianSpec | HalvingSpec;

/** Every trial goes to its end. */
export interface NoPrunerSpec {
  /** What tells pruners apart. */
  readonly kind: 'none';
}

/**
 * Optuna's MedianPruner: stops a trial whose best value so far is below the median of what the trials of earlier rounds that went
 * to their ends were at the rung, once there are five such. Rungs at 1, 2, 3, … times `first` steps.
 */
export interface MedianSpec {
  /** What tells pruners apart. */
  readonly kind: 'median';
  /** Steps. */
  readonly first: number;
}

/** The best 1/η of all that came to a rung go on, and those that tie with them (Jamieson and Talwalkar 2016). Rungs at 1, η, η², … times `first` steps. */
export interface HalvingSpec {
  /** What tells pruners apart. */
  readonly kind: 'halving';
  /** Steps. */
  readonly first: number;
  /** η. */
  readonly eta: number;
}

/** Optuna's `n_startup_trials`. */
const STARTUP = 5;

interface Context {
  readonly measure: string;
  /** Trials of earlier rounds, all of which have ended. */
  readonly earlier: readonly ArmRecord[];
}

export interface Pruner {
  readonly rungs: readonly number[];
  /** What the trials of a round do next. */
  leg(round: readonly ArmSpec[], known: ReadonlyMap<string, ArmRecord>, context: Context): Segment;
}

/** @param steps of a trial that nothing stops */
export function createPruner(spec: PrunerSpec, steps: number): Pruner {
  const rungs = rungsOf(spec, steps);
  return { rungs, leg: (round, known, context) => segmentAt(spec, rungs, round, known, context) };
}

/** Steps at which trials are compared: below the last, where there is nothing left to spare. */
export function rungsOf(spec: PrunerSpec, steps: number): number[] {
  if (spec.kind === 'none') return [];
  const rungs: number[] = [];
  for (let at = spec.first; at < steps; at = spec.kind === 'median' ? at + spec.first : at * spec.eta) rungs.push(at);
  return rungs;
}

function segmentAt(
  spec: PrunerSpec,
  rungs: readonly number[],
  round: readonly ArmSpec[],
  known: ReadonlyMap<string, ArmRecord>,
  { measure, earlier }: Context,
): Segment {
  const pruned: ArmRecord[] = [];
  const whole = earlier.filter(({ status, pruned: cut }) => status === 'finished' && !cut);
  const peers = spec.kind === 'median' ? whole : earlier;
  // Too few to compare with: nobody needs to pause.
  const isEarly = spec.kind === 'median' && whole.length < STARTUP;
  let alive = [...round];
  for (const rung of isEarly ? [] : rungs) {
    const coming = alive.filter(({ name }) => !hasReached(known.get(name), rung));
    if (coming.length > 0) return { arms: coming, until: new Map(coming.map(({ name }) => [name, rung])), pruned };
    const standing = spec.kind === 'median' ? bestUpToRung : valueAtRung;
    const here = alive.map((arm) => ({ arm, value: standing(known.get(arm.name) as ArmRecord, measure, rung) }));
    const others = peers
      .filter((record) => hasReached(record, rung))
      .map((record) => valueAtRung(record, measure, rung));
    const out = new Set(stopped(spec, here, others));
    for (const { arm } of out) {
      const record = known.get(arm.name) as ArmRecord;
      if (!isOver(record)) pruned.push(prunedAt(rung, record));
    }
    alive = here.filter((each) => !out.has(each)).map(({ arm }) => arm);
  }
  return { arms: alive.filter(({ name }) => !isOver(known.get(name))), until: new Map(), pruned };
}

/** Whether a trial is at a rung or beyond it; one that diverged is as good as there. */
function hasReached(record: ArmRecord | undefined, rung: number): boolean {
  return record !== undefined && (stepOf(record) >= rung || record.divergence !== undefined);
}

/** Nothing measured is as bad as can be. */
function valueAtRung(record: ArmRecord, measure: string, rung: number): number {
  const value = valueBy(record, measure, rung);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

/** The best value up to a rung. */
function bestUpToRung(record: ArmRecord, measure: string, rung: number): number {
  const { step = [], value = [] } = record.series[measure] ?? {};
  const last = valueAtRung(record, measure, rung);
  if (last === Number.NEGATIVE_INFINITY) return last;
  return Math.max(last, ...value.filter((each, i) => (step[i] as number) <= rung && !Number.isNaN(each)));
}

type Standing = { readonly arm: ArmSpec; readonly value: number };

function stopped(spec: PrunerSpec, here: readonly Standing[], others: readonly number[]): Standing[] {
  if (spec.kind === 'median') {
    const median = medianOf(others);
    return here.filter(({ value }) => value < median);
  }
  if (spec.kind !== 'halving') return [];
  // As in Optuna, trials that tie with the last of the best go on too: neither their order nor their round counts.
  const all = ranked([...others.map((value) => ({ value })), ...here]);
  const last = all[Math.max(1, Math.floor(all.length / spec.eta)) - 1] as { value: number };
  return here.filter(({ value }) => value < last.value);
}

/** Between the two in the middle, where their number is even. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
  const [below, above] = [sorted[(sorted.length - 1) >> 1] as number, sorted[sorted.length >> 1] as number];
  return below === above ? below : (below + above) / 2;
}

/** Its keys in the order in which they are read from a journal: a run that was resumed has the same bytes. */
function prunedAt(step: number, { digest, ...rest }: ArmRecord): ArmRecord {
  return { ...rest, status: 'finished', pruned: { step }, digest };
}
