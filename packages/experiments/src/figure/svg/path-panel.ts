// Ways over a surface: contours below, a marker at each step, the lowest point marked.

import { type Surface, surfaces } from '../../training/surface.ts';
import { contourLevels } from '../extent.ts';
import type { PathPanel } from '../figure.ts';
import { contourLayers } from './contours.ts';
import { type Frame, toX, toY } from './layout.ts';
import { curve, pointsIn } from './line-panel.ts';
import { type Drawn, marks, type Style } from './style.ts';

/** Pixels between the points at which the height is taken. */
const CELL = 4;

export function pathPanel(panel: PathPanel, frame: Frame, style: Style): Drawn {
  const { color, symbol, palette } = style;
  const surface = surfaces[panel.surface];
  const [minX, minY] = surface.minimum;
  const ways = panel.curves.flatMap((way) => {
    const points = pointsIn(way.x, way.y, frame);
    const look = { color: color(way.name), width: 1.5 };
    return [curve(way, frame, look), marks(symbol(way.name), points, { r: 2.75, color: look.color })];
  });
  const lowest = marks('plus', [[toX(frame, minX), toY(frame, minY)]], { r: 5, color: palette.text });
  return { below: '', clipped: [ground(panel, surface, frame, style), ...ways, lowest].join('') };
}

/** Contours, the higher the deeper in color. */
function ground(panel: PathPanel, surface: Surface, frame: Frame, { palette }: Style): string {
  const [columns, rows] = [Math.ceil(frame.width / CELL) + 1, Math.ceil(frame.height / CELL) + 1];
  const heights = Array.from({ length: columns * rows }, (_, i) => {
    const [x, y] = [(i % columns) / (columns - 1), Math.floor(i / columns) / (rows - 1)];
    return surface.value(frame.x[0] + x * (frame.x[1] - frame.x[0]), frame.y[1] - y * (frame.y[1] - frame.y[0]));
  });
  const levels = contourLevels(surface.value, panel);
  return contourLayers({ heights, columns }, levels, frame, palette);
}
