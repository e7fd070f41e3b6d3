// Layout of a figure in pixels, for the SVG renderer and for the page, which finds the value at a pointer position.
import { curveName } from '../../record/measure-name.ts';
import type { Lang } from '../../text.ts';
import { type BarPanel, type Figure, isCompact, legendNames, type Panel } from '../figure.ts';
import { axisRange, fractionAt } from '../scale.ts';
import { textWidth } from './markup.ts';

/** The width for which `columns` of a figure are meant. */
const WIDTH = 760;
export const MARGIN = 16;
const TITLE_HEIGHT = 38;
export const TITLE_LINE = 19;
/** Approximate width of a letter of the title. */
const TITLE_LETTER = 9;
const LEGEND_HEIGHT = 28;
const LEGEND_LINE = 20;

/** What decides the positions in a figure. */
export interface LayoutOptions {
  /** Width in pixels. A narrower figure has fewer columns of panels. Default 760. */
  readonly width?: number;
  /** Default 'en'. */
  readonly lang?: Lang;
  /**
   * Whether the figure shows a race: the legend is in the order of the ranking, and a ball is at the end of each curve that
   * has not reached the end of its axis. Default false.
   */
  readonly isLive?: boolean;
}

/** The area of a panel between its axes. */
export interface Frame {
  /** Pixels from the left edge of the figure. */
  readonly left: number;
  /** Pixels from the upper edge of the figure. */
  readonly top: number;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Values at the left and at the right side. */
  readonly x: readonly [low: number, high: number];
  /** Values at the lower and at the upper side. */
  readonly y: readonly [low: number, high: number];
  /** Which axes are logarithmic. */
  readonly logs: { readonly x: boolean; readonly y: boolean };
  /** Sides with labels: numbers of the y axis (left), the x axis (bottom), the label of the y axis (top). */
  readonly labels: { readonly left: boolean; readonly bottom: boolean; readonly top: boolean };
  /** Whether the panel is one of many small ones that share the labels of their axes. */
  readonly isCompact: boolean;
}

/** Positions of the parts of a figure, in pixels from its upper left corner. */
export interface Layout {
  /** In pixels. */
  readonly width: number;
  /** Depends on the panels. */
  readonly height: number;
  /** The title in lines. */
  readonly title: readonly string[];
  /** The curves of the legend, with the vertical center of each; empty if the figure needs none. */
  readonly legend: readonly LegendEntry[];
  /** In the order of the panels. */
  readonly frames: readonly Frame[];
}

/** A curve in a legend. */
export interface LegendEntry {
  /** Name of the curve. */
  readonly name: string;
  /** Its name in the language of the figure, with its place if the figure shows a race. */
  readonly label: string;
  /** The left end, in pixels. */
  readonly x: number;
  /** The vertical center, in pixels. */
  readonly y: number;
}

/** Computes the positions at which `renderSvg` draws a figure. */
export function layoutFigure(figure: Figure, options: LayoutOptions = {}): Layout {
  const { width = WIDTH, lang = 'en' } = options;
  const title = splitTitle(figure.title[lang], width);
  const titleHeight = TITLE_HEIGHT + TITLE_LINE * (title.length - 1);
  const legend = placeLegend(figure, titleHeight + LEGEND_HEIGHT / 2, options);
  const row = isCompact(figure) ? compactRow : spaciousRow;
  const columns = Math.max(1, Math.round((figure.columns * width) / WIDTH));
  const frames: Frame[] = [];
  let y = Math.max(titleHeight, ...legend.map((entry) => entry.y + LEGEND_HEIGHT / 2));
  for (let start = 0; start < figure.panels.length; start += columns) {
    const placed = row({ panels: figure.panels, columns, width }, start, y);
    frames.push(...placed);
    y = Math.max(...placed.map(({ top, height, labels }) => top + height + (labels.bottom ? 48 : GAP)));
  }
  return { width, height: y, title, legend, frames };
}

