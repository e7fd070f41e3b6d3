// Maps: paths over the contours of a surface, and scattered points over the contours of a height map.
import { contours } from 'd3-contour';
import { type Surface, surfaces } from '../../training/surface.ts';
import type { HeightMap, PathPanel, ScatterPanel } from '../figure.ts';
import { contourLevels } from '../scale.ts';
import { drawGrid } from './axes.ts';
import { type Frame, toX, toY } from './layout.ts';
import { drawBall, drawCurve, drawGhost, visiblePoints } from './line-panel.ts';
import { element } from './markup.ts';
import { drawSymbols, type PanelContent, type Style } from './style.ts';

/** Distance in pixels of the points at which the height of a surface is computed. */
const CELL = 8;

export function drawPathPanel(panel: PathPanel, frame: Frame, style: Style): PanelContent {
  const { color, symbol, palette } = style;
  const surface = surfaces[panel.surface];
  const [minX, minY] = surface.minimum;
  const paths = panel.curves.flatMap((path) => {
    if (path.role === 'ghost') return [drawGhost(path, frame, style)];
    const points = visiblePoints(path.x, path.y, frame);
    return [
      drawCurve(path, frame, { color: color(path.name), width: 1.5 }),
      drawSymbols(symbol(path.name), points, { r: 2.75, color: color(path.name) }),
      style.isLive ? drawBall(path, frame, style) : '',
    ];
  });
  const minimum = drawSymbols('plus', [[toX(frame, minX), toY(frame, minY)]], { r: 5, color: palette.text });
  return { below: '', clipped: [drawSurface(panel, surface, frame, style), ...paths, minimum].join('') };
}

/** The last drawn contours: those of an animation are the same in every picture. */
const drawnSurfaces = new Map<string, string>();
const MAX_DRAWN = 32;

function drawSurface(panel: PathPanel, surface: Surface, frame: Frame, style: Style): string {
  const key = JSON.stringify([panel.surface, frame, style.palette.ground, style.palette.contour]);
  const drawn = drawnSurfaces.get(key) ?? drawHeights(panel, surface, frame, style);
  if (drawnSurfaces.size >= MAX_DRAWN) drawnSurfaces.clear();
  drawnSurfaces.set(key, drawn);
  return drawn;
}

function drawHeights(panel: PathPanel, surface: Surface, frame: Frame, style: Style): string {
  const [columns, rows] = [Math.ceil(frame.width / CELL) + 1, Math.ceil(frame.height / CELL) + 1];
  const heights = Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [(i % columns) / (columns - 1), Math.floor(i / columns) / (rows - 1)];
    return surface.value(frame.x[0] + x * (frame.x[1] - frame.x[0]), frame.y[1] - y * (frame.y[1] - frame.y[0]));
  });
  return drawContours({ heights, columns }, contourLevels(surface.value, panel), frame, style);
}

export function drawScatterPanel(panel: ScatterPanel, frame: Frame, style: Style): PanelContent {
  const points = [...panel.curves].reverse().map(({ name, x, y }) => {
    const look = { r: 4, color: style.color(name), rim: style.palette.background };
    return drawSymbols(style.symbol(name), visiblePoints(x, y, frame), look);
  });
  return {
    below: panel.ground ? '' : drawGrid(panel, frame, style),
    clipped: drawGround(panel, frame, style),
    above: points.join(''),
  };
}

/** Draws ten levels from the lowest to the highest; none if the ground is flat. */
function drawGround({ ground }: ScatterPanel, frame: Frame, style: Style): string {
  if (!ground) return '';
  const { columns, heights } = ground;
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  if (!(high > low)) return '';
  const rows = Array.from({ length: heights.length / columns }, (_, row) =>
    heights.slice(row * columns, (row + 1) * columns),
  );
  const levels = Array.from({ length: 9 }, (_, i) => low + ((high - low) * (i + 1)) / 10);
  return drawContours({ columns, heights: rows.reverse().flat() }, levels, frame, style);
}

/** @param map heights over the whole frame, row by row from the upper left */
function drawContours(map: HeightMap, levels: readonly number[], frame: Frame, { palette }: Style): string {
  const { heights, columns } = map;
  const rows = heights.length / columns;
  const [dx, dy] = [frame.width / (columns - 1), frame.height / (rows - 1)];
  const tenth = (value: number) => Math.round(value * 10) / 10;
  // d3 measures from the corner of a cell, but the height is that of its center.
  const point = ([x, y]: readonly number[]) =>
    `${tenth(frame.left + ((x as number) - 0.5) * dx)},${tenth(frame.top + ((y as number) - 0.5) * dy)}`;
  const rings = contours()
    .size([columns, rows])
    .thresholds([...levels])([...heights]);
  const layers = rings.map(({ coordinates }, i) => {
    const d = coordinates.flatMap((polygon) => polygon.map((ring) => `M${ring.map(point).join('L')}Z`)).join('');
    return element('path', { d, fill: palette.ground[1], 'fill-opacity': 1 / (levels.length - i) });
  });
  return element('g', { stroke: palette.contour, 'stroke-width': 0.75 }, ...layers);
}
