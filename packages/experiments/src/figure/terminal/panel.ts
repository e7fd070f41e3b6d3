// A panel as lines of text: a braille canvas between two axes.
import type { Lang } from '../../text.ts';
import { surfaces } from '../../training/surface.ts';
import { averages, extremesOf } from '../downsample.ts';
import { type Axis, type Curve, nameAt, type Panel, type PathPanel } from '../figure.ts';
import { notesOf } from '../gap.ts';
import { axisRange, axisTicks, contourLevels, fractionAt } from '../scale.ts';
import { clip, displayWidth, padCenter, padEnd, padStart } from '../text-width.ts';
import { cyclic, symbolCharacters } from '../theme.ts';
import { barLines, histogramLines } from './bars.ts';
import { BrailleCanvas, type Cell } from './braille.ts';
import { FAINT, type TerminalStyle } from './style.ts';

const LINE_ROWS = { spacious: 15, compact: 6 };

/** A canvas with the ranges of its axes. */
interface Plane {
  readonly canvas: BrailleCanvas;
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  readonly axes: Readonly<Record<'x' | 'y', Axis>>;
}

/** Draws a panel of exactly `width` columns, with its notes below it. */
export function panelLines(panel: Panel, width: number, style: TerminalStyle): string[] {
  const notes = notesOf(panel).map(({ text, curve }) => {
    const line = padEnd(clip(`  ${text[style.lang]}`, width), width);
    return curve === undefined ? line : style.paint(line, style.names.indexOf(curve));
  });
  return [...plotLines(panel, width, style), ...notes];
}

/** Draws a panel without its notes. A raw curve is skipped if a smooth one has the same name. */
function plotLines(panel: Panel, width: number, style: TerminalStyle): string[] {
  if (panel.kind === 'histogram') return histogramLines(panel, width, style);
  if (panel.kind === 'bar') return barLines(panel, width, style);
  const [x, y] = [axisRange(panel, 'x'), axisRange(panel, 'y')];
  // A range of a few float64 steps has no ticks.
  const gutter = Math.max(1, ...axisTicks(panel.y, y, 5).map((value) => label(value).length)) + 1;
  const columns = width - gutter - 3;
  const rows = panel.kind === 'path' ? mapRows(columns, x, y) : LINE_ROWS[style.isCompact ? 'compact' : 'spacious'];
  const plane: Plane = { canvas: new BrailleCanvas(columns, rows), x, y, axes: panel };
  if (panel.kind === 'path') drawContours(panel, plane);
  const curves = visibleCurves(panel);
  if (panel.kind === 'line') for (const curve of curves) drawBand(curve, plane, style.names.indexOf(curve.name));
  for (const curve of curves) drawCurve(curve, panel, plane, style.names.indexOf(curve.name));
  if (panel.kind === 'path') plane.canvas.mark(...toDot(plane, ...surfaces[panel.surface].minimum), '+', undefined);
  const title = panel.title?.[style.lang] ?? '';
  const yLabel = panel.y.label[style.lang];
  if (style.isCompact) return [padCenter(clip(title, width), width), ...graph(plane, gutter, width, style)];
  const room = width - 2 * displayWidth(yLabel);
  const heading = displayWidth(title) < room ? yLabel + padCenter(title, room) : clip(`${yLabel}  ${title}`, width);
  return [padEnd(heading, width), ...graph(plane, gutter, width, style), padCenter(panel.x.label[style.lang], width)];
}

/** Draws the canvas with its axes. */
function graph(plane: Plane, gutter: number, width: number, style: TerminalStyle): string[] {
  return [
    ...body(plane, gutter, style).map((line) => `${line}  `),
    ...xAxis(plane, gutter, style.lang).map((line) => padEnd(line, width)),
  ];
}

/** Returns the rows with which both axes have the same scale, within limits. A character is twice as high as wide. */
function mapRows(columns: number, x: Plane['x'], y: Plane['y']): number {
  return Math.round(Math.min(16, Math.max(7, (columns * (y[1] - y[0])) / (x[1] - x[0]) / 2)));
}

/** Returns the curves to draw, the topmost last. */
function visibleCurves({ kind, curves }: Panel): Curve[] {
  if (kind === 'scatter') return [...curves].reverse();
  const smooth = curves.filter(({ role }) => role === 'smooth');
  const names = new Set(smooth.map(({ name }) => name));
  return [...curves.filter(({ name, role }) => role !== 'smooth' && !names.has(name)), ...smooth];
}

