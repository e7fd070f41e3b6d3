// Pruners. The trials of a round pause at fixed steps, the rungs, and when all have reached a rung, the worst are stopped. The decision
// depends on the values at the rung, in this round and in earlier ones, never on which trial was first.
import type { ArmRecord } from '../record/record.ts';
import type { ArmSpec } from '../training/arm.ts';
import type { Segment } from '../training/segment.ts';
import { isOver, lastStep, ranked, valueUpTo } from './trial.ts';

/** How a search stops trials early. */
export type PrunerSpec = NoPrunerSpec | MedianSpec | HalvingSpec;

/** Trains every trial to its end. */
export interface NoPrunerSpec {
  /** The kind of pruner. */
  readonly kind: 'none';
}

/**
 * Optuna's `MedianPruner`: stops a trial whose best value so far is below the median at the rung of the complete trials of earlier
 * rounds, if there are at least five. Rungs are at 1, 2, 3, … times `first` steps.
 */
export interface MedianSpec {
  /** The kind of pruner. */
  readonly kind: 'median';
  /** Steps up to the first rung. */
  readonly first: number;
}

/**
 * Successive halving (Jamieson and Talwalkar 2016): the best 1/η of all trials that reached a rung continue, with those that tie. Rungs
 * are at 1, η, η², … times `first` steps.
 */
export interface HalvingSpec {
  /** The kind of pruner. */
  readonly kind: 'halving';
  /** Steps up to the first rung. */
  readonly first: number;
  /** η. */
  readonly eta: number;
}

/** Complete trials that the median needs: Optuna's `n_startup_trials`. */
const MIN_COMPLETE_TRIALS = 5;

/** What a pruner uses of a study. */
interface PrunedStudy {
  readonly pruner: PrunerSpec;
  readonly measure: string;
  /** Steps of a trial that is not pruned. */
  readonly steps: number;
}

/** Returns the steps at which trials are compared, all before the last step. */
export function computeRungs({ pruner, steps }: Omit<PrunedStudy, 'measure'>): number[] {
  if (pruner.kind === 'none') return [];
  const rungs: number[] = [];
  const next = (rung: number) => (pruner.kind === 'median' ? rung + pruner.first : rung * pruner.eta);
  for (let rung = pruner.first; rung < steps; rung = next(rung)) rungs.push(rung);
  return rungs;
}

/**
 * Returns what the trials of a round train next.
 * @param earlier trials of earlier rounds, which have all ended
 */
export function nextSegment(
  study: PrunedStudy,
  round: readonly ArmSpec[],
  known: ReadonlyMap<string, ArmRecord>,
  earlier: readonly ArmRecord[],
): Segment {
  const { pruner, measure } = study;
  const complete = earlier.filter(({ status, pruned }) => status === 'finished' && !pruned);
  const peers = pruner.kind === 'median' ? complete : earlier;
  const isStartup = pruner.kind === 'median' && complete.length < MIN_COMPLETE_TRIALS;
  const toValue = pruner.kind === 'median' ? bestUpToRung : valueAtRung;
  const pruned: ArmRecord[] = [];
  let alive = [...round];
  for (const rung of isStartup ? [] : computeRungs(study)) {
    const arms = alive.filter(({ name }) => !hasReached(known.get(name), rung));
    if (arms.length > 0) return { arms, until: new Map(arms.map(({ name }) => [name, rung])), pruned };
    const records = alive.map(({ name }) => known.get(name) as ArmRecord);
    const others = peers.filter((record) => hasReached(record, rung));
    const values = records.map((record) => toValue(record, measure, rung));
    const limit = valueToContinue(
      pruner,
      values,
      others.map((record) => valueAtRung(record, measure, rung)),
    );
    const stopped = records.filter((_, i) => (values[i] as number) < limit);
    pruned.push(...stopped.filter((record) => !isOver(record)).map((record) => prunedAt(rung, record)));
    alive = alive.filter((_, i) => !((values[i] as number) < limit));
  }
  return { arms: alive.filter(({ name }) => !isOver(known.get(name))), until: new Map(), pruned };
}

/** Returns whether a trial is at a rung or beyond it, or has diverged. */
function hasReached(record: ArmRecord | undefined, rung: number): boolean {
  return record !== undefined && (lastStep(record) >= rung || record.divergence !== undefined);
}

/** Returns the value at a rung; −∞ if nothing was measured. */
function valueAtRung(record: ArmRecord, measure: string, rung: number): number {
  const value = valueUpTo(record, measure, rung);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

function bestUpToRung(record: ArmRecord, measure: string, rung: number): number {
  const { step = [], value = [] } = record.series[measure] ?? {};
  const last = valueAtRung(record, measure, rung);
  if (last === Number.NEGATIVE_INFINITY) return last;
  return Math.max(last, ...value.filter((each, i) => (step[i] as number) <= rung && !Number.isNaN(each)));
}

/** Returns the smallest value with which a trial continues. As in Optuna, trials that tie with it continue too. */
function valueToContinue(pruner: PrunerSpec, values: readonly number[], others: readonly number[]): number {
  if (pruner.kind === 'median') return median(others);
  if (pruner.kind === 'none') return Number.NEGATIVE_INFINITY;
  const all = ranked([...others, ...values].map((value) => ({ value })));
  return all[Math.max(1, Math.floor(all.length / pruner.eta)) - 1]?.value ?? Number.NEGATIVE_INFINITY;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => Number(a > b) - Number(a < b));
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1] as number, sorted[sorted.length >> 1] as number];
  return lower === upper ? lower : (lower + upper) / 2;
}

/** Has the order of keys that a journal gives, so that a resumed run has the same bytes. */
function prunedAt(step: number, { digest, ...rest }: ArmRecord): ArmRecord {
  return { ...rest, status: 'finished', pruned: { step }, digest };
}
