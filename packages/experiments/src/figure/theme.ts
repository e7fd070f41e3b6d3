// How figures look: colors that color-blind readers can tell apart, with a marker for each so that color is never alone.

/** Colors on a light or on a dark ground. */
export type Theme = 'light' | 'dark';

interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  /** Low to high ground of a contour plot. */
  readonly ground: readonly [low: string, high: string];
  readonly contour: string;
  readonly curves: readonly string[];
}

/** Curves: the palette of Okabe and Ito (2008), in an order that keeps neighbors apart; lighter tones of it on dark. */
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

/** The symbol of the n-th curve, by Plot's names. */
export const symbols = ['circle', 'triangle', 'square', 'diamond', 'star', 'times', 'plus'] as const;

/** The same symbols as characters. */
export const signs = ['●', '▲', '■', '◆', '★', '×', '+'] as const;

/** The colors of a terminal that come nearest: cyan, yellow, green, magenta, red, blue, the text's own. */
export const inks = [36, 33, 32, 35, 31, 34, 39] as const;

/** The n-th of a list that begins anew when it ends. */
export function nth<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}
