// The figures of the suites `kernels` and `step`: bars with confidence intervals.
import { type KernelsReport, rowName } from '@descent/nn/bench';
import type { BarPanel, Curve, Figure } from '../figure/figure.ts';
import { message } from '../i18n/index.ts';
import type { Text } from '../text.ts';
import type { StepReport } from './step.ts';

type Report = KernelsReport | StepReport;
type Row = Report['rows'][number];

interface Bar {
  readonly name: string;
  readonly variant: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Floating-point operations of a call that gets a bar; shorter calls measure the overhead of a call. */
const MIN_FLOPS = 1e6;

/** Returns the speedup over JavaScript, and the share of the roofline or the time per step. */
export function benchFigures(report: KernelsReport | StepReport): Figure[] {
  const rows: readonly Row[] = report.rows.filter(
    (row) => !('gflops' in row) || 1000 * (row.effectiveGflops ?? row.gflops) * row.medianUs >= MIN_FLOPS,
  );
  const isKernels = report.suite === 'kernels';
  const figure = (id: 'speedup' | 'roof' | 'step-time', bars: readonly Bar[]): Figure => ({
    id,
    title: message(`bench.figures.${id}.title`),
    caption: message(`bench.figures.${id}.caption`),
    columns: 1,
    panels: [barPanel(bars, message(`bench.figures.${id}.panels`), isKernels)],
  });
  const speedups = figure(
    'speedup',
    rows.flatMap((row) => toSpeedup(row, rows)),
  );
  return isKernels
    ? [speedups, figure('roof', rows.flatMap(toRoofShare))]
    : [
        figure(
          'step-time',
          rows.map((row) => toBar(row, (us) => us)),
        ),
        speedups,
      ];
}

const toBar = (row: Row, scale: (us: number) => number): Bar => {
  const [a, b] = row.ci95Us.map(scale) as [number, number];
  return {
    name: nameOf(row),
    variant: row.variant,
    value: scale(row.medianUs),
    low: Math.min(a, b),
    high: Math.max(a, b),
  };
};

const nameOf = (row: Row) => rowName({ ...row, variant: undefined, batch: undefined, data: undefined });

/** The interval is the widest that both intervals allow. */
function toSpeedup(row: Row, rows: readonly Row[]): Bar[] {
  const name = nameOf(row);
  const reference = rows.find((other) => other.variant === 'reference' && nameOf(other) === name);
  if (!reference || row.variant === 'reference') return [];
  const { medianUs, ci95Us } = reference;
  const value = medianUs / row.medianUs;
  return [{ name, variant: row.variant, value, low: ci95Us[0] / row.ci95Us[1], high: ci95Us[1] / row.ci95Us[0] }];
}

function toRoofShare(row: Row): Bar[] {
  return 'roofFraction' in row ? [toBar(row, (us) => (100 * row.roofFraction * row.medianUs) / us)] : [];
}

function barPanel(bars: readonly Bar[], label: Text, isKernels: boolean): BarPanel {
  const names = [...new Set(bars.map(({ name }) => name))];
  // The reference last, so that the other variants have the same colors in every figure.
  const variants = [...new Set(bars.map(({ variant }) => variant))].sort(
    (a, b) => Number(a === 'reference') - Number(b === 'reference'),
  );
  const curves = variants.map((variant): Curve => {
    const own = bars.filter((bar) => bar.variant === variant);
    return {
      name: variant,
      role: 'smooth',
      x: own.map(({ value }) => value),
      y: own.map(({ name }) => names.indexOf(name)),
      band: [own.map(({ low }) => low), own.map(({ high }) => high)],
    };
  });
  const greatest = (values: readonly number[]) => Math.max(1, ...values.filter(Number.isFinite));
  const median = greatest(bars.map(({ value }) => value));
  // A very wide interval would shorten all bars: it ends at the frame, in an arrow.
  const highest = 1.05 * Math.min(2 * median, Math.max(median, greatest(bars.map(({ high }) => high))));
  const axis = message(isKernels ? 'bench.figures.call-axis.label' : 'bench.figures.network-axis.label');
  return { kind: 'bar', x: { label, domain: [0, highest] }, y: { label: axis, names }, curves };
}
