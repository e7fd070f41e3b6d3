// Curves over an axis: raw ones faint, smooth ones in front of them with symbols.
import { area, line } from 'd3-shape';
import { bandEnvelope, envelope, extremesOf } from '../downsample.ts';
import type { Curve, LinePanel } from '../figure.ts';
import { findGap } from '../gap.ts';
import { drawGrid } from './axes.ts';
import { type Frame, toX, toY } from './layout.ts';
import { type Attributes, element } from './markup.ts';
import { drawSymbols, type PanelContent, type Style } from './style.ts';

export function drawLinePanel(panel: LinePanel, frame: Frame, style: Style): PanelContent {
  const [raw, smooth, points, ghosts] = (['raw', 'smooth', 'points', 'ghost'] as const).map((role) =>
    panel.curves.filter((each) => each.role === role),
  ) as [Curve[], Curve[], Curve[], Curve[]];
  return {
    below: drawGrid(panel, frame, style) + drawCursor(panel, frame, style),
    clipped: [
      drawGap(panel, frame, style),
      ...ghosts.map((each) => drawGhost(each, frame, style)),
      ...smooth.map((each) => drawBand(each, frame, style)),
      ...raw.map((each) => drawCurve(each, frame, { color: style.color(each.name), width: 0.75, opacity: 0.3 })),
      ...smooth.map((each) => drawCurve(each, frame, { color: style.color(each.name), width: 1.75 })),
    ].join(''),
    above: [
      ...points.map(({ name, x, y }) =>
        drawSymbols(style.symbol(name), visiblePoints(x, y, frame), { r: 2.5, color: style.color(name) }),
      ),
      ...smooth.map((each) => drawOverflow(each, frame, style)),
      ...smooth.map((each, index) => drawMarkers(each, [index, smooth.length], frame, style)),
    ].join(''),
  };
}

/** Draws a vertical line at the current step of a race. */
function drawCursor({ x: axis, curves }: LinePanel, frame: Frame, { isLive, palette }: Style): string {
  const step = Math.max(...curves.map(({ x }) => x.at(-1) ?? frame.x[0]));
  if (!isLive || axis.names || curves.length === 0 || step >= frame.x[1]) return '';
  const x = toX(frame, step);
  return element('line', { x1: x, x2: x, y1: frame.top, y2: frame.top + frame.height, stroke: palette.muted });
}

/** Draws the curve of another run. */
export function drawGhost(curve: Curve, frame: Frame, { color }: Style): string {
  return drawCurve(curve, frame, { color: color(curve.name), width: 1.25, opacity: 0.55, dashes: '5 4' });
}

/** Shades the area between two curves. */
function drawGap(panel: LinePanel, frame: Frame, { palette }: Style): string {
  const gap = findGap(panel);
  return gap ? drawArea(gap.x, gap.band, frame, { fill: palette.muted, 'fill-opacity': 0.15 }) : '';
}

/** Draws the band from the lowest to the highest seed, or the curve's own band. */
function drawBand(
  { name, x, seeds, band = seeds && extremesOf(seeds) }: Curve,
  frame: Frame,
  { color }: Style,
): string {
  return band ? drawArea(x, band, frame, { fill: color(name), 'fill-opacity': 0.18 }) : '';
}

function drawArea(x: readonly number[], band: NonNullable<Curve['band']>, frame: Frame, look: Attributes): string {
  const thin = bandEnvelope(x, band, binCount(frame));
  const [low, high] = thin.band;
  const path = area<number>()
    .defined((_, i) => Number.isFinite(low[i]) && Number.isFinite(high[i]))
    .x((at) => toX(frame, at))
    .y0((_, i) => clampPixel(toY(frame, low[i] as number), frame))
    .y1((_, i) => clampPixel(toY(frame, high[i] as number), frame))
    .digits(1);
  return element('path', { d: path(thin.x as number[]) ?? '', ...look });
}

