// Figures as data: a grid of panels, drawn from records only; `render-svg.ts` and `render-terminal.ts` turn them into pictures.

import type { Lang, Text } from '../text.ts';
import type { SurfaceName } from '../training/surface.ts';

/** One axis; the label carries the unit where there is one. */
export interface Axis {
  /** In words, with the unit in brackets where there is one. */
  readonly label: Text;
  /** Default: what the data span, from zero where they are all positive. */
  readonly domain?: readonly [low: number, high: number];
  /** What stands at 0, 1, 2 and so on, in place of numbers. */
  readonly names?: readonly (string | Text)[];
  /** Whether only whole numbers stand there. */
  readonly isWhole?: boolean;
  /** Whether numbers, all of them above 0, are spaced by their logarithms. */
  readonly isLog?: boolean;
}

/** What stands at a place of an axis of names. */
export function nameAt({ names }: Axis, place: number, lang: Lang): string | undefined {
  const name = names?.[place];
  return typeof name === 'object' ? name[lang] : name;
}

/** A curve. Its color, dash and marker follow from `name`'s place among the names of the figure. */
export interface Curve {
  /** Plain, as files have it; curves of one name share color and marker in all panels. `curveName` says it in a language. */
  readonly name: string;
  /** What it is of, where several have one name. */
  readonly of?: string;
  /** As many as `y`. */
  readonly x: readonly number[];
  /** NaN and ±Infinity leave a gap. */
  readonly y: readonly number[];
  /** A raw curve is drawn faint, behind the smooth ones; points are not joined. */
  readonly role: 'raw' | 'smooth' | 'points';
  /** The same curve at each of several seeds, where `y` is their mean: drawn as a band from lowest to highest, and points. */
  readonly seeds?: readonly (readonly number[])[];
  /** The lower and the upper edge of a band of the curve's own. */
  readonly band?: readonly [low: readonly number[], high: readonly number[]];
}

/** What every panel has. */
interface Framed {
  /** Above the panel; missing where the figure's says it all. */
  readonly title?: Text;
  /** To the right. */
  readonly x: Axis;
  /** Upwards. */
  readonly y: Axis;
  /** In the order of the legend. The last one lies on top, of points that nothing joins the first. */
  readonly curves: readonly Curve[];
}

/** Curves over steps or epochs. */
export interface LinePanel extends Framed {
  /** What tells panels apart. */
  readonly kind: 'line';
}

/** Heights over the domains of a panel's axes, row by row from the lower left, drawn as contours. */
export interface HeightMap {
  /** How many heights a row has. */
  readonly columns: number;
  /** A whole number of rows. */
  readonly heights: readonly number[];
}

/** Points that no line joins. */
export interface ScatterPanel extends Framed {
  /** What tells panels apart. */
  readonly kind: 'scatter';
  /** What lies below the points. Both axes have domains then. */
  readonly ground?: HeightMap;
}

/** Bars side by side: x are the lower edges of bins of one width, y their heights. Those above the axis are cut, and labeled. */
export interface HistogramPanel extends Framed {
  /** What tells panels apart. */
  readonly kind: 'histogram';
  /** Of the values that were counted. */
  readonly x: Axis & Required<Pick<Axis, 'domain'>>;
  /** Of the counts. */
  readonly y: Axis & Required<Pick<Axis, 'domain'>>;
}

/** A way over a surface: contours below, a marker at each step, the lowest point marked. */
export interface PathPanel extends Framed {
  /** What tells panels apart. */
  readonly kind: 'path';
  /** Whose contours lie below. */
  readonly surface: SurfaceName;
}

/** Bars that grow to the right, those of a name together: x their lengths, y their places in the names; a band is an interval of the length. */
export interface BarPanel extends Framed {
  /** What tells panels apart. */
  readonly kind: 'bar';
  /** Whose `names` stand beside the bars, from the top. */
  readonly y: Axis & Required<Pick<Axis, 'names'>>;
}

/** One chart of a figure, told apart by `kind`. */
export type Panel = LinePanel | ScatterPanel | HistogramPanel | PathPanel | BarPanel;

/** A grid of charts that are read together, as data: `renderSvg` and `renderTerminal` draw it. */
export interface Figure {
  /** Unique within the experiment; fit for a file name. */
  readonly id: string;
  /** What is drawn, in a few words. */
  readonly title: Text;
  /** How to read it, in a sentence or two. */
  readonly caption: Text;
  /** Panels side by side; the rest go below. From four on, panels are small and share the labels of their axes. */
  readonly columns: number;
  /** Row by row, from the top left. */
  readonly panels: readonly Panel[];
  /** Whether characters are too coarse for it: a terminal leaves it out. */
  readonly isFine?: boolean;
}

/** Bars as other panels are, for tables: their places along x, their lengths along y. */
export function toVertical(panel: Panel): Panel {
  if (panel.kind !== 'bar') return panel;
  return { ...panel, kind: 'line', x: panel.y, y: panel.x, curves: panel.curves.map(rotated) };
}

/** The same curve with its axes exchanged. */
export function rotated(curve: Curve): Curve {
  return { ...curve, x: curve.y, y: curve.x };
}

/** Whether panels are so small that only the outer ones have labels. */
export function isCompact({ columns }: Figure): boolean {
  return columns >= 4;
}

/** The names of a figure's curves, each once, in order of appearance: the legend. */
export function curveNames(figure: Figure): string[] {
  return [...new Set(figure.panels.flatMap((panel) => panel.curves.map((curve) => curve.name)))];
}

/** The names that need a legend: all of them, unless every panel shows one curve whose name begins its title, or bars of one kind. */
export function legendOf(figure: Figure): string[] {
  const isTold = figure.panels.every(({ kind, title, curves }) =>
    kind === 'bar' ? curves.length < 2 : curves.every(({ name }) => title?.en.startsWith(name)),
  );
  return isTold ? [] : curveNames(figure);
}
