// Where everything of a figure stands, in pixels: what the renderer draws by, and a page finds the value under a pointer by.
import { fractionAt, rangeOf } from '../extent.ts';
import { type BarPanel, type Figure, isCompact, legendOf, type Panel } from '../figure.ts';

/** A figure is as wide whatever it shows. */
const WIDTH = 760;
export const MARGIN = 16;
const TITLE_HEIGHT = 38;
const LEGEND_HEIGHT = 28;

/** Which sides of a panel have labels. */
export interface LabelledSides {
  /** Numbers of the y axis. */
  readonly left: boolean;
  /** Numbers of the x axis. */
  readonly bottom: boolean;
  /** What is measured, upwards. */
  readonly top: boolean;
}

/** Which axes are logarithmic. */
export interface LogAxes {
  /** To the right. */
  readonly x: boolean;
  /** Upwards. */
  readonly y: boolean;
}

/** The area of a panel inside its axes, and what it spans. */
export interface Frame {
  /** Pixels from the left edge of the figure. */
  readonly left: number;
  /** Pixels from its upper edge. */
  readonly top: number;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Values at the left and at the right side. */
  readonly x: readonly [low: number, high: number];
  /** Values at the lower and at the upper side. */
  readonly y: readonly [low: number, high: number];
  /** Axes on which numbers are spaced by their logarithms. */
  readonly logs: LogAxes;
  /** Which sides have numbers, and whether what is measured is named above: in a compact figure the outer ones only. */
  readonly labels: LabelledSides;
  /** Whether it is one of many small ones, which share the labels of their axes. */
  readonly isCompact: boolean;
}

/** Where everything of a figure stands, in pixels from its upper left corner. */
export interface Layout {
  /** The same for every figure. */
  readonly width: number;
  /** As much as the panels need. */
  readonly height: number;
  /** The middle of the row of names; missing where there is none. */
  readonly legend?: number;
  /** In the order of the panels. */
  readonly frames: readonly Frame[];
}

/** Where `renderSvg` puts everything. */
export function layoutOf(figure: Figure): Layout {
  const hasLegend = legendOf(figure).length > 0;
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

function spaciousRow({ panels, columns }: Figure, start: number, y: number): Frame[] {
  const outer = (WIDTH - MARGIN * (columns + 1)) / columns;
  const labels = { left: true, bottom: true, top: true };
  return panels.slice(start, start + columns).map((panel, i) => {
    const place = {
      left: MARGIN + i * (outer + MARGIN) + 46,
      top: y + (panel.title ? 46 : 26),
      width: outer - 46 - 20,
    };
    return { ...place, ...spanOf(panel, place.width), labels, isCompact: false };
  });
}

/** Room for the numbers of the y axis at the left of a row, and between panels. */
const GUTTER = 36;
const GAP = 10;

/** Panels close together: numbers stand at the left of a row and below the lowest panel of a column only. */
function compactRow({ panels, columns }: Figure, start: number, y: number): Frame[] {
  const width = (WIDTH - 2 * MARGIN - GUTTER - GAP * (columns - 1)) / columns;
  const top = y + (start === 0 ? 36 : 20);
  return panels.slice(start, start + columns).map((panel, i) => {
    const left = MARGIN + GUTTER + i * (width + GAP);
    const labels = { left: i === 0, bottom: start + i + columns >= panels.length, top: start + i === 0 };
    return { left, top, width, ...spanOf(panel, width), labels, isCompact: true };
  });
}

function spanOf(panel: Panel, width: number): Pick<Frame, 'x' | 'y' | 'logs' | 'height'> {
  const [x, y] = [rangeOf(panel, 'x'), rangeOf(panel, 'y')];
  const logs = { x: panel.x.isLog === true, y: panel.y.isLog === true };
  if (panel.kind === 'bar') return { x, y, logs, height: Math.max(1, panel.y.names.length) * slotOf(panel) };
  const height = panel.kind === 'path' ? mapHeight(width, x, y) : Math.round(Math.min(340, width * 0.75));
  return { x, y, logs, height };
}

/** A name, the bars below it, and the space to the next name. */
export const BAR = { name: 18, height: 9, gap: 8 };

export function slotOf({ curves }: BarPanel): number {
  return BAR.name + BAR.height * curves.length + BAR.gap;
}

/** Equal scales on both axes, so that angles are true, unless the map would become a ribbon or a tower. */
function mapHeight(width: number, [left, right]: readonly number[], [low, high]: readonly number[]): number {
  const height = (width * ((high as number) - (low as number))) / ((right as number) - (left as number));
  return Math.round(Math.min(320, Math.max(130, height)));
}

/** The pixel of a value along x. */
export function toX({ left, width, x, logs }: Frame, value: number): number {
  return left + width * fractionAt(x, value, logs.x);
}

/** The value at a pixel along x, which is not logarithmic. */
export function fromX({ left, width, x: [low, high] }: Frame, pixel: number): number {
  return low + ((high - low) * (pixel - left)) / width;
}

/** The value at a pixel along y, which is not logarithmic. */
export function fromY({ top, height, y: [low, high] }: Frame, pixel: number): number {
  return high - ((high - low) * (pixel - top)) / height;
}

/** The pixel of a value along y, which grows downwards. */
export function toY({ top, height, y, logs }: Frame, value: number): number {
  return top + height - height * fractionAt(y, value, logs.y);
}
