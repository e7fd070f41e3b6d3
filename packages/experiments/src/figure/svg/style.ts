// Colors and symbols of the curves of a figure.
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
import { cyclic, palettes, symbols, type Theme } from '../theme.ts';
import { type Attributes, element, round } from './markup.ts';

type SymbolName = (typeof symbols)[number];

export interface Style {
  readonly lang: Lang;
  readonly palette: (typeof palettes)[Theme];
  /** Color and symbol of a curve, by the index of its name in the figure. */
  readonly color: (name: string) => string;
  readonly symbol: (name: string) => SymbolName;
}

export function createStyle(figure: Figure, lang: Lang, theme: Theme): Style {
  const names = curveNames(figure);
  const palette = palettes[theme];
  return {
    lang,
    palette,
    color: (name) => cyclic(palette.curves, names.indexOf(name)),
    symbol: (name) => cyclic(symbols, names.indexOf(name)),
  };
}

/** The content of a panel: behind everything, clipped at the frame, and in front without clipping. */
export interface PanelContent {
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

/** Symbols that consist of lines. */
const lineSymbols: ReadonlySet<SymbolName> = new Set(['times', 'plus']);

/** Draws a symbol at each of some pixels, with the area of a circle of radius `r`. */
export function drawSymbols(
  name: SymbolName,
  points: readonly (readonly [x: number, y: number])[],
  { r, color, rim }: { r: number; color: string; rim?: string },
): string {
  const d = symbol(shapes[name], Math.PI * r * r).digits(2)() as string;
  const look: Attributes = lineSymbols.has(name)
    ? { fill: 'none', stroke: color, 'stroke-width': 1.5 }
    : { fill: color, stroke: rim, 'stroke-width': rim && 0.75 };
  const paths = points.map(([x, y]) => element('path', { d, transform: `translate(${round(x)},${round(y)})` }));
  return element('g', look, ...paths);
}
