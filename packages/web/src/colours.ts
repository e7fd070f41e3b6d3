// Light or dark: as the system has it, or as the reader wants it.
import type { Theme } from '@descent/experiments/svg';
import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from './memory.ts';

export const colourChoices = ['auto', 'light', 'dark'] as const;
export type ColourChoice = (typeof colourChoices)[number];

const system = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(system.matches);
system.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches;
});

const chosenBefore = colourChoices.find((choice) => choice === recall('colours'));

export const colours = signal<ColourChoice>(chosenBefore ?? 'auto');

/** What figures are drawn in. */
export const theme = computed<Theme>(() => {
  if (colours.value !== 'auto') return colours.value;
  return systemIsDark.value ? 'dark' : 'light';
});

export function startColours(): void {
  effect(() => {
    document.documentElement.dataset.colours = colours.value;
    remember('colours', colours.value);
  });
}
