// Colors and symbols of the curves of a figure.
import {
  type SymbolType,
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
  /** Whether the figure shows a race. */
  readonly isLive: boolean;
  readonly palette: (typeof palettes)[Theme];
  /** Color and symbol of a curve, by the index of its name in the figure. */
  readonly color: (name: string) => string;
  readonly symbol: (name: string) => SymbolName;
}

export function createStyle(figure: Figure, lang: Lang, theme: Theme, isLive: boolean): Style {
  const names = curveNames(figure);
  const palette = palettes[theme];
  return {
    lang,
    isLive,
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
  const d = points.map(([x, y]) => createSymbolPath(shapes[name], Math.PI * r * r, x, y)).join('');
  const look: Attributes = lineSymbols.has(name)
    ? { fill: 'none', stroke: color, 'stroke-width': 1.5 }
    : { fill: color, stroke: rim, 'stroke-width': rim && 0.75 };
  return element('g', look, element('path', { d }));
}

/** Returns the path of a symbol around a pixel. */
function createSymbolPath(type: SymbolType, size: number, x: number, y: number): string {
  let d = '';
  const to = (dx: number, dy: number) => `${round(x + dx)},${round(y + dy)}`;
  type.draw(
    {
      moveTo: (dx: number, dy: number) => (d += `M${to(dx, dy)}`),
      lineTo: (dx: number, dy: number) => (d += `L${to(dx, dy)}`),
      rect: (dx: number, dy: number, w: number, h: number) =>
        (d += `M${to(dx, dy)}h${round(w)}v${round(h)}h${round(-w)}Z`),
      // Only circles have arcs: two halves that begin at the last point.
      arc: (_dx: number, _dy: number, radius: number) => {
        const half = `a${round(radius)},${round(radius)},0,1,1,`;
        d += `${half}${round(-2 * radius)},0${half}${round(2 * radius)},0`;
      },
      closePath: () => (d += 'Z'),
    } as never,
    size,
  );
  return d;
}
