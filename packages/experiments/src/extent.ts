// What an axis shows.
import type { Axis, Panel } from './figure.ts';

/** The range of an axis of a panel: its own, or what the finite data span, from zero where all are positive. */
export function rangeOf(panel: Panel, axis: 'x' | 'y'): [low: number, high: number] {
  const { domain }: Axis = panel[axis];
  if (domain) return [...domain];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const curve of panel.curves) {
    for (const value of curve[axis]) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, 1];
  if (low > 0) low = 0;
  return low === high ? [low, low + 1] : [low, high];
}

/** Heights of contours whose ellipses lie evenly spaced on a bowl: squares of 1, 2, … tenths of the highest corner. */
export function contourLevels(value: (x: number, y: number) => number, panel: Panel): number[] {
  const [xs, ys] = [rangeOf(panel, 'x'), rangeOf(panel, 'y')];
  const top = Math.max(...xs.flatMap((x) => ys.map((y) => value(x, y))));
  return Array.from({ length: 9 }, (_, i) => (top * (i + 1) * (i + 1)) / 100);
}
