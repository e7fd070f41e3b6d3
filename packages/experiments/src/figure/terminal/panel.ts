// One panel of a figure as lines of text: a braille canvas between two axes.
import type { Lang } from '../../text.ts';
import { surfaces } from '../../training/surface.ts';
import { averages, extremesOf } from '../downsample.ts';
import { contourLevels, fractionAt, rangeOf, ticksOf } from '../extent.ts';
import { type Axis, type Curve, nameAt, type Panel, type PathPanel } from '../figure.ts';
import { clip, displayWidth, padCentre, padEnd, padStart } from '../text-width.ts';
import { nth, signs } from '../theme.ts';
import { barLines } from './bars.ts';
import { BrailleCanvas, type Cell } from './braille.ts';
import { histogramLines } from './histogram.ts';
import { FAINT, type TerminalStyle } from './style.ts';

const LINE_ROWS = { spacious: 15, compact: 6 };

/** A canvas with the ranges that its edges stand for. */
interface Plane {
  readonly canvas: BrailleCanvas;
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  readonly axes: Readonly<Record<'x' | 'y', Axis>>;
}

/** A panel of exactly `width` columns. Of a curve that has a smooth form, that form alone is drawn. */
export function panelLines(panel: Panel, width: number, style: TerminalStyle): string[] {
  if (panel.kind === 'histogram') return histogramLines(panel, width, style);
  if (panel.kind === 'bar') return barLines(panel, width, style);
  const [x, y] = [rangeOf(panel, 'x'), rangeOf(panel, 'y')];
  // A range as narrow as a float64 tells apart has no ticks.
  const gutter = Math.max(1, ...ticksOf(panel.y, y, 5).map((value) => label(value).length)) + 1;
  const columns = width - gutter - 3;
  const rows = panel.kind === 'path' ? mapRows(columns, x, y) : LINE_ROWS[style.isCompact ? 'compact' : 'spacious'];
  const plane: Plane = { canvas: new BrailleCanvas(columns, rows), x, y, axes: panel };
  if (panel.kind === 'path') drawContours(panel, plane);
  const curves = shownCurves(panel);
  if (panel.kind === 'line') for (const curve of curves) drawBand(curve, plane, style.names.indexOf(curve.name));
  for (const curve of curves) drawCurve(curve, panel, plane, style.names.indexOf(curve.name));
  if (panel.kind === 'path') plane.canvas.mark(...dotOf(plane, ...surfaces[panel.surface].minimum), '+', undefined);
  const title = panel.title?.[style.lang] ?? '';
  const yLabel = panel.y.label[style.lang];
  if (style.isCompact) return [padCentre(clip(title, width), width), ...graph(plane, gutter, width, style)];
  const room = width - 2 * displayWidth(yLabel);
  const heading = displayWidth(title) < room ? yLabel + padCentre(title, room) : clip(`${yLabel}  ${title}`, width);
  return [padEnd(heading, width), ...graph(plane, gutter, width, style), padCentre(panel.x.label[style.lang], width)];
}

function graph(plane: Plane, gutter: number, width: number, style: TerminalStyle): string[] {
  return [
    ...body(plane, gutter, style).map((line) => `${line}  `),
    ...xAxis(plane, gutter, style.lang).map((line) => padEnd(line, width)),
  ];
}

/** Rows that make both scales equal, within reason. A character is twice as high as wide. */
function mapRows(columns: number, x: Plane['x'], y: Plane['y']): number {
  return Math.round(Math.min(16, Math.max(7, (columns * (y[1] - y[0])) / (x[1] - x[0]) / 2)));
}

/** Those to lie on top come last. */
function shownCurves({ kind, curves }: Panel): Curve[] {
  if (kind === 'scatter') return [...curves].reverse();
  const smooth = curves.filter(({ role }) => role === 'smooth');
  const names = new Set(smooth.map(({ name }) => name));
  return [...curves.filter(({ name, role }) => role !== 'smooth' && !names.has(name)), ...smooth];
}

/** The dot nearest to a point; beyond the canvas where the point is. */
function dotOf({ canvas, x, y, axes }: Plane, px: number, py: number): [number, number] {
  const column = fractionAt(x, px, axes.x.isLog) * (canvas.width - 1);
  const row = (1 - fractionAt(y, py, axes.y.isLog)) * (canvas.height - 1);
  return [Math.round(column), Math.round(row)];
}

