// Bars side by side, in the color of their curve. Those above the axis are cut there and labeled with their height.
import type { Curve, HistogramPanel } from '../figure.ts';
import { grid } from './axes.ts';
import { type Frame, toX, toY } from './layout.ts';
import { element, text } from './markup.ts';
import type { Drawn, Style } from './style.ts';

export function histogramPanel(panel: HistogramPanel, frame: Frame, style: Style): Drawn {
  const bars = panel.curves.flatMap((curve) => [drawBars(curve, frame, style), heights(curve, frame, style)]);
  return { below: grid(panel, frame, style), clipped: bars.join('') };
}

function drawBars({ name, x, y }: Curve, frame: Frame, { color }: Style): string {
  const width = frame.width / x.length;
  const bottom = frame.top + frame.height;
  const bars = y.flatMap((value, i) => {
    if (!(value > 0)) return [];
    const top = Math.max(frame.top, toY(frame, value));
    const left = toX(frame, x[i] as number);
    return [element('rect', { x: left + 0.4, y: top, width: Math.max(0.5, width - 0.4), height: bottom - top })];
  });
  return element('g', { fill: color(name) }, ...bars);
}

/** Beside each bar that is cut: away from a neighbor that is cut too, else towards the middle, so that it stays in the frame. */
function heights({ x, y }: Curve, frame: Frame, { palette }: Style): string {
  const top = frame.y[1];
  const isCut = (i: number) => (y[i] ?? 0) > top;
  const width = frame.width / x.length;
  const labels = y.flatMap((value, i) => {
    if (!isCut(i) || (isCut(i - 1) && isCut(i + 1))) return [];
    const left = toX(frame, x[i] as number);
    const isLeft = isCut(i + 1) || (!isCut(i - 1) && left > frame.left + frame.width / 2);
    const place = isLeft ? { x: left - 3, 'text-anchor': 'end' } : { x: left + width + 3 };
    return [text(`${Math.round(value)}%`, { ...place, y: frame.top + 13, 'font-size': 10, fill: palette.text })];
  });
  return labels.join('');
}
