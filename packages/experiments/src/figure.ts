// Figures as data: a grid of panels, drawn from records only; `render-svg.ts` and `render-terminal.ts` turn them into pictures.
import type { SurfaceName } from './surface.ts';
import type { Text } from './text.ts';

/** One axis; the label carries the unit where there is one. */
export interface Axis {
  readonly label: Text;
  /** Default: what the data span, from zero where they are all positive. */
  readonly domain?: readonly [low: number, high: number];
}

/** A curve. Its colour, dash and marker follow from `name`'s place among the names of the figure. */
export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** A raw curve is drawn faint, behind the smooth one of the same name. */
  readonly role: 'raw' | 'smooth';
}

export interface LinePanel {
  readonly kind: 'line';
  readonly title?: Text;
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly Curve[];
}

/** A way over a surface: contours below, a marker at each step, the lowest point marked. */
export interface PathPanel {
  readonly kind: 'path';
  readonly title?: Text;
  readonly x: Axis;
  readonly y: Axis;
  /** Whose contours lie below. */
  readonly surface: SurfaceName;
  readonly curves: readonly Curve[];
}

export type Panel = LinePanel | PathPanel;

export interface Figure {
  /** Unique within the experiment; fit for a file name. */
  readonly id: string;
  readonly title: Text;
  /** How to read it, in a sentence or two. */
  readonly caption: Text;
  /** Panels side by side; the rest go below. */
  readonly columns: number;
  readonly panels: readonly Panel[];
}

/** The names of a figure's curves, each once, in order of appearance: the legend. */
export function curveNames(figure: Figure): string[] {
  return [...new Set(figure.panels.flatMap((panel) => panel.curves.map((curve) => curve.name)))];
}

/** The names that need a legend: all of them, unless every panel shows one curve and is titled by it. */
export function legendOf(figure: Figure): string[] {
  const isTold = figure.panels.every(
    (panel) => panel.title && panel.curves.every(({ name }) => name === panel.title?.en),
  );
  return isTold ? [] : curveNames(figure);
}
