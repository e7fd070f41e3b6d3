// Layout of a figure in pixels, for the SVG renderer and for the page, which finds the value at a pointer position.
import { type BarPanel, type Figure, isCompact, legendNames, type Panel } from '../figure.ts';
import { axisRange, fractionAt } from '../scale.ts';

const WIDTH = 760;
export const MARGIN = 16;
const TITLE_HEIGHT = 38;
const LEGEND_HEIGHT = 28;

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
  /** The same for every figure. */
  readonly width: number;
  /** Depends on the panels. */
  readonly height: number;
  /** The vertical center of the legend, if there is one. */
  readonly legend?: number;
  /** In the order of the panels. */
  readonly frames: readonly Frame[];
}

/** Computes the positions at which `renderSvg` draws a figure. */
export function layoutFigure(figure: Figure): Layout {
  const hasLegend = legendNames(figure).length > 0;
  const row = isCompact(figure) ? compactRow : spaciousRow;
  const frames: Frame[] = [];
  let y = TITLE_HEIGHT + (hasLegend ? LEGEND_HEIGHT : 0);
  for (let start = 0; start < figure.panels.length; start += figure.columns) {
    const placed = row(figure, start, y);
    frames.push(...placed);
    y = Math.max(...placed.map(({ top, height, labels }) => top + height + (labels.bottom ? 48 : GAP)));
  }
  return { width: WIDTH, height: y, ...(hasLegend && { legend: TITLE_HEIGHT + LEGEND_HEIGHT / 2 }), frames };
}

/** Places panels with labels on all sides. */
function spaciousRow({ panels, columns }: Figure, start: number, y: number): Frame[] {
  const outer = (WIDTH - MARGIN * (columns + 1)) / columns;
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
function compactRow({ panels, columns }: Figure, start: number, y: number): Frame[] {
  const width = (WIDTH - 2 * MARGIN - GUTTER - GAP * (columns - 1)) / columns;
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

/** Returns the pixel of a value along x. */
export function toX({ left, width, x, logs }: Frame, value: number): number {
  return left + width * fractionAt(x, value, logs.x);
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
