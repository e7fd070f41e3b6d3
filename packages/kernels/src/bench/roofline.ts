// The roofline: peak rates of a variant in this engine on this machine, measured in the same rounds as the kernels.
import type { Device } from '../runtime/device.ts';
import { type PackedWasm, unpack } from '../runtime/device.ts';
import type { Variant } from '../runtime/variants.ts';
import type { Candidate } from './measure.ts';
import { createPeakLoops, type PeakLoops } from './peak-loops.ts';
import { roundTo5Digits, type Timed } from './report.ts';

const modules: Readonly<Record<Exclude<Variant, 'reference'>, () => Promise<PackedWasm>>> = {
  simd128: () => import('../generated/peak-simd128.ts'),
  scalar: () => import('../generated/peak-scalar.ts'),
};

/** Rate of one peak loop. */
export interface LoopRate {
  /** Mix of operations. */
  readonly loop: string;
  /** 10⁹ operations per second. */
  readonly gflops: number;
}

/** Rate of a stream, out = x + a·y. */
export interface StreamRate {
  /** Size of the three arrays together in KiB. */
  readonly kib: number;
  /** 10⁹ bytes read and written per second, by the median. */
  readonly gbps: number;
  /** The same by the fastest sample. */
  readonly bestGbps: number;
}

/** Peak rates of a variant. */
export interface Roofline {
  /** Rate of the fastest loop, or of a kernel that is faster. */
  gflops: number;
  /** Name of that loop or kernel. */
  loop: string;
  /** Fastest sample of all loops. */
  bestGflops: number;
  /** `bestGflops` per clock cycle, if the clock frequency is known; 12 are three 128-bit operations per cycle. */
  readonly flopsPerCycle?: number;
  /** Rate of the largest stream. */
  readonly gbps: number;
  /** Loops on registers. */
  readonly loops: readonly LoopRate[];
  /** Streams through memory, from the first-level cache to main memory. */
  readonly streams: readonly StreamRate[];
  /** Nanoseconds per call of a kernel that does nothing. */
  readonly callNs: number;
}

type Quantity = 'gflops' | 'gbps' | 'ghz' | 'call';

/** A peak loop to time. */
export interface PeakCandidate extends Candidate {
  readonly variant: Variant;
  readonly quantity: Quantity;
  readonly name: string;
  /** Operations, bytes or cycles per call. */
  readonly work: number;
}

const STREAM_KIB = [12, 192, 1_536, 49_152];
/** Memory that `peakCandidates` allocates. */
export const PEAK_BYTES = 1024 * 51_200;

const TERMS = 128;
const ITERATIONS = 1_000;
/** Arrays at a distance of a multiple of 4,096 bytes slow each other down on many processors. */
const OFFSET = 320;

/** Returns the peak loops of a device. */
export async function peakCandidates(device: Device): Promise<PeakCandidate[]> {
  const { variant, arena, kernels } = device;
  const loops = await loadPeakLoops(device);
  const lanes = variant === 'simd128' ? 4 : 1;
  const base = arena.allocate(PEAK_BYTES - 4_096);
  arena.f32(base, (PEAK_BYTES - 4_096) / 4).fill(0.5);
  const candidate = (quantity: Quantity, name: string, work: number, call: () => unknown): PeakCandidate => ({
    variant,
    quantity,
    name,
    work,
    run(times) {
      for (; times > 0; times--) call();
    },
  });
  const registers = Object.entries(loops.registers).map(([name, loop]) => {
    const [, kind, count] = /^([a-z]+)(\d+)$/.exec(name) ?? [];
    const unrolled = variant === 'reference' ? 1 : 2;
    // Both keep the values in range: x ← x·1 does not change x, and 1/2 is the fixed point of c ← c/2 + 1/4.
    const factor = kind === 'pairs' ? 1 : 0.5;
    const work = ITERATIONS * unrolled * 2 * Number(count) * lanes;
    return candidate('gflops', `${count} ${kind}`, work, () => loop(ITERATIONS, factor, 0.25));
  });
  const rows = 4;
  const columns = variant === 'reference' ? 2 : 2 * lanes;
  const panel = base + 4 * rows * TERMS + OFFSET;
  const tileWork = 10 * TERMS * 2 * rows * columns;
  const streams = STREAM_KIB.map((kib) => {
    const floats = Math.floor((kib * 1024) / 12 / 16) * 16;
    const y = base + 4 * floats + OFFSET;
    const out = y + 4 * floats + OFFSET;
    return candidate('gbps', String(kib), 12 * floats, () => loops.triad(floats, 0.5, base, y, out));
  });
  return [
    ...registers,
    candidate('gflops', `tile ${rows}×${columns}`, tileWork, () => loops.tile(10, TERMS, base, panel)),
    ...streams,
    candidate('call', 'call', 1, () => kernels.fill(0, 0, base)),
    ...(loops.ticks ? [candidate('ghz', 'ticks', 16 * ITERATIONS, () => loops.ticks?.(ITERATIONS, 5))] : []),
  ];
}

/** Loads the peak loops of a variant, over the memory of the device. */
export async function loadPeakLoops({ variant, arena }: Device): Promise<PeakLoops> {
  if (variant === 'reference') return createPeakLoops(arena.views);
  const bytes = await unpack(await modules[variant]());
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: arena.memory } });
  const exports = instance.exports as unknown as Omit<PeakLoops, 'registers'> & PeakLoops['registers'];
  const { tile, triad, ticks, ...others } = exports;
  const registers = Object.entries(others).filter(([name]) => /^(chains|pairs)\d+$/.test(name));
  return { registers: Object.fromEntries(registers), tile, triad, ...(ticks && { ticks }) };
}

/** Returns the roofline of each variant from the times of its loops. */
export function toRooflines(loops: readonly PeakCandidate[], times: readonly Timed[]): Record<string, Roofline> {
  const all = loops.map(({ variant, quantity, name, work }, i) => {
    const { medianUs, leastUs } = times[i] as Timed;
    const rate = (us: number) => roundTo5Digits(work / us / 1000);
    return { variant, quantity, name, medianUs, rate: rate(medianUs), bestRate: rate(leastUs) };
  });
  const clock = all.find(({ quantity }) => quantity === 'ghz');
  return Object.fromEntries(
    [...new Set(loops.map(({ variant }) => variant))].map((variant) => {
      const select = (quantity: Quantity) =>
        all.filter((each) => each.variant === variant && each.quantity === quantity);
      const rates = select('gflops').map(({ name, rate }) => ({ loop: name, gflops: rate }));
      const streams = select('gbps').map(({ name, rate, bestRate }) => ({
        kib: Number(name),
        gbps: rate,
        bestGbps: bestRate,
      }));
      const bestGflops = Math.max(...select('gflops').map(({ bestRate }) => bestRate));
      const roof: Roofline = {
        ...rates.reduce((a, b) => (b.gflops > a.gflops ? b : a)),
        bestGflops,
        ...(clock && { flopsPerCycle: roundTo5Digits(bestGflops / clock.bestRate) }),
        gbps: streams.at(-1)?.gbps ?? 0,
        loops: rates,
        streams,
        callNs: roundTo5Digits(1000 * (select('call')[0]?.medianUs ?? 0)),
      };
      return [variant, roof];
    }),
  );
}

/** Returns the stream to compare a call with: the largest that touches no more bytes than the call. */
export function matchingStream({ streams }: Pick<Roofline, 'streams'>, bytes: number): StreamRate {
  return streams.findLast(({ kib }) => kib * 1024 <= bytes) ?? (streams[0] as StreamRate);
}
