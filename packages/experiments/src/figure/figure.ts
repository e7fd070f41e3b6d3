// Figures as data: a grid of panels, created from records only. `svg/`, `terminal/` and `html/` draw them.
import type { Lang, Text } from '../text.ts';
import type { SurfaceName } from '../training/surface.ts';

/** An axis of a panel. */
export interface Axis {
  /** What is measured, with the unit in brackets. */
  readonly label: Text;
  /** Values at both ends. Default: the range of the data, from zero if all are positive. */
  readonly domain?: readonly [low: number, high: number];
  /** Names at 0, 1, 2 and so on, instead of numbers. */
  readonly names?: readonly (string | Text)[];
  /** Whether only whole numbers are labeled. */
  readonly isWhole?: boolean;
  /** Whether the axis is logarithmic. All numbers are above 0 then. */
  readonly isLog?: boolean;
  /** Whether `toLogScale` can make the axis logarithmic. */
  readonly canBeLog?: boolean;
}

/** Returns the name at a position of an axis with names. */
export function nameAt({ names }: Axis, position: number, lang: Lang): string | undefined {
  const name = names?.[position];
  return typeof name === 'object' ? name[lang] : name;
}

/** A curve. Its color and symbol depend on the index of its name among the names of the figure. */
export interface Curve {
  /** The name as in files, equal in all languages. Curves with the same name have the same color. `curveName` translates it. */
  readonly name: string;
  /** What distinguishes curves with the same name. */
  readonly of?: string;
  /** As many numbers as `y`. */
  readonly x: readonly number[];
  /** NaN and ±Infinity are gaps. */
  readonly y: readonly number[];
  /**
   * `raw` curves are drawn faint behind the `smooth` ones; `points` are not connected; a `ghost` is the dashed curve of
   * another run.
   */
  readonly role: 'raw' | 'smooth' | 'points' | 'ghost';
  /** The curve at each of several seeds, whose mean is `y`. Drawn as a band from lowest to highest, and as points. */
  readonly seeds?: readonly (readonly number[])[];
  /** The lower and the upper edge of a band around the curve. */
  readonly band?: readonly [low: readonly number[], high: readonly number[]];
}

/** A short text in a panel. */
export interface Note {
  /** What it says. */
  readonly text: Text;
  /** Its corner at the right side, where several notes form a list. */
  readonly at: 'top' | 'bottom';
  /** The curve whose color it has. */
  readonly curve?: string;
}

/** Two curves whose distance is the subject of a panel. The area between them is shaded, and the distance is written. */
export interface Gap {
  /** Names of the lower and of the upper curve. */
  readonly between: readonly [low: string, high: string];
  /** Points at the end of the curves over which the distance is averaged. */
  readonly last: number;
}

/** What a claim averaged in a panel. */
export interface PanelMark {
  /** Range of x; the whole panel if missing. */
  readonly x?: readonly [low: number, high: number];
  /** Averages by the names of their curves. */
  readonly levels?: Readonly<Record<string, number>>;
}

/** What every kind of panel has. */
interface PanelBase {
  /** Above the panel. Missing if the title of the figure suffices. */
  readonly title?: Text;
  /** The horizontal axis. */
  readonly x: Axis;
  /** The vertical axis. */
  readonly y: Axis;
  /** In the order of the legend. The last curve is drawn on top; in a scatter panel the first. */
  readonly curves: readonly Curve[];
  /** Texts in the panel, from the top. */
  readonly notes?: readonly Note[];
  /** The gap between two curves. */
  readonly gap?: Gap;
  /** What a claim averaged, if the reader selected it. */
  readonly marks?: readonly PanelMark[];
}

/** Curves over steps or epochs. */
export interface LinePanel extends PanelBase {
  /** The kind of panel. */
  readonly kind: 'line';
}

/** Heights over the domains of both axes, row by row from the lower left, drawn as contours. */
export interface HeightMap {
  /** Heights per row. */
  readonly columns: number;
  /** A whole number of rows. */
  readonly heights: readonly number[];
}

/** Points that are not connected. */
export interface ScatterPanel extends PanelBase {
  /** The kind of panel. */
  readonly kind: 'scatter';
  /** Contours behind the points. Both axes have domains then. */
  readonly ground?: HeightMap;
}

/** A histogram: x are the lower edges of bins of equal width, y their heights. Bars above the domain are cut and labeled. */
export interface HistogramPanel extends PanelBase {
  /** The kind of panel. */
  readonly kind: 'histogram';
  /** The axis of the counted values. */
  readonly x: Axis & Required<Pick<Axis, 'domain'>>;
  /** The axis of the heights. */
  readonly y: Axis & Required<Pick<Axis, 'domain'>>;
}

/** Paths over the contours of a surface, with a marker at each step and at the minimum. */
export interface PathPanel extends PanelBase {
  /** The kind of panel. */
  readonly kind: 'path';
  /** The surface whose contours are drawn. */
  readonly surface: SurfaceName;
}

/** Horizontal bars, grouped by name: x are lengths, y the indices of names. A band is an error bar. */
export interface BarPanel extends PanelBase {
  /** The kind of panel. */
  readonly kind: 'bar';
  /** Its `names` label the groups, from the top. */
  readonly y: Axis & Required<Pick<Axis, 'names'>>;
}

/** One chart of a figure. */
export type Panel = LinePanel | ScatterPanel | HistogramPanel | PathPanel | BarPanel;

/** A grid of charts that belong together, as data. */
export interface Figure {
  /** Unique within the experiment, and usable in a file name. */
  readonly id: string;
  /** What the figure shows, in a few words. */
  readonly title: Text;
  /** How to read the figure, in one or two sentences. */
  readonly caption: Text;
  /** The curves with the value in which they compete, from the best. Figures of a growing record order the legend by it. */
  readonly ranking?: readonly { readonly name: string; readonly value: number }[];
  /** Panels per row. With four or more, panels are small and share the labels of their axes. */
  readonly columns: number;
  /** Row by row from the top left. */
  readonly panels: readonly Panel[];
  /** Whether the figure has too many details for a terminal, which then skips it. */
  readonly isFine?: boolean;
  /** What the figure shows of this run, in one line. The page opens such a figure only on request. */
  readonly finding?: Text;
}

/** Converts a panel of horizontal bars for tables: names along x, lengths along y. Returns other panels as they are. */
export function toVertical(panel: Panel): Panel {
  if (panel.kind !== 'bar') return panel;
  return { ...panel, kind: 'line', x: panel.y, y: panel.x, curves: panel.curves.map(rotated) };
}

/** Returns the curve with its axes exchanged. */
export function rotated(curve: Curve): Curve {
  return { ...curve, x: curve.y, y: curve.x };
}

/** Returns whether panels are so small that only the outer ones have labels. */
export function isCompact({ columns }: Figure): boolean {
  return columns >= 4;
}

/** Returns the names of all curves of a figure, each once, in the order of their first use. */
export function curveNames(figure: Figure): string[] {
  return [...new Set(figure.panels.flatMap((panel) => panel.curves.map((curve) => curve.name)))];
}

/** Returns the names in the legend: none if the title of every panel begins with the names of its curves, or bars are of one kind. */
export function legendNames(figure: Figure): string[] {
  const isSelfExplanatory = figure.panels.every(({ kind, title, curves }) =>
    kind === 'bar' ? curves.length < 2 : curves.every(({ name }) => title?.en.startsWith(name)),
  );
  return isSelfExplanatory ? [] : curveNames(figure);
}