/** The curve with its sign at a few places, so that it can be told without colors; a way has it where it starts. */
function drawCurve(curve: Curve, { kind, curves }: Panel, plane: Plane, ink: number): void {
  const { canvas } = plane;
  if (kind === 'scatter' || curve.role === 'points') {
    for (const [i, x] of curve.x.entries()) canvas.mark(...dotOf(plane, x, curve.y[i] as number), nth(signs, ink), ink);
    return;
  }
  const { x, y } = kind === 'path' ? curve : averages(curve, canvas.width);
  const dots = x.map((value, i) => dotOf(plane, value, y[i] as number));
  // Far beyond the canvas there is nothing to see, and a line there would take for ever.
  const isNear = (dot: readonly number[]) => dot.every((coordinate) => Math.abs(coordinate) < 10_000);
  dots.forEach((dot, i) => {
    const before = dots[i - 1] ?? dot;
    if (isNear(dot) && isNear(before)) canvas.line(...before, ...dot, ink);
  });
  // Where many curves have one name, one sign each would do, and is too much for the faint ones.
  const isMany = curves.length > 20;
  const count = Math.min(isMany ? (curve.role === 'raw' ? 0 : 1) : kind === 'path' ? 1 : 4, dots.length);
  for (let i = 0; i < count; i++) {
    const at = Math.floor(((i + (ink % count) / count) * dots.length) / count);
    canvas.mark(...(dots[at] as [number, number]), nth(signs, ink), ink);
  }
}

/** The lower and the upper edge of what lies around a curve, dotted: the lowest and the highest seed, or a band of its own. */
function drawBand({ x, seeds, band = seeds && extremesOf(seeds) }: Curve, plane: Plane, ink: number): void {
  for (const edge of band ?? []) {
    const points = averages({ x, y: edge }, plane.canvas.width);
    points.x.forEach((value, i) => {
      const [column, row] = dotOf(plane, value, points.y[i] as number);
      if (column % 3 === 0) plane.canvas.dot(column, row, ink);
    });
  }
}

/** A dot wherever the ground crosses a level on the way to the right or down, thinned to every second one. */
function drawContours(panel: PathPanel, { canvas, x, y }: Plane): void {
  const { value } = surfaces[panel.surface];
  const levels = contourLevels(value, panel).filter((_, i) => i % 2 === 0);
  const band = (column: number, row: number) => {
    const px = x[0] + ((x[1] - x[0]) * column) / (canvas.width - 1);
    const py = y[1] - ((y[1] - y[0]) * row) / (canvas.height - 1);
    return levels.filter((level) => level < value(px, py)).length;
  };
  for (let row = 0; row < canvas.height; row++) {
    for (let column = row % 2; column < canvas.width; column += 2) {
      const here = band(column, row);
      if (here !== band(column + 1, row) || here !== band(column, row + 1)) canvas.dot(column, row, FAINT);
    }
  }
}

function body(plane: Plane, gutter: number, style: TerminalStyle): string[] {
  const { canvas, y } = plane;
  const values = ticksOf(plane.axes.y, y, Math.max(2, canvas.rows / 3));
  const labels = new Map(values.map((value) => [Math.floor(dotOf(plane, plane.x[0], value)[1] / 4), label(value)]));
  return Array.from({ length: canvas.rows }, (_, row) => {
    const text = labels.get(row);
    const axis = text === undefined ? `${' '.repeat(gutter)}│` : `${padStart(text, gutter - 1)} ┤`;
    return axis + paintCells(canvas.row(row), style);
  });
}

/** Neighbors of one ink are painted at once. */
function paintCells(cells: readonly Cell[], { paint }: TerminalStyle): string {
  let line = '';
  for (let start = 0; start < cells.length; ) {
    const ink = cells[start]?.ink;
    let end = start;
    while (end < cells.length && cells[end]?.ink === ink) end++;
    const text = cells
      .slice(start, end)
      .map(({ character }) => character)
      .join('');
    line += ink === undefined ? text : paint(text, ink);
    start = end;
  }
  return line;
}

function xAxis(plane: Plane, gutter: number, lang: Lang): string[] {
  const { canvas, x, y } = plane;
  const axis = plane.axes.x;
  const line = [...'─'.repeat(canvas.columns)];
  let labels = '';
  for (const value of axis.names?.map((_, i) => i) ?? ticksOf(axis, x, canvas.columns / 11)) {
    const column = Math.floor(dotOf(plane, value, y[0])[0] / 2);
    const text = nameAt(axis, value, lang) ?? label(value);
    const start = gutter + 1 + column - Math.floor(displayWidth(text) / 2);
    if (start <= displayWidth(labels) && labels !== '') continue;
    line[column] = '┬';
    labels = padEnd(labels, start) + text;
  }
  return [`${' '.repeat(gutter)}└${line.join('')}`, labels];
}

/** A tick's number without the noise of float64. */
function label(value: number): string {
  return String(Number(value.toPrecision(6)));
}
