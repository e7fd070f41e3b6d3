// Reruns an experiment with a draggable start point as soon as a setting changes. Only the newest change is run.

import type { Experiment } from '@descent/experiments';
import { effect, signal, untracked } from '@preact/signals';
import { expected, experiment, formValues, getRequestedState } from './page-state.ts';
import { isBusy, phase, start } from './session.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Whether the start is being moved. Its maps keep their axes meanwhile. */
export const isHeld = signal(false);

/** Whether a setting has changed since the last run started. */
const isRunRequested = signal(false);

/** Moves the start point of an experiment to (x, y), clamped to the ranges of its two options. */
export function dragTo({ point, options }: Experiment, x: number, y: number): void {
  if (!point) return;
  const moved = point.map((name, i) => [name, clampToRange(options[name] as Range, i === 0 ? x : y)]);
  formValues.value = { ...formValues.value, ...Object.fromEntries(moved) };
}

/** Rounds to two decimals: a pointer is not more precise. */
function clampToRange({ min, max }: Range, value: number): string {
  return String(Math.round(100 * Math.min(max, Math.max(min, value))) / 100);
}

export function startDragRuns(): void {
  let before = formValues.value;
  effect(() => {
    const now = formValues.value;
    const isSameForm = Object.keys(now).length > 0 && Object.keys(now).every((name) => name in before);
    const hasChanged = Object.keys(now).some((name) => now[name] !== before[name]);
    before = now;
    // A form that has just been opened is not a change.
    if (
      isSameForm &&
      hasChanged &&
      untracked(() => experiment.value?.point && (phase.value !== 'idle' || isHeld.value))
    ) {
      isRunRequested.value = true;
    }
  });
  effect(() => {
    if (!isRunRequested.value || isBusy.value) return;
    untracked(() => {
      isRunRequested.value = false;
      const place = getRequestedState();
      if (!place) return;
      expected.value = undefined;
      void start(place);
    });
  });
}
