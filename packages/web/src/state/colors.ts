// The color scheme: light, dark, or the one of the operating system.
import type { Theme } from '@descent/experiments/svg';
import { computed, effect, signal } from '@preact/signals';
import { getStored, setStored } from './stored.ts';

export const colorChoices = ['auto', 'light', 'dark'] as const;
export type ColorChoice = (typeof colorChoices)[number];

const system = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(system.matches);
system.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches;
});

const chosenBefore = colorChoices.find((choice) => choice === getStored('colors'));

export const colors = signal<ColorChoice>(chosenBefore ?? 'auto');

/** The theme of all figures. */
export const theme = computed<Theme>(() => {
  if (colors.value !== 'auto') return colors.value;
  return systemIsDark.value ? 'dark' : 'light';
});

export function startColors(): void {
  effect(() => {
    document.documentElement.dataset.colors = colors.value;
    setStored('colors', colors.value);
  });
}
