// Axes that do not move while a record grows, or while an earlier step of it is shown.
import { message } from '../i18n/index.ts';
import type { Figure, Panel } from './figure.ts';
import { axisRange } from './scale.ts';

type Range = readonly [low: number, high: number];

/** Returns the figure with the axes of another figure of the same record. */
export function copyAxes(figure: Figure, of: Figure): Figure {
  return mapPanels(figure, [of], (panel, [reference]) =>
    withDomains(panel, axisRange(reference, 'x'), axisRange(reference, 'y')),
  );
}

/**
 * Returns the figure of a growing record with axes that contain those of others: of a finished record with other
 * settings, and of the beginning of this one. An axis of planned steps stays as it is. A vertical axis that curves leave
 * after the first quarter is extended, and the caption says so.
 */
export function followAxes(figure: Figure, ...others: readonly Figure[]): Figure {
  let isExtended = false;
  const followed = mapPanels(figure, others, (panel, references) => {
    // The paths of other settings are elsewhere.
    if (panel.kind === 'path') return panel;
    const [x, y] = [panel.x.domain ?? unionOf(references, 'x'), unionOf(references, 'y')];
    const factor = extensionOf(panel, x, y);
    if (factor > 1) isExtended = true;
    return withDomains(panel, x, [y[0] * factor, y[1] * factor]);
  });
  const { caption } = figure;
  return isExtended ? { ...followed, caption: message('figure.still-axes.extended', { caption }) } : followed;
}

type Panels = readonly [Panel, ...Panel[]];

/** Changes each panel that has counterparts of its kind in other figures. */
function mapPanels(
  figure: Figure,
  others: readonly Figure[],
  change: (panel: Panel, references: Panels) => Panel,
): Figure {
  const panels = figure.panels.map((panel, i) => {
    const [first, ...rest] = others.flatMap(({ panels }) => (panels[i]?.kind === panel.kind ? [panels[i]] : []));
    return first ? change(panel, [first, ...rest]) : panel;
  });
  return { ...figure, panels };
}

function unionOf(panels: Panels, axis: 'x' | 'y'): Range {
  const ranges = panels.map((panel) => axisRange(panel, axis));
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

function withDomains(panel: Panel, x: Range, y: Range): Panel {
  const changed = { ...panel, x: { ...panel.x, domain: x } };
  return (panel.kind === 'bar' ? changed : { ...changed, y: { ...panel.y, domain: y } }) as Panel;
}

/** Curves farther outside than this have diverged. They do not extend an axis. */
const MAX_EXTENSION = 8;

/** Returns the power of two by which a range must grow so that the smooth curves stay within it. */
function extensionOf({ curves }: Panel, [left, right]: Range, [low, high]: Range): number {
  const start = left + (right - left) / 4;
  let factor = 1;
  for (const { role, x, y } of curves) {
    if (role !== 'smooth') continue;
    let needed = 1;
    y.forEach((value, i) => {
      if (Number.isFinite(value) && (x[i] as number) >= start)
        needed = Math.max(needed, high > 0 ? value / high : 1, low < 0 ? value / low : 1);
    });
    if (needed <= MAX_EXTENSION) while (factor < needed) factor *= 2;
  }
  return factor;
}
