// Figures over several runs at different seeds.
import { message } from '../i18n/index.ts';
import type { RunRecord } from '../record/record.ts';
import { mean } from '../record/series.ts';
import type { Text } from '../text.ts';
import { type Axis, type Curve, type Figure, type Panel, rotated } from './figure.ts';

/**
 * Returns the figures of one run, or of several runs at different seeds. Over several, each smooth curve is the mean over the seeds and
 * contains all of them. Where a diverged arm has no value, it is the mean of the others.
 */
export function figuresOver(
  experiment: { figures(record: RunRecord): Figure[] },
  records: readonly RunRecord[],
): Figure[] {
  const [first, ...others] = records.map((record) => experiment.figures(record)) as [Figure[], ...Figure[][]];
  if (others.length === 0) return first;
  return first.map((figure, i) => mergeFigures([figure, ...others.map((figures) => figures[i] as Figure)]));
}

function mergeFigures(figures: readonly [Figure, ...Figure[]]): Figure {
  // The ranking is that of one run.
  const [{ ranking: _, ...figure }] = figures;
  return {
    ...figure,
    caption: captionOver(figure.panels, figure.caption, figures.length),
    panels: figure.panels.map((panel, i) =>
      mergePanels(
        panel,
        figures.flatMap(({ panels }) => panels[i] ?? []),
      ),
    ),
  };
}

/** Adds what is shown of the seeds: all points of a scatter panel, the mean of histograms, mean and band of curves. */
function captionOver(panels: readonly Panel[], caption: Text, seeds: number): Text {
  const isEvery = (wanted: Panel['kind']) => panels.every(({ kind }) => kind === wanted);
  if (isEvery('scatter')) return message('figure.over-seeds.points', { caption, seeds });
  return message(isEvery('histogram') ? 'figure.over-seeds.mean' : 'figure.over-seeds.band', { caption, seeds });
}

function mergePanels<P extends Panel>(panel: P, all: readonly Panel[]): P {
  if (panel.kind === 'scatter') return { ...panel, curves: all.flatMap(({ curves }) => curves) };
  const curves = panel.curves
    .filter(({ role }) => role === 'smooth')
    .map(({ name, role }) => {
      const same = all.flatMap((each) => each.curves.filter((other) => other.name === name && other.role === role));
      return panel.kind === 'bar' ? rotated(mergeCurves(same.map(rotated))) : mergeCurves(same);
    });
  // Arms that diverged. Notes at the bottom are numbers of one run.
  const diverged = all.flatMap((each) => each.notes ?? []).filter(({ at }) => at === 'top');
  const notes = new Map(diverged.map((note) => [note.text.en, note]));
  const axes = { x: mergeAxes(all.map(({ x }) => x)), y: mergeAxes(all.map(({ y }) => y)) };
  return { ...panel, ...axes, curves, ...(notes.size > 0 && { notes: [...notes.values()] }) };
}

function mergeCurves(curves: readonly Curve[]): Curve {
  const longest = curves.reduce((a, b) => (b.x.length > a.x.length ? b : a));
  const seeds = curves.map(({ y }) => y);
  return { ...longest, y: longest.x.map((_, i) => mean(seeds.flatMap((y) => y[i] ?? []))), seeds };
}

/** Returns an axis whose domain contains the domains of all. */
export function mergeAxes(axes: readonly Axis[]): Axis {
  const domains = axes.flatMap(({ domain }) => (domain ? [domain] : []));
  const [axis] = axes as [Axis];
  if (domains.length < axes.length) return axis;
  return {
    ...axis,
    domain: [Math.min(...domains.map(([low]) => low)), Math.max(...domains.map(([, high]) => high))],
  };
}
