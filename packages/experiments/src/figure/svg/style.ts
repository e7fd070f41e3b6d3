// What marks need to know of the figure they belong to: its language, its colors, whose curve looks how.
import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolPlus,
  symbolSquare,
  symbolStar,
  symbolTimes,
  symbolTriangle,
} from 'd3-shape';
import type { Lang } from '../../text.ts';
import { curveNames, type Figure } from '../figure.ts';
import { nth, palettes, symbols, type Theme } from '../theme.ts';
import { type Attributes, element } from './markup.ts';

type SymbolName = (typeof symbols)[number];

export interface Style {
  readonly lang: Lang;
  readonly palette: (typeof palettes)[Theme];
  /** Color and symbol of a curve, by its place among the names of the figure. */
  readonly color: (name: string) => string;
  readonly symbol: (name: string) => SymbolName;
}

export function styleOf(figure: Figure, lang: Lang, theme: Theme): Style {
  const names = curveNames(figure);
  const palette = palettes[theme];
  return {
    lang,
    palette,
    color: (name) => nth(palette.curves, names.indexOf(name)),
    symbol: (name) => nth(symbols, names.indexOf(name)),
  };
}

/** What is drawn inside the axes: behind everything, cut off at the frame, and in front, over its edge where need be. */
export interface Drawn {
  readonly below: string;
  readonly clipped: string;
  readonly above?: string;
}

const shapes: Readonly<Record<SymbolName, SymbolType>> = {
  circle: symbolCircle,
  triangle: symbolTriangle,
  square: symbolSquare,
  diamond: symbolDiamond,
  star: symbolStar,
  times: symbolTimes,
  plus: symbolPlus,
};

/** These have no inside. */
const strokes: ReadonlySet<SymbolName> = new Set(['times', 'plus']);

/** Symbols of one kind at some pixels, each as large as a circle of radius `r`. */
export function marks(
  name: SymbolName,
  points: readonly (readonly [x: number, y: number])[],
  { r, color, rim }: { r: number; color: string; rim?: string },
): string {
  const d = symbol(shapes[name], Math.PI * r * r).digits(2)() as string;
  const look: Attributes = strokes.has(name)
    ? { fill: 'none', stroke: color, 'stroke-width': 1.5 }
    : { fill: color, stroke: rim, 'stroke-width': rim && 0.75 };
  const paths = points.map(([x, y]) => element('path', { d, transform: translate(x, y) }));
  return element('g', look, ...paths);
}

function translate(x: number, y: number): string {
  return `translate(${Math.round(x * 100) / 100},${Math.round(y * 100) / 100})`;
}
