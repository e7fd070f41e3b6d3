// Curves over an axis: raw ones faint, smooth ones in front with markers, so that color is never alone.
import { area, line } from 'd3-shape';
import { bandEnvelope, envelope, extremesOf } from '../downsample.ts';
import type { Curve, LinePanel } from '../figure.ts';
import { grid } from './axes.ts';
import { type Frame, toX, toY } from './layout.ts';
import { element } from './markup.ts';
import { type Drawn, marks, type Style } from './style.ts';

export function linePanel(panel: LinePanel, frame: Frame, style: Style): Drawn {
  const [raw, smooth, loose] = (['raw', 'smooth', 'points'] as const).map((role) =>
    panel.curves.filter((each) => each.role === role),
  ) as [Curve[], Curve[], Curve[]];
  return {
    below: grid(panel, frame, style),
    clipped: [
      ...smooth.map((each) => band(each, frame, style)),
      ...raw.map((each) => curve(each, frame, { color: style.color(each.name), width: 0.75, opacity: 0.3 })),
      ...smooth.map((each) => curve(each, frame, { color: style.color(each.name), width: 1.75 })),
    ].join(''),
    above: [
      ...loose.map(({ name, x, y }) =>
        marks(style.symbol(name), pointsIn(x, y, frame), { r: 2.5, color: style.color(name) }),
      ),
      ...smooth.map((each, index) => markers(each, [index, smooth.length], frame, style)),
    ].join(''),
  };
}

/** Draws the band from the lowest to the highest seed, or the curve's own band. */
function band({ name, x, seeds, band = seeds && extremesOf(seeds) }: Curve, frame: Frame, { color }: Style): string {
  if (!band) return '';
  const thin = bandEnvelope(x, band, binsOf(frame));
  const [low, high] = thin.band;
  const path = area<number>()
    .defined((_, i) => Number.isFinite(low[i]) && Number.isFinite(high[i]))
    .x((at) => toX(frame, at))
    .y0((_, i) => near(toY(frame, low[i] as number), frame))
    .y1((_, i) => near(toY(frame, high[i] as number), frame))
    .digits(1);
  return element('path', { d: path(thin.x as number[]) ?? '', fill: color(name), 'fill-opacity': 0.18 });
}

/** Parts that a long curve is divided into: one per two pixels. */
const binsOf = ({ width }: Frame) => Math.round(width / 2);

interface Stroke {
  readonly color: string;
  readonly width: number;
  readonly opacity?: number;
}

/** A curve through its points, with a gap where a value is not finite. */
export function curve({ x, y }: Pick<Curve, 'x' | 'y'>, frame: Frame, { color, width, opacity }: Stroke): string {
  const thin = envelope({ x, y }, binsOf(frame));
  const path = line<number>()
    .defined((_, i) => Number.isFinite(thin.y[i]))
    .x((at) => toX(frame, at))
    .y((_, i) => near(toY(frame, thin.y[i] as number), frame))
    .digits(1);
  const look = { stroke: color, 'stroke-width': width, 'stroke-opacity': opacity, 'stroke-linejoin': 'round' };
  return element('path', { d: path(thin.x) ?? '', fill: 'none', ...look });
}

/** Far beyond the frame is as good as infinitely far, and a renderer can still count it. */
function near(pixel: number, { top, height }: Frame): number {
  return Math.min(top + 100 * height, Math.max(top - 100 * height, pixel));
}

/**
 * A dozen symbols along a curve, one where curves are many, not abreast with those of its neighbors; at the same places a small one
 * for each seed.
 */
function markers({ name, x, y, seeds = [] }: Curve, [index, of]: [number, number], frame: Frame, style: Style): string {
  const { color, symbol, palette } = style;
  const count = Math.min(of > 10 ? 1 : frame.isCompact ? 4 : 12, x.length);
  const at = Array.from({ length: count }, (_, i) => Math.floor(((i + index / of) * x.length) / count));
  const pointsOf = (values: readonly number[]) =>
    pointsIn(
      at.map((i) => x[i] as number),
      at.map((i) => values[i] ?? Number.NaN),
      frame,
    );
  const r = frame.isCompact ? 3 : 4;
  return [
    ...seeds.map((values) => marks(symbol(name), pointsOf(values), { r: r / 2, color: color(name) })),
    marks(symbol(name), pointsOf(y), { r, color: color(name), rim: palette.background }),
  ].join('');
}

/** The pixels of those points that lie within the frame or on its edge. */
export function pointsIn(x: readonly number[], y: readonly number[], frame: Frame): (readonly [number, number])[] {
  const { left, top, width, height } = frame;
  return x
    .map((at, i) => [toX(frame, at), toY(frame, y[i] as number)] as const)
    .filter(([px, py]) => px >= left - 0.5 && px <= left + width + 0.5 && py >= top - 0.5 && py <= top + height + 0.5);
}
