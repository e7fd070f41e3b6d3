// Figures with a logarithmic axis, for curves that fall over several decades.
import type { Axis, Curve, Figure, Panel } from './figure.ts';

/** The highest lower end of an axis, so that it rarely moves during a run. */
const HIGHEST_LOW = 0.1;

/** Returns the figure with logarithmic axes where they are possible. Values that are not above 0 become gaps. */
export function toLogScale(figure: Figure): Figure {
  return { ...figure, panels: figure.panels.map((panel) => (panel.y.canBeLog ? toLogPanel(panel) : panel)) };
}

function toLogPanel<P extends Panel>(panel: P): P {
  const curves = panel.curves.map((curve): Curve => {
    const { seeds, band } = curve;
    return {
      ...curve,
      y: curve.y.map(orGap),
      ...(seeds && { seeds: seeds.map((values) => values.map(orGap)) }),
      ...(band && { band: [band[0].map(orGap), band[1].map(orGap)] as const }),
    };
  });
  return { ...panel, y: { ...panel.y, isLog: true, domain: logDomain(panel.y, curves) }, curves };
}

function orGap(value: number): number {
  return value > 0 ? value : Number.NaN;
}

/** Returns the decades of the curves that are not raw: the extremes of single batches are not worth an axis. */
function logDomain({ domain }: Axis, curves: readonly Curve[]): [low: number, high: number] {
  let [low, high] = [HIGHEST_LOW, domain?.[1] ?? 1];
  // With a domain, higher values are those of an arm that diverged.
  const limit = domain ? 10 * high : Number.POSITIVE_INFINITY;
  for (const { y, role } of curves) {
    if (role === 'raw') continue;
    for (const value of y) {
      if (!Number.isFinite(value)) continue;
      while (value < low && low > 1e-12) low /= 10;
      high = Math.max(high, Math.min(limit, value));
    }
  }
  return [Number(low.toPrecision(1)), high];
}
