// A benchmark as it is shown and shared: names, medians with their intervals, rates; small enough for a link.
import { type BenchReport, type KernelsReport, type Noise, noiseOf, rowName, type StepReport } from '@descent/nn/bench';
import * as v from 'valibot';
import { parseAs } from '../record/json.ts';

/** One call or step in one variant. */
export interface BenchViewRow {
  /** `matmul 128×784×100`, `784-100x4-10 SGD`. */
  readonly name: string;
  /** The kernels that were timed. */
  readonly variant: string;
  /** Microseconds a call or step. */
  readonly medianUs: number;
  /** Holds the true median in at least 95 of 100 such runs. */
  readonly ci95Us: readonly [low: number, high: number];
  /** Of what a dense product would do; only with the suite of kernels. */
  readonly gflops?: number;
  /** Time that the roof allows ÷ time taken; only with the suite of kernels. */
  readonly roofFraction?: number;
}

/** The most that a variant does on this machine. */
export interface BenchViewRoof {
  /** Whose roof it is. */
  readonly variant: string;
  /** Arithmetic, in 10⁹ operations a second. */
  readonly gflops: number;
  /** Memory, in 10⁹ bytes a second. */
  readonly gbps: number;
}

/** A benchmark as it is shown: what front ends draw and a link carries. */
export interface BenchView {
  /** What was timed. */
  readonly suite: 'kernels' | 'step';
  /** One a call or step and variant. */
  readonly rows: readonly BenchViewRow[];
  /** One a variant; none with the suite of steps. */
  readonly roof: readonly BenchViewRoof[];
  /** How far the intervals can be trusted. */
  readonly noise: Noise;
  /** Sentences that a reader of the numbers should not miss. */
  readonly notes: readonly string[];
  /** What it ran on, by name. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What of a report is shown. */
export function viewOf(report: KernelsReport | StepReport): BenchView {
  const { suite, noise, notes, environment } = report;
  if (suite === 'step') return { suite, rows: report.rows.map(rowOf), roof: [], noise, notes, environment };
  const rows = report.rows.map((row) => ({
    ...rowOf(row),
    gflops: row.effectiveGflops ?? row.gflops,
    roofFraction: row.roofFraction,
  }));
  // A clock that stood still gives no rate.
  const roof = Object.entries(report.roof)
    .map(([variant, { gflops, gbps }]) => ({ variant, gflops, gbps }))
    .filter(({ gflops, gbps }) => Number.isFinite(gflops) && Number.isFinite(gbps));
  return { suite, rows, roof, noise, notes, environment };
}

type Row = BenchReport<KernelsReport['rows'][number] | StepReport['rows'][number]>['rows'][number];

function rowOf(row: Row): BenchViewRow {
  const { variant, medianUs, ci95Us } = row;
  return {
    name: rowName({ ...row, variant: undefined, batch: undefined, data: undefined }),
    variant,
    medianUs,
    ci95Us,
  };
}

/** A ratio of two times. */
export interface Ratio {
  /** Of the medians. */
  readonly value: number;
  /** The least that both intervals allow. */
  readonly low: number;
  /** The greatest that both intervals allow. */
  readonly high: number;
}

/** How many times faster than plain JavaScript a row is, with the widest interval that both allow. */
export function speedupOf(row: BenchViewRow, { rows }: BenchView): Ratio | undefined {
  const plain = rows.find(({ name, variant }) => name === row.name && variant === 'reference');
  if (!plain) return undefined;
  const [low, high] = [plain.ci95Us[0] / row.ci95Us[1], plain.ci95Us[1] / row.ci95Us[0]];
  return { value: plain.medianUs / row.medianUs, low, high };
}

const Text = v.pipe(v.string(), v.maxLength(300));
const Name = v.pipe(v.string(), v.maxLength(80));
const Positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const Place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(7));
const few = <T extends v.GenericSchema>(item: T, most: number) => v.pipe(v.array(item), v.maxLength(most));

/** [variant, median, low, high], of kernels also [GFLOP/s, share of the roof]. */
const Times = v.union([
  v.strictTuple([Place, Positive, Positive, Positive]),
  v.strictTuple([
    Place,
    Positive,
    Positive,
    Positive,
    v.pipe(v.number(), v.finite(), v.minValue(0)),
    v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  ]),
]);

const PackedSchema = v.object({
  suite: v.picklist(['kernels', 'step']),
  variants: few(Name, 8),
  rows: few(v.strictTuple([Name, few(Times, 8)]), 200),
  roof: few(v.strictTuple([Place, Positive, Positive]), 8),
  notes: few(Text, 10),
  environment: v.pipe(
    v.record(Name, Text),
    v.check((all) => Object.keys(all).length <= 8, 'at most 8 entries'),
  ),
});

type Packed = v.InferOutput<typeof PackedSchema>;

/** Four digits are more than an interval leaves certain. */
const brief = (value: number) => Number(value.toPrecision(4));

/** One line of JSON; `unpackView` reads it. */
export function packView({ suite, rows, roof, notes, environment }: BenchView): string {
  const variants = [...new Set(rows.map(({ variant }) => variant))];
  const at = (variant: string) => variants.indexOf(variant);
  const names = [...new Set(rows.map(({ name }) => name))];
  const timesOf = ({ variant, medianUs, ci95Us, gflops, roofFraction }: BenchViewRow) => [
    at(variant),
    ...[medianUs, ...ci95Us, ...(gflops === undefined ? [] : [gflops, roofFraction ?? 0])].map(brief),
  ];
  return JSON.stringify({
    suite,
    variants,
    rows: names.map((name) => [name, rows.filter((row) => row.name === name).map(timesOf)]),
    roof: roof.map(({ variant, gflops, gbps }) => [at(variant), brief(gflops), brief(gbps)]),
    notes: notes.slice(0, 10).map((note) => note.slice(0, 300)),
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.slice(0, 300)])),
  });
}

/** @throws RecordError where the text is not what `packView` writes */
export function unpackView(text: string): BenchView {
  const { variants, rows: packed, roof, ...rest } = parseAs(PackedSchema, parsed(text), 'bench');
  const named = (place: number) => variants[place] ?? '?';
  const rows = packed.flatMap(([name, all]) => all.map((times) => unpackRow(name, times, named)));
  return {
    ...rest,
    rows,
    roof: roof.map(([place, gflops, gbps]) => ({ variant: named(place), gflops, gbps })),
    noise: noiseOf(rows.map((row) => ({ ...row, leastUs: row.medianUs, samples: 1 }))),
  };
}

function unpackRow(
  name: string,
  times: Packed['rows'][number][1][number],
  named: (place: number) => string,
): BenchViewRow {
  const [place, medianUs, low, high, gflops, roofFraction] = times;
  const row = { name, variant: named(place), medianUs, ci95Us: [low, high] as const };
  return gflops === undefined || roofFraction === undefined ? row : { ...row, gflops, roofFraction };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
