// The finished runs of this visit. They are drawn behind the current run and survive navigation.
import type { RunRecord } from '@descent/experiments';
import { computed, signal } from '@preact/signals';
import { record } from './session.ts';

/** The records of a run: one, or one per seed. */
export type KeptRun = readonly [RunRecord, ...RunRecord[]];

/** Limits of all kept runs. */
const MAX_BYTES = 128e6;
const MAX_RUNS = 40;
/** Runs that are drawn behind the current one. */
const MAX_GHOSTS = 3;

/** The finished seeds of the shown run; empty for a run of one seed. */
export const seedRecords = signal<readonly RunRecord[]>([]);
/** Oldest first. */
const keptRuns = signal<readonly KeptRun[]>([]);
/** The run with which all others are compared. */
const pinned = signal('');

/** Returns what identifies a run: its settings and its first seed. */
export function keyOf([first]: KeptRun): string {
  const { experiment, options, seed, data } = first;
  return JSON.stringify([experiment, options, seed, data.sha256]);
}

/** Keeps a run in place of one with the same settings, unless that one has more seeds. */
export function keepRun(run: KeptRun): void {
  if (keptRuns.value.some((other) => keyOf(other) === keyOf(run) && other.length > run.length)) return;
  const others = keptRuns.value.filter((other) => keyOf(other) !== keyOf(run));
  keptRuns.value = limitRuns([...others, run]);
}

/** Drops the oldest runs, but neither the newest nor the baseline, until the others fit. */
function limitRuns(runs: readonly KeptRun[]): readonly KeptRun[] {
  const bytes = runs.reduce((sum, run) => sum + run.reduce((total, each) => total + getBytes(each), 0), 0);
  if (bytes <= MAX_BYTES && runs.length <= MAX_RUNS) return runs;
  const oldest = runs.findIndex((run, i) => i < runs.length - 1 && keyOf(run) !== pinned.value);
  return oldest < 0 ? runs : limitRuns(runs.toSpliced(oldest, 1));
}

function getBytes({ arms }: RunRecord): number {
  const lists = arms.flatMap(({ series, histograms = {} }) => [
    ...Object.values(series).flatMap(({ step, value }) => [step, value]),
    ...Object.values(histograms).map(({ counts }) => counts),
  ]);
  return lists.reduce((sum, { length }) => sum + 8 * length, 0);
}

export function removeRun(run: KeptRun): void {
  keptRuns.value = keptRuns.value.filter((other) => other !== run);
}

/** Makes a run the baseline, or releases it. */
export function togglePin(run: KeptRun): void {
  pinned.value = isPinned(run) ? '' : keyOf(run);
}

export function isPinned(run: KeptRun): boolean {
  return pinned.value === keyOf(run);
}

/** The kept runs of the shown experiment without the shown one, newest first. */
export const earlierRuns = computed((): readonly KeptRun[] => {
  const shown = seedRecords.value[0] ?? record.value;
  if (!shown) return [];
  const key = keyOf([shown]);
  const isOther = (run: KeptRun) => run[0].experiment === shown.experiment && keyOf(run) !== key;
  return keptRuns.value.filter(isOther).reverse();
});

/** The runs to draw behind the shown one: the baseline, or the newest. */
export const ghostRuns = computed((): readonly KeptRun[] => {
  const baseline = earlierRuns.value.filter(isPinned);
  return baseline.length > 0 ? baseline : earlierRuns.value.slice(0, MAX_GHOSTS);
});

/** Returns the newest kept run of an experiment, or the one with the settings of a record. */
export function findKept(experiment: string, settings?: Pick<RunRecord, 'options' | 'seed'>): KeptRun | undefined {
  const isSame = ([{ options, seed }]: KeptRun) =>
    !settings || (seed === settings.seed && JSON.stringify(options) === JSON.stringify(settings.options));
  return keptRuns.value.findLast((run) => run[0].experiment === experiment && isSame(run));
}
