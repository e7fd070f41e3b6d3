// The values of a figure under a point: what a pointer reads, and what the arrow keys read.
import { type Curve, type Panel, toVertical } from '@descent/experiments';
import { type Frame, type Layout, toX, toY } from '@descent/experiments/svg';

export interface Tooltip {
  readonly name: string;
  readonly of: string | undefined;
  readonly x: number;
  readonly y: number;
  /** Its place in the curve. */
  readonly index: number;
}

/** The panel under a pixel of the figure. */
export function panelAt({ frames }: Layout, x: number, y: number): number | undefined {
  const found = frames.findIndex(
    ({ left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height,
  );
  return found < 0 ? undefined : found;
}

/** What a panel's curves are at a pixel: of each the point nearest along x, or on a map the nearest point. */
export function readAt(panel: Panel, frame: Frame, x: number, y: number): Tooltip[] {
  if (panel.kind === 'bar')
    return readIndex(panel, Math.floor((panel.y.names.length * (y - frame.top)) / frame.height));
  const isMap = panel.kind === 'path' || panel.kind === 'scatter';
  const found = shown(panel).flatMap((curve) =>
    read(curve, isMap ? nearestPoint(curve, frame, x, y) : nearestAlong(curve, frame, x)),
  );
  const far = (reading: Tooltip) => Math.abs(toY(frame, reading.y) - y);
  return found.length > MANY ? found.sort((a, b) => far(a) - far(b)).slice(0, 3) : found;
}

/** More curves than a sentence can tell of. */
const MANY = 8;

/** What a panel's curves are at a place in them; each curve as far as it goes. */
export function readIndex(panel: Panel, index: number): Tooltip[] {
  if (panel.kind === 'bar') return shown(toVertical(panel)).flatMap((curve) => read(curve, curve.x.indexOf(index)));
  const curves = shown(panel);
  return curves
    .slice(0, curves.length > MANY ? 3 : MANY)
    .flatMap((curve) => read(curve, Math.min(index, curve.x.length - 1)));
}

/** The most points that a curve of the panel has. */
export function lengthOf(panel: Panel): number {
  if (panel.kind === 'bar') return panel.y.names.length;
  return Math.max(0, ...shown(panel).map(({ x }) => x.length));
}

/** All but raw curves where there are any: the raw ones are behind them. */
export function shown({ curves }: Panel): readonly Curve[] {
  const smooth = curves.filter(({ role }) => role !== 'raw');
  return smooth.length > 0 ? smooth : curves;
}

function read({ name, of, x, y }: Curve, index: number): Tooltip[] {
  const [at, value] = [x[index], y[index]];
  return at === undefined || value === undefined ? [] : [{ name, of, x: at, y: value, index }];
}

function nearestAlong({ x }: Curve, frame: Frame, pixel: number): number {
  return nearest(x.length, (i) => Math.abs(toX(frame, x[i] as number) - pixel));
}

function nearestPoint({ x, y }: Curve, frame: Frame, pixelX: number, pixelY: number): number {
  return nearest(x.length, (i) => {
    const [dx, dy] = [toX(frame, x[i] as number) - pixelX, toY(frame, y[i] as number) - pixelY];
    return dx * dx + dy * dy;
  });
}

function nearest(length: number, distance: (index: number) => number): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (distance(i) < distance(best)) best = i;
  return best;
}