/** Returns the dot nearest to a point, also outside the canvas. */
function toDot({ canvas, x, y, axes }: Plane, px: number, py: number): [number, number] {
  const column = fractionAt(x, px, axes.x.isLog) * (canvas.width - 1);
  const row = (1 - fractionAt(y, py, axes.y.isLog)) * (canvas.height - 1);
  return [Math.round(column), Math.round(row)];
}

/** Draws a curve with its symbol at a few positions, so that it is recognizable without colors; a path has it at its start. */
function drawCurve(curve: Curve, { kind, curves }: Panel, plane: Plane, color: number): void {
  const { canvas } = plane;
  if (kind === 'scatter' || curve.role === 'points') {
    for (const [i, x] of curve.x.entries())
      canvas.mark(...toDot(plane, x, curve.y[i] as number), cyclic(symbolCharacters, color), color);
    return;
  }
  const { x, y } = kind === 'path' ? curve : averages(curve, canvas.width);
  const dots = x.map((value, i) => toDot(plane, value, y[i] as number));
  // A line that reaches far outside the canvas would take too long.
  const isNear = (dot: readonly number[]) => dot.every((coordinate) => Math.abs(coordinate) < 10_000);
  dots.forEach((dot, i) => {
    const previous = dots[i - 1] ?? dot;
    if (isNear(dot) && isNear(previous)) canvas.line(...previous, ...dot, color);
  });
  const count = Math.min(symbolCount(curve, kind, curves.length), dots.length);
  for (let i = 0; i < count; i++) {
    const at = Math.floor(((i + (color % count) / count) * dots.length) / count);
    canvas.mark(...(dots[at] as [number, number]), cyclic(symbolCharacters, color), color);
  }
}

/** Returns how many symbols a curve has: with many curves one, or none if it is raw. */
function symbolCount({ role }: Curve, kind: Panel['kind'], curves: number): number {
  if (curves > 20) return role === 'raw' ? 0 : 1;
  return kind === 'path' ? 1 : 4;
}

/** Draws the edges of the band of a curve as dotted lines: the lowest and the highest seed, or the curve's own band. */
function drawBand({ x, seeds, band = seeds && extremesOf(seeds) }: Curve, plane: Plane, color: number): void {
  for (const edge of band ?? []) {
    const points = averages({ x, y: edge }, plane.canvas.width);
    points.x.forEach((value, i) => {
      const [column, row] = toDot(plane, value, points.y[i] as number);
      if (column % 3 === 0) plane.canvas.dot(column, row, color);
    });
  }
}

/** Draws every second dot at which a contour passes between it and its right or lower neighbor. */
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
  const values = axisTicks(plane.axes.y, y, Math.max(2, canvas.rows / 3));
  const labels = new Map(values.map((value) => [Math.floor(toDot(plane, plane.x[0], value)[1] / 4), label(value)]));
  return Array.from({ length: canvas.rows }, (_, row) => {
    const text = labels.get(row);
    const axis = text === undefined ? `${' '.repeat(gutter)}│` : `${padStart(text, gutter - 1)} ┤`;
    return axis + paintCells(canvas.row(row), style);
  });
}

/** Colors cells; neighbors of the same color share one color sequence. */
function paintCells(cells: readonly Cell[], { paint }: TerminalStyle): string {
  let line = '';
  for (let start = 0; start < cells.length; ) {
    const color = cells[start]?.color;
    let end = start;
    while (end < cells.length && cells[end]?.color === color) end++;
    const text = cells
      .slice(start, end)
      .map(({ character }) => character)
      .join('');
    line += color === undefined ? text : paint(text, color);
    start = end;
  }
  return line;
}

function xAxis(plane: Plane, gutter: number, lang: Lang): string[] {
  const { canvas, x, y } = plane;
  const axis = plane.axes.x;
  const line = [...'─'.repeat(canvas.columns)];
  let labels = '';
  for (const value of axis.names?.map((_, i) => i) ?? axisTicks(axis, x, canvas.columns / 11)) {
    const column = Math.floor(toDot(plane, value, y[0])[0] / 2);
    const text = nameAt(axis, value, lang) ?? label(value);
    const start = gutter + 1 + column - Math.floor(displayWidth(text) / 2);
    if (start <= displayWidth(labels) && labels !== '') continue;
    line[column] = '┬';
    labels = padEnd(labels, start) + text;
  }
  return [`${' '.repeat(gutter)}└${line.join('')}`, labels];
}

/** Formats the number of a tick without rounding errors. */
function label(value: number): string {
  return String(Number(value.toPrecision(6)));
}
