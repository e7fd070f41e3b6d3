// Plays a run from its first step to its last, with the scrubber.
import { effect, signal, untracked } from '@preact/signals';
import { isHeld } from './drag-point.ts';
import { scrubTo, shownStep } from './inspector.ts';
import { experiment } from './page-state.ts';
import { phase, record } from './session.ts';
import { getLastStep } from './truncate.ts';

/** Seconds from the first step to the last at speed 1. */
const SECONDS = 3;
export const speeds = [0.25, 0.5, 1, 2] as const;
export const speed = signal<number>(1);
export const isPlaying = signal(false);

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** Plays from the shown step; from the beginning if that is the last one. */
export function play(): void {
  const played = record.peek();
  if (!played) return;
  const end = getLastStep(played);
  if (reducedMotion.matches) {
    scrubTo(end);
    return;
  }
  let at = shownStep.peek() < end ? shownStep.peek() : 0;
  let before = performance.now();
  const draw = (now: number) => {
    if (!isPlaying.peek()) return;
    if (record.peek() !== played) return stopPlayback();
    at += (Math.max(0, now - before) * speed.peek() * end) / (1000 * SECONDS);
    before = now;
    // Balls also move between steps.
    scrubTo(Math.min(end, experiment.peek()?.point ? at : Math.floor(at)));
    if (at < end) requestAnimationFrame(draw);
    else stopPlayback();
  };
  isPlaying.value = true;
  scrubTo(at);
  requestAnimationFrame(draw);
}

/** Stops at a whole step. */
export function stopPlayback(): void {
  if (isPlaying.peek()) scrubTo(Math.floor(shownStep.peek()));
  isPlaying.value = false;
}

/** Plays each new run of an experiment whose arms need no time: its end alone would show no motion. */
export function startPlayback(): void {
  effect(() => {
    const isDone = phase.value === 'done' && record.value !== undefined && !isHeld.value;
    untracked(() => {
      stopPlayback();
      if (isDone && experiment.value?.point && !reducedMotion.matches) play();
    });
  });
}
