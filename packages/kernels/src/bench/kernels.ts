// The kernels suite: every op in every variant at the sizes of the experiments, checked, timed in turn, held against the roof.

import * as is from '../check.ts';
import { countBytes, isArray } from '../op-specs.ts';
import { type Device, type DeviceOptions, loadDevice } from '../runtime/device.ts';
import { availableVariants, type Variant, variants } from '../runtime/variants.ts';
import { type BenchCall, type CallResult, checkResult, prepareCall } from './call.ts';
import { createInputs, type InputValues } from './inputs.ts';
import { type Host, hostLike, type MeasurementPlan, measureInterleaved } from './measure.ts';
import { type BenchReport, noiseOf } from './report.ts';
import { matchingStream, PEAK_BYTES, peakCandidates, type Roofline, toRooflines } from './roofline.ts';
import { roundTo4Digits, type Timed } from './statistics.ts';
import { toShape, type Workload, workloads } from './workloads.ts';

/** One op at one size in one variant: microseconds a call. */
export interface KernelRow extends Timed {
  /** As `Kernels` has it. */
  readonly op: string;
  /** [M, K, N] of a product, [M, N], [N]. */
  readonly shape: readonly number[];
  /** Of the input whose zeros are passed over, the share that is not zero. */
  readonly density?: number;
  /** The kernels that were timed. */
  readonly variant: Variant;
  /** Of what is really computed: products with zeros that are passed over do not count. */
  readonly gflops: number;
  /** As if they did: what a dense product would need to be as fast. Only with `density`. */
  readonly effectiveGflops?: number;
  /** Bytes read and written, each once, in 10⁹ a second. */
  readonly gbps: number;
  /** Time that the roof allows ÷ time taken. */
  readonly roofFraction: number;
  /** The same of the least times: on a machine that others use too it says more about the code. */
  readonly bestRoofFraction: number;
  /** Which side of the roof is the lower one here. */
  readonly limit: 'arithmetic' | 'memory';
  /** Median time of plain JavaScript ÷ its own. */
  readonly speedupOverReference: number;
}

/** What `benchKernels` hands over. */
export interface KernelsReport extends BenchReport<KernelRow> {
  /** What tells reports apart. */
  readonly suite: 'kernels';
  /** By variant. */
  readonly roof: Readonly<Record<string, Roofline>>;
}

/** What to time. */
export interface KernelsBenchOptions {
  /** Default: all that the engine runs. The reference is always among them, for it is what the others are checked by. */
  readonly variants?: readonly Variant[];
  /** A few seconds instead of half a minute: fewer rounds, no great squares. */
  readonly quick?: boolean;
  /** Only bouts whose op contains this. */
  readonly only?: string;
  /** Of the order of turns. Default 1. */
  readonly seed?: number;
  /** Goes into the report as it is. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of `loadDevice`, so that a test can slip in a wrong kernel. */
  readonly load?: (options: DeviceOptions) => Promise<Device>;
}

const FULL = { rounds: 61, warmUpMs: 25, sampleMs: 0.6, budgetMs: 400 };
const QUICK = { rounds: 13, warmUpMs: 10, sampleMs: 0.5, budgetMs: 60 };

/** Room for the buffers of every bout. */
export const BYTES = 96 * 2 ** 20;

/** Rules of the options that all suites have. */
export const benchRules: is.Rules<KernelsBenchOptions> = {
  variants: is.listOf('an array of variants', is.choice(...Object.keys(variants))),
  quick: is.boolean,
  only: is.string,
  seed: is.uint32,
  environment: is.strings,
  load: is.callable(),
};

interface Entry {
  readonly bout: Workload;
  readonly contents: InputValues;
  readonly variant: Variant;
  readonly call: BenchCall;
}

/** @throws WrongKernelError before anything is timed, where an answer is not that of the reference */
export async function benchKernels(host: Host, options: KernelsBenchOptions = {}): Promise<KernelsReport> {
  is.checkArguments('benchKernels', arguments, { host: hostLike, options: is.optionsOf(benchRules) });
  const { quick = false, only = '', seed = 1, environment = {}, load = loadDevice } = options;
  const wanted = new Set<Variant>(['reference', ...(options.variants ?? availableVariants())]);
  const devices = await Promise.all([...wanted].map((variant) => load({ variant, bytes: PEAK_BYTES + BYTES })));
  const bouts = workloads({ quick }).filter(({ row }) => row.op.includes(only));
  const entries = bouts.flatMap((bout) => prepare(bout, devices, seed));
  const loops = (await Promise.all(devices.map(peakCandidates))).flat();
  const plan: MeasurementPlan = { ...(quick ? QUICK : FULL), seed };
  const times = await measureInterleaved([...loops, ...entries.map(({ call }) => call)], plan, host);
  const roof = toRooflines(loops, times.slice(0, loops.length));
  const drafts = entries.map((entry, i) => toRow(entry, times[loops.length + i] as Timed));
  const notes = updatePeak(roof, drafts);
  const rows = drafts.map((entry) => addRoofline(entry, roof[entry.row.variant] as Roofline, drafts));
  return { format: 'descent-bench/1', suite: 'kernels', roof, rows, noise: noiseOf(rows), notes, environment };
}

