// Bars: horizontal ones with error bars, and histograms.
import { type BarPanel, type Curve, type HistogramPanel, nameAt } from '../figure.ts';
import { drawGrid } from './axes.ts';
import { BAR, type Frame, groupHeight, toX, toY } from './layout.ts';
import { drawGhost } from './line-panel.ts';
import { element, round, text } from './markup.ts';
import type { PanelContent, Style } from './style.ts';

export function drawBarPanel(panel: BarPanel, frame: Frame, style: Style): PanelContent {
  const group = groupHeight(panel);
  const names = panel.y.names.map((_, i) =>
    text(nameAt(panel.y, i, style.lang) ?? '', { x: frame.left + 6, y: frame.top + i * group + 14, 'font-size': 11 }),
  );
  const bars = panel.curves.map((curve, nth) => drawHorizontalBars(curve, nth * BAR.height, group, frame, style));
  return { below: '', clipped: [...bars, ...names].join('') };
}

function drawHorizontalBars(curve: Curve, offset: number, group: number, frame: Frame, style: Style): string {
  const zero = toX(frame, Math.max(0, frame.x[0]));
  const height = BAR.height - 1.5;
  const bars = curve.x.flatMap((value, i) => {
    if (!Number.isFinite(value)) return [];
    const y = frame.top + (curve.y[i] as number) * group + BAR.name + offset;
    const end = toX(frame, value);
    return [
      element('rect', { x: Math.min(zero, end), y, width: Math.max(0.5, Math.abs(end - zero)), height }),
      drawErrorBar(curve, i, y + height / 2, frame, style.palette.text),
    ];
  });
  return element('g', { fill: style.color(curve.name) }, ...bars);
}

function drawErrorBar({ band }: Curve, index: number, y: number, frame: Frame, stroke: string): string {
  const [low, high] = [band?.[0][index], band?.[1][index]];
  if (low === undefined || high === undefined || !Number.isFinite(high - low)) return '';
  const [x1, x2, right] = [toX(frame, low), toX(frame, high), frame.left + frame.width];
  // An end outside the frame is an arrow.
  const arrow = x2 > right ? `M${right - 6},${y - 4}L${right - 1},${y}L${right - 6},${y + 4}` : '';
  const d = `M${round(x1)},${y}H${round(Math.min(x2, right - 1))}${arrow}`;
  return element('path', { d, fill: 'none', stroke, 'stroke-width': 1.25 });
}

/** Draws bars that are cut at the top of the axis and labeled with their height. */
export function drawHistogramPanel(panel: HistogramPanel, frame: Frame, style: Style): PanelContent {
  const bars = panel.curves.flatMap((curve) =>
    curve.role === 'ghost'
      ? [drawGhost(toOutline(curve, panel.x.domain), frame, style)]
      : [drawBins(curve, frame, style), labelCutBins(curve, frame, style)],
  );
  return { below: drawGrid(panel, frame, style), clipped: bars.join('') };
}

/** Returns the upper edge of the bins as a curve. */
function toOutline(curve: Curve, [, high]: readonly [number, number]): Curve {
  const edges = [...curve.x.slice(1), high];
  return {
    ...curve,
    x: curve.x.flatMap((left, i) => [left, edges[i] as number]),
    y: curve.y.flatMap((height) => [height, height]),
  };
}

function drawBins({ name, x, y }: Curve, frame: Frame, { color }: Style): string {
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

/** Puts each label beside its bar: on the side without a cut neighbor, or toward the center of the frame. */
function labelCutBins({ x, y }: Curve, frame: Frame, { palette }: Style): string {
  const top = frame.y[1];
  const isCut = (i: number) => (y[i] ?? 0) > top;
  const width = frame.width / x.length;
  const labels = y.flatMap((value, i) => {
    if (!isCut(i) || (isCut(i - 1) && isCut(i + 1))) return [];
    const left = toX(frame, x[i] as number);
    const isLeft = isCut(i + 1) || (!isCut(i - 1) && left > frame.left + frame.width / 2);
    const position = isLeft ? { x: left - 3, 'text-anchor': 'end' } : { x: left + width + 3 };
    return [text(`${Math.round(value)}%`, { ...position, y: frame.top + 13, 'font-size': 10, fill: palette.text })];
  });
  return labels.join('');
}
