// The kernels suite: measures every op in every variant at the sizes of the experiments, and compares it with the roofline.
import * as is from '../check.ts';
import { countBytes, isArray } from '../op-specs.ts';
import { type Device, type DeviceOptions, loadDevice } from '../runtime/device.ts';
import { variants as allVariants, availableVariants, type Variant } from '../runtime/variants.ts';
import { type BenchCall, type CallResult, checkResult, prepareCall } from './call.ts';
import { createInputs } from './inputs.ts';
import { type Host, hostLike, measureInterleaved } from './measure.ts';
import { type BenchReport, createReport, roundTo5Digits, type Timed } from './report.ts';
import { matchingStream, PEAK_BYTES, peakCandidates, type Roofline, toRooflines } from './roofline.ts';
import { toShape, type Workload, workloads } from './workloads.ts';

/** One op at one size in one variant: time per call. */
export interface KernelRow extends Timed {
  /** Name in `Kernels`. */
  readonly op: string;
  /** [M, K, N] of a product, [M, N], [N]. */
  readonly shape: readonly number[];
  /** Share of the input that is not zero, if the op skips zeros. */
  readonly density?: number;
  /** Measured variant. */
  readonly variant: Variant;
  /** 10⁹ executed operations per second; skipped products do not count. */
  readonly gflops: number;
  /** Rate that a dense product would need for the same time; only with `density`. */
  readonly effectiveGflops?: number;
  /** 10⁹ bytes read and written per second. */
  readonly gbps: number;
  /** Time that the roofline allows ÷ measured time. */
  readonly roofFraction: number;
  /** The same for the fastest samples, which other load affects least. */
  readonly bestRoofFraction: number;
  /** Lower side of the roofline. */
  readonly limit: 'arithmetic' | 'memory';
  /** Median of the reference ÷ this median. */
  readonly speedupOverReference: number;
}

/** Report of `benchKernels`. */
export interface KernelsReport extends BenchReport<KernelRow> {
  /** Suite that was run. */
  readonly suite: 'kernels';
  /** Roofline by variant. */
  readonly roof: Readonly<Record<string, Roofline>>;
}

/** Options of `benchKernels`. */
export interface KernelsBenchOptions {
  /** Variants besides the reference, which checks them. Default: all that the engine supports. */
  readonly variants?: readonly Variant[];
  /** Takes seconds instead of half a minute: fewer rounds, no large products. */
  readonly quick?: boolean;
  /** Measures only calls whose name, such as `matmul 128×784×100`, contains this. */
  readonly only?: string;
  /** Replaces `loadDevice`, so that a test can inject a wrong kernel. */
  readonly load?: (options: DeviceOptions) => Promise<Device>;
}

const benchOptions = is.optionsOf<KernelsBenchOptions>({
  variants: is.listOf('an array of variants', is.choice(...Object.keys(allVariants))),
  quick: is.boolean,
  only: is.string,
  load: is.callable(),
});

const FULL = { rounds: 61, warmUpMs: 25, sampleMs: 0.6, budgetMs: 400, seed: 1 };
const QUICK = { rounds: 13, warmUpMs: 10, sampleMs: 0.5, budgetMs: 60, seed: 1 };

/** Memory for the buffers of all workloads. */
export const BYTES = 96 * 2 ** 20;

/**
 * Runs the kernels suite. The report has no rows if `only` matches no call.
 * @throws WrongKernelError before any measurement, if a result differs from that of the reference
 */
export async function benchKernels(host: Host, options: KernelsBenchOptions = {}): Promise<KernelsReport> {
  is.checkArguments('benchKernels', arguments, { host: hostLike, options: benchOptions });
  const { quick = false, only = '', load = loadDevice } = options;
  const selected = workloads(quick).filter((workload) => nameOf(workload).includes(only));
  if (selected.length === 0) return { ...createReport('kernels', [], host), roof: {} };
  const variants = new Set<Variant>(['reference', ...(options.variants ?? availableVariants())]);
  const devices = await Promise.all([...variants].map((variant) => load({ variant, bytes: PEAK_BYTES + BYTES })));
  const entries = selected.flatMap((workload) => prepare(workload, devices));
  const loops = (await Promise.all(devices.map(peakCandidates))).flat();
  const candidates = [...loops, ...entries.map(({ call }) => call)];
  const times = await measureInterleaved(candidates, quick ? QUICK : FULL, host);
  const roof = toRooflines(loops, times.slice(0, loops.length));
  const measured = entries.map((entry, i) => toMeasured(entry, times[loops.length + i] as Timed));
  const notes = updatePeaks(roof, measured);
  const rows = measured.map((entry) => toRow(entry, roof[entry.variant] as Roofline, measured));
  return { ...createReport('kernels', rows, host, notes), roof };
}

