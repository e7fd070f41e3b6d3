// Points that no line joins.
import type { ScatterPanel } from '../figure.ts';
import { grid } from './axes.ts';
import { type Frame, toX, toY } from './layout.ts';
import { isInside } from './line-panel.ts';
import { marks, type Style } from './style.ts';

export function scatterPanel(panel: ScatterPanel, frame: Frame, style: Style): { below: string; clipped: string } {
  const clouds = panel.curves.map(({ name, x, y }) => {
    const points = x
      .map((at, i) => [toX(frame, at), toY(frame, y[i] as number)] as const)
      .filter(([px, py]) => isInside(px, py, frame));
    return marks(style.symbol(name), points, { r: 4, colour: style.colour(name), rim: style.palette.background });
  });
  return { below: grid(frame, style), clipped: clouds.join('') };
}
