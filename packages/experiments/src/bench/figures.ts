// A benchmark as figures: bars with the intervals of their medians.

import type { BarPanel, Curve, Figure } from '../figure/figure.ts';
import { message } from '../i18n/index.ts';
import type { Text } from '../text.ts';
import { type BenchView, type BenchViewRow, speedupOf } from './view.ts';

/** Floating-point operations of a call that is worth a bar: below, the call itself is most of the time. */
const WORTH = 1e6;

/** Bars with their intervals: speed over plain JavaScript, and the share of the roof or the time of a step. */
export function benchFigures(view: BenchView): Figure[] {
  return view.suite === 'kernels' ? [speedups(view), roofs(view)] : [stepTimes(view), speedups(view)];
}

/** One bar of a row; none where it has no such number. */
type Measure = (row: BenchViewRow) => { value: number; low: number; high: number } | undefined;

function speedups(view: BenchView): Figure {
  return {
    id: 'speedup',
    title: message('bench.figures.speedup.title'),
    caption: message('bench.figures.speedup.caption'),
    columns: 1,
    panels: [
      bars(view, message('bench.figures.speedup.panels'), (row) =>
        row.variant === 'reference' ? undefined : speedupOf(row, view),
      ),
    ],
  };
}

function roofs(view: BenchView): Figure {
  return {
    id: 'roof',
    title: message('bench.figures.roof.title'),
    caption: message('bench.figures.roof.caption'),
    columns: 1,
    panels: [
      bars(view, message('bench.figures.roof.panels'), ({ medianUs, ci95Us, roofFraction }) => {
        if (roofFraction === undefined) return undefined;
        const at = (us: number) => (100 * roofFraction * medianUs) / us;
        return { value: 100 * roofFraction, low: at(ci95Us[1]), high: at(ci95Us[0]) };
      }),
    ],
  };
}

function stepTimes(view: BenchView): Figure {
  return {
    id: 'step-time',
    title: message('bench.figures.step-time.title'),
    caption: message('bench.figures.step-time.caption'),
    columns: 1,
    panels: [
      bars(view, message('bench.figures.step-time.panels'), ({ medianUs, ci95Us: [low, high] }) => ({
        value: medianUs,
        low,
        high,
      })),
    ],
  };
}

function bars(view: BenchView, label: Text, measure: Measure): BarPanel {
  const rows = view.rows.filter(isWorthABar).map((row) => ({ row, bar: measure(row) }));
  const names = [...new Set(rows.flatMap(({ row, bar }) => (bar ? [row.name] : [])))];
  const named = new Set(rows.flatMap(({ row, bar }) => (bar ? [row.variant] : [])));
  // Last, so that the others have the same colors whether it is there or not.
  const variants = [...named].sort((a, b) => Number(a === 'reference') - Number(b === 'reference'));
  const curves = variants.map((variant): Curve => {
    const own = rows.flatMap(({ row, bar }) =>
      bar && row.variant === variant ? [{ ...bar, y: names.indexOf(row.name) }] : [],
    );
    return {
      name: variant,
      role: 'smooth',
      x: own.map(({ value }) => value),
      y: own.map(({ y }) => y),
      band: [own.map(({ low }) => low), own.map(({ high }) => high)],
    };
  });
  // A noisy interval runs out of the frame rather than flatten all bars.
  const highest = 1.1 * Math.max(1, ...curves.flatMap(({ x }) => x).filter(Number.isFinite));
  return {
    kind: 'bar',
    x: { label, domain: [0, highest] },
    y: {
      label:
        view.suite === 'kernels'
          ? message('bench.figures.call-axis.label')
          : message('bench.figures.network-axis.label'),
      names,
    },
    curves,
  };
}

function isWorthABar({ gflops, medianUs }: BenchViewRow): boolean {
  return gflops === undefined || 1000 * gflops * medianUs >= WORTH;
}
