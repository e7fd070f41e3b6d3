// Contours below curves or points, the higher the deeper in color.
import { contours } from 'd3-contour';
import type { HeightMap } from '../figure.ts';
import type { Frame } from './layout.ts';
import { element, round } from './markup.ts';
import type { Style } from './style.ts';

/** @param map heights over the whole frame, row by row from the upper left */
export function contourLayers(
  { heights, columns }: HeightMap,
  levels: readonly number[],
  frame: Frame,
  palette: Style['palette'],
): string {
  const rows = heights.length / columns;
  const [dx, dy] = [frame.width / (columns - 1), frame.height / (rows - 1)];
  // d3 counts from the corner of a cell, whose height is that of its center.
  const point = ([x, y]: readonly number[]) =>
    `${round(frame.left + ((x as number) - 0.5) * dx)},${round(frame.top + ((y as number) - 0.5) * dy)}`;
  const rings = contours()
    .size([columns, rows])
    .thresholds([...levels])([...heights]);
  const layers = rings.map(({ coordinates }, i) => {
    const d = coordinates.flatMap((polygon) => polygon.map((ring) => `M${ring.map(point).join('L')}Z`)).join('');
    return element('path', { d, fill: palette.ground[1], 'fill-opacity': 1 / (levels.length - i) });
  });
  return element('g', { stroke: palette.contour, 'stroke-width': 0.75 }, ...layers);
}
