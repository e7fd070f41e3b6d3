// Points that no line joins.
import type { ScatterPanel } from '../figure.ts';
import { grid } from './axes.ts';
import { contourLayers } from './contours.ts';
import type { Frame } from './layout.ts';
import { pointsIn } from './line-panel.ts';
import { type Drawn, marks, type Style } from './style.ts';

export function scatterPanel(panel: ScatterPanel, frame: Frame, style: Style): Drawn {
  const clouds = [...panel.curves].reverse().map(({ name, x, y }) => {
    const look = { r: 4, color: style.color(name), rim: style.palette.background };
    return marks(style.symbol(name), pointsIn(x, y, frame), look);
  });
  return {
    below: panel.ground ? '' : grid(panel, frame, style),
    clipped: groundOf(panel, frame, style),
    above: clouds.join(''),
  };
}

/** Ten bands from the lowest to the highest; none where the ground is flat. */
function groundOf({ ground }: ScatterPanel, frame: Frame, { palette }: Style): string {
  if (!ground) return '';
  const { columns, heights } = ground;
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  if (!(high > low)) return '';
  const rows = Array.from({ length: heights.length / columns }, (_, row) =>
    heights.slice(row * columns, (row + 1) * columns),
  );
  const levels = Array.from({ length: 9 }, (_, i) => low + ((high - low) * (i + 1)) / 10);
  return contourLayers({ columns, heights: rows.reverse().flat() }, levels, frame, palette);
}
