// The values of a figure at a pointer position or at an index.
import { type Curve, type Panel, toVertical } from '@descent/experiments';
import { type Frame, type Layout, toX, toY } from '@descent/experiments/svg';

export interface Tooltip {
  readonly name: string;
  readonly of: string | undefined;
  readonly x: number;
  readonly y: number;
  /** Index of the point in its curve. */
  readonly index: number;
}

/** Returns the pixel of a figure under the pointer. @param drawing the element with the figure */
export function pixelAt(
  { clientX, clientY }: PointerEvent,
  drawing: Element,
  { width }: Layout,
): [x: number, y: number] {
  const box = drawing.getBoundingClientRect();
  const scale = width / box.width;
  return [(clientX - box.left) * scale, (clientY - box.top) * scale];
}

/** Returns the index of the panel at a pixel of the figure. */
export function findPanel({ frames }: Layout, x: number, y: number): number | undefined {
  const found = frames.findIndex(
    ({ left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height,
  );
  return found < 0 ? undefined : found;
}

/** Returns the point of each curve that is nearest to a pixel: along x, or on a map by distance. */
export function readAtPixel(panel: Panel, frame: Frame, x: number, y: number): Tooltip[] {
  if (panel.kind === 'bar')
    return readAtIndex(panel, Math.floor((panel.y.names.length * (y - frame.top)) / frame.height));
  const isMap = panel.kind === 'path' || panel.kind === 'scatter';
  const found = getVisibleCurves(panel).flatMap((curve) =>
    read(curve, isMap ? nearestPoint(curve, frame, x, y) : nearestAlong(curve, frame, x)),
  );
  const far = (reading: Tooltip) => Math.abs(toY(frame, reading.y) - y);
  return found.length > MAX_READINGS ? found.sort((a, b) => far(a) - far(b)).slice(0, 3) : found;
}

/** With more curves than this, only three are read. */
const MAX_READINGS = 8;

/** Returns the point of each curve at an index. A shorter curve returns its last point. */
export function readAtIndex(panel: Panel, index: number): Tooltip[] {
  if (panel.kind === 'bar')
    return getVisibleCurves(toVertical(panel)).flatMap((curve) => read(curve, curve.x.indexOf(index)));
  const curves = getVisibleCurves(panel);
  return curves
    .slice(0, curves.length > MAX_READINGS ? 3 : MAX_READINGS)
    .flatMap((curve) => read(curve, Math.min(index, curve.x.length - 1)));
}

/** Returns the length of the longest curve of a panel. */
export function getCurveLength(panel: Panel): number {
  if (panel.kind === 'bar') return panel.y.names.length;
  return Math.max(0, ...getVisibleCurves(panel).map(({ x }) => x.length));
}

/** Returns the curves without the raw ones behind them; all, if every curve is raw. */
export function getVisibleCurves({ curves }: Panel): readonly Curve[] {
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