const nameOf = ({ spec, sizes }: Workload) => `${spec.op} ${toShape(sizes).join('×')}`;

interface Entry {
  readonly workload: Workload;
  readonly density: number | undefined;
  readonly variant: Variant;
  readonly call: BenchCall;
}

/** Prepares a call per device, and compares all results with the first, that of the reference. */
function prepare(workload: Workload, devices: readonly Device[]): Entry[] {
  const inputs = createInputs(workload, 1);
  let expected: CallResult | undefined;
  return devices.map((device) => {
    const call = prepareCall(device, workload, inputs);
    const result = call.result();
    expected ??= result;
    checkResult(workload, device, result, expected);
    return { workload, density: inputs.density, variant: device.variant, call };
  });
}

interface Measured extends Omit<Entry, 'call'> {
  readonly name: string;
  readonly time: Timed;
  /** Bytes read and written. */
  readonly bytes: number;
  readonly gflops: number;
  readonly gbps: number;
}

function toMeasured({ workload, density, variant }: Entry, time: Timed): Measured {
  const { spec, sizes } = workload;
  const ns = 1000 * time.medianUs;
  const lists = spec.arguments.flatMap((a) => (isArray(a) && a.content === 'entries' ? [4 * a.count(sizes)] : []));
  const unused = (1 - (density ?? 1)) * lists.reduce((sum, bytes) => sum + bytes, 0);
  const bytes = countBytes(spec, sizes) - unused;
  return {
    workload,
    density,
    variant,
    time,
    name: nameOf(workload),
    bytes,
    gflops: roundTo5Digits(((density ?? 1) * spec.flops(sizes)) / ns),
    gbps: roundTo5Digits(bytes / ns),
  };
}

/** Raises the peak of a variant to its fastest kernel, if that is faster than all loops. Returns notes about it. */
function updatePeaks(roofs: Record<string, Roofline>, measured: readonly Measured[]): string[] {
  return Object.entries(roofs).flatMap(([variant, roof]) => {
    const own = measured.filter((entry) => entry.variant === variant);
    const fast = own.filter(({ gbps, bytes }) => gbps > matchingStream(roof, bytes).gbps).map(({ name }) => name);
    const notes = fast.length > 0 ? [`${variant}: faster than the stream of their size: ${fast.join(', ')}`] : [];
    const best = own.reduce((most, entry) => (entry.gflops > most.gflops ? entry : most));
    if (best.gflops <= roof.gflops) return notes;
    notes.push(
      `${variant}: ${best.name} reached ${best.gflops.toFixed(1)} GFLOP/s, more than every peak loop ` +
        `(${roof.loop}: ${roof.gflops.toFixed(1)}), and is the peak now`,
    );
    Object.assign(roof, { gflops: best.gflops, bestGflops: Math.max(best.gflops, roof.bestGflops), loop: best.name });
    return notes;
  });
}

function toRow({ workload, density, variant, time, bytes, gflops, gbps }: Measured, roof: Roofline, all: Measured[]) {
  const { spec, sizes } = workload;
  const stream = matchingStream(roof, bytes);
  const dense = spec.flops(sizes);
  const [arithmetic, memory] = [gflops / roof.gflops, gbps / stream.gbps];
  const best = Math.max(gflops / roof.bestGflops, gbps / stream.bestGbps) * (time.medianUs / time.leastUs);
  const reference = all.find((other) => other.workload === workload && other.variant === 'reference') as Measured;
  return {
    op: spec.op,
    shape: toShape(sizes),
    ...(density !== undefined && { density: roundTo5Digits(density) }),
    variant,
    ...time,
    gflops,
    ...(density !== undefined && dense > 0 && { effectiveGflops: roundTo5Digits(dense / (1000 * time.medianUs)) }),
    gbps,
    roofFraction: roundTo5Digits(Math.min(1, Math.max(arithmetic, memory))),
    bestRoofFraction: roundTo5Digits(Math.min(1, best)),
    limit: arithmetic >= memory ? ('arithmetic' as const) : ('memory' as const),
    speedupOverReference: roundTo5Digits(reference.time.medianUs / time.medianUs),
  };
}