/** Marks a curve that ends above the frame. */
function drawOverflow({ name, x, y }: Curve, frame: Frame, { color }: Style): string {
  const [at, value] = [x.at(-1), y.at(-1)];
  if (at === undefined || !(value !== undefined && value > frame.y[1])) return '';
  return drawSymbols('triangle', [[toX(frame, at), frame.top + 6]], { r: 4, color: color(name) });
}

/** Parts that a long curve is divided into: one per two pixels. */
const binCount = ({ width }: Frame) => Math.round(width / 2);

interface Stroke {
  readonly color: string;
  readonly width: number;
  readonly opacity?: number;
  readonly dashes?: string;
}

/** Draws a line through the points of a curve, with gaps at values that are not finite. */
export function drawCurve({ x, y }: Pick<Curve, 'x' | 'y'>, frame: Frame, stroke: Stroke): string {
  const { color, width, opacity, dashes } = stroke;
  const thin = envelope({ x, y }, binCount(frame));
  const path = line<number>()
    .defined((_, i) => Number.isFinite(thin.y[i]))
    .x((at) => toX(frame, at))
    .y((_, i) => clampPixel(toY(frame, thin.y[i] as number), frame))
    .digits(1);
  const look = { stroke: color, 'stroke-width': width, 'stroke-opacity': opacity, 'stroke-linejoin': 'round' };
  return element('path', { d: path(thin.x) ?? '', fill: 'none', ...look, 'stroke-dasharray': dashes });
}

/** Limits a pixel to a range that every SVG renderer can handle, far outside the frame. */
function clampPixel(pixel: number, { top, height }: Frame): number {
  return Math.min(top + 100 * height, Math.max(top - 100 * height, pixel));
}

/**
 * Draws up to twelve symbols along a curve, fewer in small panels or with many curves, and a small one for each seed. Their positions
 * differ from those of the other curves.
 */
function drawMarkers(
  { name, x, y, seeds = [] }: Curve,
  [index, of]: [number, number],
  frame: Frame,
  style: Style,
): string {
  const { color, symbol, palette } = style;
  if (style.isLive && (x.at(-1) ?? frame.x[1]) < frame.x[1]) return drawBall({ name, x, y }, frame, style);
  const count = Math.min(of > 10 ? 1 : frame.isCompact ? 4 : 12, x.length);
  const at = Array.from({ length: count }, (_, i) => Math.floor(((i + index / of) * x.length) / count));
  const pointsOf = (values: readonly number[]) =>
    visiblePoints(
      at.map((i) => x[i] as number),
      at.map((i) => values[i] ?? Number.NaN),
      frame,
    );
  const r = frame.isCompact ? 3 : 4;
  return [
    ...seeds.map((values) => drawSymbols(symbol(name), pointsOf(values), { r: r / 2, color: color(name) })),
    drawSymbols(symbol(name), pointsOf(y), { r, color: color(name), rim: palette.background }),
  ].join('');
}

/** Draws a large symbol at the last point of a curve. */
export function drawBall({ name, x, y }: Pick<Curve, 'name' | 'x' | 'y'>, frame: Frame, style: Style): string {
  const { color, symbol, palette } = style;
  const last = visiblePoints(x.slice(-1), y.slice(-1), frame);
  return drawSymbols(symbol(name), last, { r: frame.isCompact ? 4 : 6, color: color(name), rim: palette.background });
}

/** Returns the pixels of the points inside the frame or on its edge. */
export function visiblePoints(x: readonly number[], y: readonly number[], frame: Frame): (readonly [number, number])[] {
  const { left, top, width, height } = frame;
  return x
    .map((at, i) => [toX(frame, at), toY(frame, y[i] as number)] as const)
    .filter(([px, py]) => px >= left - 0.5 && px <= left + width + 0.5 && py >= top - 0.5 && py <= top + height + 0.5);
}
