// Runs over several seeds: one run after the other, as `descent run --seeds` does. Keeps every finished run.
import { isComplete, type RunRecord } from '@descent/experiments';
import { effect, signal, untracked } from '@preact/signals';
import { type KeptRun, keepRun, keyOf, seedRecords } from './kept-runs.ts';
import type { PageState } from './link.ts';
import { type ExpectedResult, phase, record, showRecord, start } from './session.ts';

export const SEEDS = 5;

/** The seed that is trained, counted from 1; 0 if no run over seeds is in progress. */
export const seedInProgress = signal(0);

let plan: PageState | undefined;
let isStarting = false;

export function startSeeds(): void {
  effect(() => {
    const at = phase.value;
    if (isStarting) return;
    untracked(() => {
      if (at === 'idle') queueMicrotask(clearIfIdle);
      if (at === 'loading') stopSeeds();
      if (at === 'running' && !plan) seedRecords.value = [];
      if (at === 'done') onDone();
    });
  });
}

/** A new run is idle for a moment. The figures of the last one stay until it has some. */
function clearIfIdle(): void {
  if (phase.value !== 'idle') return;
  stopSeeds();
  seedRecords.value = [];
}

function stopSeeds(): void {
  plan = undefined;
  seedInProgress.value = 0;
}

/** Runs the experiment with `SEEDS` consecutive seeds. A finished run with the first of them is used. */
export function runSeeds(first: PageState, expected?: ExpectedResult): void {
  const shown = phase.value === 'done' && seedRecords.value.length === 0 ? record.value : undefined;
  seedRecords.value = [];
  plan = first;
  const { experiment, options, seed } = first;
  const wanted = { experiment: experiment.name, options, seed, data: shown?.data };
  if (shown && isComplete(shown) && keyOf([shown]) === keyOf([wanted as RunRecord])) addSeed(shown);
  else startSeed(0, expected);
}

function startSeed(index: number, expected?: ExpectedResult): void {
  if (!plan) return;
  seedInProgress.value = index + 1;
  // Starting passes through the phases that clear the seeds.
  isStarting = true;
  void start({ ...plan, seed: plan.seed + index }, expected);
  isStarting = false;
}

function onDone(): void {
  const shown = record.value;
  if (!shown || !isComplete(shown)) return;
  if (plan) addSeed(shown);
  else if (!seedRecords.value.includes(shown)) {
    seedRecords.value = [];
    keepRun([shown]);
  }
}

function addSeed(finished: RunRecord): void {
  seedRecords.value = [...seedRecords.value, finished];
  keepRun(seedRecords.value as unknown as KeptRun);
  const { length } = seedRecords.value;
  // Not within the effect that found the last seed done.
  if (length < SEEDS) queueMicrotask(() => startSeed(length));
  else stopSeeds();
}

/** Shows a kept run again. */
export function showKept(run: KeptRun): void {
  showRecord(run[0]);
  seedRecords.value = run.length > 1 ? run : [];
}
