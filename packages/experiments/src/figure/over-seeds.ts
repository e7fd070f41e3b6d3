// Figures of an experiment at several seeds: the same figures, whose curves are means with a band.

import type { RunRecord } from '../record/record.ts';
import { mean } from '../record/series.ts';
import type { Text } from '../text.ts';
import { type Axis, type Curve, type Figure, type Panel, rotated } from './figure.ts';

/**
 * The figures of one run, or of several at different seeds: there every smooth curve is the mean over the seeds, with all of
 * them beside it. A curve that is shorter at some seeds, where its arm diverged, is the mean of those that go on.
 */
export function figuresOver(
  experiment: { figures(record: RunRecord): Figure[] },
  records: readonly RunRecord[],
): Figure[] {
  const [first, ...others] = records.map((record) => experiment.figures(record)) as [Figure[], ...Figure[][]];
  if (others.length === 0) return first;
  return first.map((figure, i) => merge([figure, ...others.map((figures) => figures[i] as Figure)]));
}

function merge(figures: readonly [Figure, ...Figure[]]): Figure {
  const [{ caption, ...figure }] = figures;
  const n = figures.length;
  return {
    ...figure,
    caption: captionOver(figure.panels, caption, n),
    panels: figure.panels.map((panel, i) =>
      mergePanels(
        panel,
        figures.map(({ panels }) => panels[i] as Panel),
      ),
    ),
  };
}

/** What is seen of so many seeds: of points all, of bars the mean, of curves a band as well. */
function captionOver(panels: readonly Panel[], { en, ko, ja }: Text, n: number): Text {
  if (panels.every(({ kind }) => kind === 'scatter')) {
    return {
      en: `${en} All ${n} seeds together.`,
      ko: `${ko} 시드 ${n}개의 결과를 모두 모았다.`,
      ja: `${ja}${n} 個のシードの結果をすべて重ねた。`,
    };
  }
  if (panels.every(({ kind }) => kind === 'histogram')) {
    return {
      en: `${en} Mean over ${n} seeds.`,
      ko: `${ko} 시드 ${n}개의 평균이다.`,
      ja: `${ja}${n} 個のシードの平均。`,
    };
  }
  return {
    en: `${en} Mean over ${n} seeds; the band reaches from the lowest to the highest.`,
    ko: `${ko} 시드 ${n}개의 평균이며, 띠는 최솟값에서 최댓값까지를 나타낸다.`,
    ja: `${ja}${n} 個のシードの平均で、帯は最小値から最大値までを示す。`,
  };
}

function mergePanels<P extends Panel>(panel: P, all: readonly Panel[]): P {
  if (panel.kind === 'scatter') return { ...panel, curves: all.flatMap(({ curves }) => curves) };
  const curves = panel.curves
    .filter(({ role }) => role === 'smooth')
    .map((curve) => {
      const same = all.flatMap((each) => each.curves.filter((other) => isSame(curve, other)));
      return panel.kind === 'bar' ? rotated(mergeCurves(same.map(rotated))) : mergeCurves(same);
    });
  return { ...panel, x: mergeAxes(all.map(({ x }) => x)), y: mergeAxes(all.map(({ y }) => y)), curves };
}

function isSame(a: Curve, b: Curve): boolean {
  return a.name === b.name && a.role === b.role;
}

function mergeCurves(curves: readonly Curve[]): Curve {
  const longest = curves.reduce((a, b) => (b.x.length > a.x.length ? b : a));
  const seeds = curves.map(({ y }) => y);
  return { ...longest, y: longest.x.map((_, i) => mean(seeds.flatMap((y) => y[i] ?? []))), seeds };
}

/** Wide enough for every seed. */
function mergeAxes(axes: readonly Axis[]): Axis {
  const domains = axes.flatMap(({ domain }) => (domain ? [domain] : []));
  const [axis] = axes as [Axis];
  if (domains.length < axes.length) return axis;
  return {
    ...axis,
    domain: [Math.min(...domains.map(([low]) => low)), Math.max(...domains.map(([, high]) => high))],
  };
}
