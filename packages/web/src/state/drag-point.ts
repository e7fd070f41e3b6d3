// Where an experiment has a point to drag: what is dragged or typed runs at once, the newest wish last.

import type { Experiment } from '@descent/experiments';
import { effect, signal, untracked } from '@preact/signals';
import { expected, experiment, placeAsked, typed } from './page-state.ts';
import { phase, start } from './session.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Whether the reader has changed something since the last run began. */
const isWanted = signal(false);

/** The point of an experiment goes to a place on its map, no further than its options reach. */
export function dragTo({ point, options }: Experiment, x: number, y: number): void {
  if (!point) return;
  const moved = point.map((name, i) => [name, within(options[name] as Range, i === 0 ? x : y)]);
  typed.value = { ...typed.value, ...Object.fromEntries(moved) };
}

/** Two decimals are as fine as a pointer is. */
function within({ min, max }: Range, value: number): string {
  return String(Math.round(100 * Math.min(max, Math.max(min, value))) / 100);
}

export function startPlayground(): void {
  let before = typed.value;
  effect(() => {
    const now = typed.value;
    const isSameForm = Object.keys(now).length > 0 && Object.keys(now).every((name) => name in before);
    const hasChanged = Object.keys(now).some((name) => now[name] !== before[name]);
    before = now;
    // A form that has just been opened is not a wish.
    if (isSameForm && hasChanged && untracked(() => experiment.value?.point && phase.value !== 'idle')) {
      isWanted.value = true;
    }
  });
  effect(() => {
    if (!isWanted.value || phase.value === 'running' || phase.value === 'loading') return;
    untracked(() => {
      isWanted.value = false;
      const place = placeAsked();
      if (!place) return;
      expected.value = undefined;
      void start(place);
    });
  });
}
