// Colors and symbols of curves. The colors suit color-blind readers, and each curve also has its own symbol.

/** Light or dark background. */
export type Theme = 'light' | 'dark';

interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  /** Colors of the lowest and the highest contour. */
  readonly ground: readonly [low: string, high: string];
  readonly contour: string;
  readonly curves: readonly string[];
}

/** Colors by theme. Curves: the palette of Okabe and Ito (2008), ordered for contrast between neighbors, in lighter tones on dark. */
export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    background: '#ffffff',
    text: '#1f2328',
    muted: '#59636e',
    grid: '#e4e7eb',
    ground: ['#ffffff', '#dfe6ee'],
    contour: '#b4c0cd',
    curves: ['#0072b2', '#d55e00', '#009e73', '#b0568c', '#a87400', '#3a9bd9', '#1f2328'],
  },
  dark: {
    background: '#12161c',
    text: '#e6eaef',
    muted: '#9aa5b1',
    grid: '#29303a',
    ground: ['#12161c', '#2a3542'],
    contour: '#48566a',
    curves: ['#5db5ec', '#f0883e', '#2ac79a', '#dd92bf', '#e6b422', '#9fd3f5', '#e6eaef'],
  },
};

/** Returns CSS that gives an SVG in light colors the dark ones where the reader's system is dark. */
export function darkSchemeCss(): string {
  const toList = ({ ground, curves, ...others }: Palette) => [...Object.values<string>(others), ...ground, ...curves];
  const dark = toList(palettes.dark);
  const pairs = new Map(toList(palettes.light).map((color, i) => [color, dark[i]]));
  const rules = [...pairs].flatMap(([light, color]) =>
    ['fill', 'stroke', 'color'].map((name) => `[${name}="${light}"]{${name}:${color}}`),
  );
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`;
}

/** Symbols of curves, by their names in d3-shape. */
export const symbols = ['circle', 'triangle', 'square', 'diamond', 'star', 'times', 'plus'] as const;

/** The same symbols as characters. */
export const symbolCharacters = ['●', '▲', '■', '◆', '★', '×', '+'] as const;

/** The most similar colors of a terminal: cyan, yellow, green, magenta, red, blue, the default color. */
export const terminalColors = [36, 33, 32, 35, 31, 34, 39] as const;

/** Returns the n-th element of a list that repeats. */
export function cyclic<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}