/** Lays a bout out on every device, and checks what each answers. */
function prepare(bout: Workload, devices: readonly Device[], seed: number): Entry[] {
  const contents = createInputs(bout, seed);
  let expected: CallResult | undefined;
  return devices.map((device) => {
    const call = prepareCall(device, bout, contents);
    const outcome = call.result();
    expected ??= outcome;
    checkResult(bout, device, outcome, expected);
    return { bout, contents, variant: device.variant, call };
  });
}

type Rates = Omit<KernelRow, 'roofFraction' | 'bestRoofFraction' | 'limit' | 'speedupOverReference'>;

interface MeasuredRow {
  readonly bout: Workload;
  readonly bytes: number;
  readonly row: Rates;
}

function toRow({ bout, contents: { density }, variant }: Entry, summary: Timed): MeasuredRow {
  const { row, sizes } = bout;
  const dense = row.flops(sizes);
  const bytes = bytesTouched(bout, density ?? 1);
  const ns = 1000 * summary.medianUs;
  return {
    bout,
    bytes,
    row: {
      op: row.op,
      shape: toShape(sizes),
      ...(density !== undefined && { density: roundTo4Digits(density) }),
      variant,
      ...summary,
      gflops: roundTo4Digits(((density ?? 1) * dense) / ns),
      ...(density !== undefined && dense > 0 && { effectiveGflops: roundTo4Digits(dense / ns) }),
      gbps: roundTo4Digits(bytes / ns),
    },
  };
}

/** Bytes that a call reads and writes: of lists only as much as is filled. */
function bytesTouched({ row, sizes }: Workload, density: number): number {
  const entries = row.arguments.flatMap((a) => (isArray(a) && a.content === 'entries' ? [4 * a.count(sizes)] : []));
  return countBytes(row, sizes) - (1 - density) * entries.reduce((sum, bytes) => sum + bytes, 0);
}

/** Nothing stands above a roof: where a kernel was faster than every loop, it is the roof, and that is said. */
function updatePeak(roofs: Record<string, Roofline>, drafts: readonly MeasuredRow[]): string[] {
  return Object.entries(roofs).flatMap(([variant, roof]) => {
    const own = drafts.filter(({ row }) => row.variant === variant);
    const best = own.reduce((most, { row }) => Math.max(most, row.gflops), 0);
    const outrun = own
      .filter(({ row, bytes }) => row.gbps > matchingStream(roof, bytes).gbps)
      .map(({ row }) => rowTitle(row));
    const notes =
      outrun.length > 0 ? [`${variant}: faster than the stream of their size, counted as 1: ${outrun.join(', ')}`] : [];
    if (best <= roof.gflops) return notes;
    const loop = rowTitle(own.find(({ row }) => row.gflops === best)?.row as Rates);
    const [was, is] = [roof.gflops, best].map((rate) => rate.toFixed(1));
    notes.push(
      `${variant}: ${loop} did ${is} GFLOP/s, more than any loop of the roof (${roof.loop}: ${was}); it is the roof now`,
    );
    Object.assign(roof, { gflops: best, bestGflops: Math.max(best, roof.bestGflops), loop });
    return notes;
  });
}

const rowTitle = ({ op, shape }: Rates) => `${op} ${shape.join('×')}`;

function addRoofline({ bout, bytes, row }: MeasuredRow, roof: Roofline, drafts: readonly MeasuredRow[]): KernelRow {
  const stream = matchingStream(roof, bytes);
  const arithmetic = row.gflops / roof.gflops;
  const memory = row.gbps / stream.gbps;
  const hurry = row.medianUs / row.leastUs;
  const best = Math.max((hurry * row.gflops) / roof.bestGflops, (hurry * row.gbps) / stream.bestGbps);
  const reference = drafts.find((other) => other.bout === bout && other.row.variant === 'reference');
  return {
    ...row,
    roofFraction: roundTo4Digits(Math.min(1, Math.max(arithmetic, memory))),
    bestRoofFraction: roundTo4Digits(Math.min(1, best)),
    limit: arithmetic >= memory ? 'arithmetic' : 'memory',
    speedupOverReference: roundTo4Digits((reference?.row.medianUs ?? Number.NaN) / row.medianUs),
  };
}