/** Splits a title into lines at spaces. */
function splitTitle(title: string, width: number): string[] {
  const room = (width - 2 * MARGIN) / TITLE_LETTER;
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Places the legend in a row or, if it is too wide, in as many equal columns as fit. */
function placeLegend(figure: Figure, y: number, { width = WIDTH, lang = 'en', isLive = false }: LayoutOptions) {
  const names = legendNames(figure);
  const ranking = isLive ? (figure.ranking ?? []) : [];
  const hasPlaces = names.length > 0 && ranking.length === names.length;
  const ordered = hasPlaces ? ranking.map(({ name }) => name) : names;
  const labels = ordered.map((name, i) => `${hasPlaces ? `${i + 1}. ` : ''}${curveName(name, lang)}`);
  const widths = labels.map((label) => 56 + 8 * textWidth(label));
  const total = widths.reduce((sum, each) => sum + each, 0);
  // The space after the last label may be beyond the margin.
  const isRow = total - 28 <= width - 2 * MARGIN;
  const cell = Math.max(0, ...widths);
  const perRow = Math.max(1, Math.floor((width - 2 * MARGIN + 28) / cell));
  let left = MARGIN;
  return ordered.map((name, i): LegendEntry => {
    const x = isRow ? left : MARGIN + cell * (i % perRow);
    left += widths[i] as number;
    return { name, label: labels[i] as string, x, y: isRow ? y : y + LEGEND_LINE * Math.floor(i / perRow) };
  });
}

interface Grid {
  readonly panels: readonly Panel[];
  readonly columns: number;
  readonly width: number;
}

/** Places panels with labels on all sides. */
function spaciousRow({ panels, columns, width }: Grid, start: number, y: number): Frame[] {
  const outer = (width - MARGIN * (columns + 1)) / columns;
  const labels = { left: true, bottom: true, top: true };
  return panels.slice(start, start + columns).map((panel, i) => {
    const place = {
      left: MARGIN + i * (outer + MARGIN) + 46,
      top: y + (panel.title ? 46 : 26),
      width: outer - 46 - 20,
    };
    return { ...place, ...rangesAndHeight(panel, place.width), labels, isCompact: false };
  });
}

/** Space for the numbers of the y axis at the left of a row, and between panels. */
const GUTTER = 36;
const GAP = 10;

/** Places small panels close together, with numbers only at the left of a row and below the lowest panel of a column. */
function compactRow({ panels, columns, width: outer }: Grid, start: number, y: number): Frame[] {
  const width = (outer - 2 * MARGIN - GUTTER - GAP * (columns - 1)) / columns;
  const top = y + (start === 0 ? 36 : 20);
  return panels.slice(start, start + columns).map((panel, i) => {
    const left = MARGIN + GUTTER + i * (width + GAP);
    const labels = { left: i === 0, bottom: start + i + columns >= panels.length, top: start + i === 0 };
    return { left, top, width, ...rangesAndHeight(panel, width), labels, isCompact: true };
  });
}

function rangesAndHeight(panel: Panel, width: number): Pick<Frame, 'x' | 'y' | 'logs' | 'height'> {
  const [x, y] = [axisRange(panel, 'x'), axisRange(panel, 'y')];
  const logs = { x: panel.x.isLog === true, y: panel.y.isLog === true };
  if (panel.kind === 'bar') return { x, y, logs, height: Math.max(1, panel.y.names.length) * groupHeight(panel) };
  const height = panel.kind === 'path' ? mapHeight(width, x, y) : Math.round(Math.min(340, width * 0.75));
  return { x, y, logs, height };
}

/** Heights of a name, of each bar below it, and of the gap to the next name. */
export const BAR = { name: 18, height: 9, gap: 8 };

export function groupHeight({ curves }: BarPanel): number {
  return BAR.name + BAR.height * curves.length + BAR.gap;
}

/** Returns the height at which both axes have the same scale, within limits. */
function mapHeight(width: number, [left, right]: readonly number[], [low, high]: readonly number[]): number {
  const height = (width * ((high as number) - (low as number))) / ((right as number) - (left as number));
  return Math.round(Math.min(320, Math.max(130, height)));
}

/** A value so many widths beyond the frame has no exact pixel: 1e308 would have an infinite one. */
const MAX_WIDTHS = 1e6;

/** Returns the pixel of a value along x. */
export function toX({ left, width, x, logs }: Frame, value: number): number {
  return left + width * Math.min(MAX_WIDTHS, fractionAt(x, value, logs.x));
}

/** Returns the value at a pixel along x, on a linear axis. */
export function fromX({ left, width, x: [low, high] }: Frame, pixel: number): number {
  return low + ((high - low) * (pixel - left)) / width;
}

/** Returns the value at a pixel along y, on a linear axis. */
export function fromY({ top, height, y: [low, high] }: Frame, pixel: number): number {
  return high - ((high - low) * (pixel - top)) / height;
}

/** Returns the pixel of a value along y. Pixels count downwards. */
export function toY({ top, height, y, logs }: Frame, value: number): number {
  return top + height - height * fractionAt(y, value, logs.y);
}
