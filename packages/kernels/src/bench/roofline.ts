// The roof: what this engine does at most on this machine, measured in the same rounds as the kernels that are held against it.
import type { Device } from '../runtime/device.ts';
import { type PackedWasm, unpack } from '../runtime/device.ts';
import type { Variant } from '../runtime/variants.ts';
import type { Candidate } from './measure.ts';
import { createPeakLoops, type PeakLoops } from './peak-loops.ts';
import { roundTo4Digits, type Timed } from './statistics.ts';

const modules: Readonly<Record<Exclude<Variant, 'reference'>, () => Promise<PackedWasm>>> = {
  simd128: () => import('../generated/roof-simd128.ts'),
  scalar: () => import('../generated/roof-scalar.ts'),
};

/** One loop and what it came to. */
export interface LoopRate {
  /** The mix of operations. */
  readonly loop: string;
  /** 10⁹ operations a second. */
  readonly gflops: number;
}

/** Copying and adding arrays that take so many KiB in all. */
export interface StreamRate {
  /** Of all arrays together, in units of 1,024 bytes. */
  readonly kib: number;
  /** 10⁹ bytes read and written a second, by the median time. */
  readonly gbps: number;
  /** By the least time. */
  readonly bestGbps: number;
}

/** What a variant does at most in this engine on this machine. */
export interface Roofline {
  /** The fastest of `loops`, or of the kernels where one was faster still: then `loop` names it. */
  gflops: number;
  /** Which one that is. */
  loop: string;
  /** The same of the least times instead of the medians. */
  bestGflops: number;
  /** Of the least times, where the clock could be told: 12 are three 128-bit operations a cycle, as many as most x86 cores have ports for. */
  readonly flopsPerCycle?: number;
  /** The stream well beyond the second-level cache. */
  readonly gbps: number;
  /** Arithmetic on registers alone, each a mix of operations. */
  readonly loops: readonly LoopRate[];
  /** Memory, from the first-level cache to beyond the last. */
  readonly streams: readonly StreamRate[];
  /** Nanoseconds of a call that does nothing. */
  readonly callNs: number;
}

type Measure = 'gflops' | 'gbps' | 'ghz' | 'call';

/** A loop to time, and how much one call of it does. */
export interface PeakCandidate extends Candidate {
  readonly variant: Variant;
  readonly measure: Measure;
  readonly name: string;
  readonly work: number;
}

const STREAM_KIB = [12, 192, 1_536, 49_152];
/** Bytes that `roofContestants` takes of a device. */
export const PEAK_BYTES = 1024 * 51_200;

const TERMS = 128;
const TURNS = 1_000;
/** Arrays that begin a whole number of 4,096 bytes apart wait for each other on many processors. */
const OFFSET = 320;

/** The loops of a device's variant. */
export async function peakCandidates(device: Device): Promise<PeakCandidate[]> {
  const { variant, arena, kernels } = device;
  const loops = await loadPeakLoops(device);
  const lanes = variant === 'simd128' ? 4 : 1;
  const base = arena.allocate(PEAK_BYTES - 4_096);
  arena.f32(base, (PEAK_BYTES - 4_096) / 4).fill(0.5);
  const contest = (measure: Measure, name: string, work: number, call: () => unknown): PeakCandidate => ({
    variant,
    measure,
    name,
    work,
    run(times) {
      for (; times > 0; times--) call();
    },
  });
  const registers = Object.entries(loops.registers).map(([name, loop]) => {
    const [, kind, count] = /^([a-z]+)(\d+)$/.exec(name) ?? [];
    const unrolled = variant === 'reference' ? 1 : 2;
    // x ← x·1 leaves x as it is; c ← c/2 + 1/4 stays where it is at 1/2.
    const factor = kind === 'pairs' ? 1 : 0.5;
    const work = TURNS * unrolled * 2 * Number(count) * lanes;
    return contest('gflops', `${count} ${kind}`, work, () => loop(TURNS, factor, 0.25));
  });
  const rows = 4;
  const columns = variant === 'reference' ? 2 : 2 * lanes;
  const panel = base + 4 * rows * TERMS + OFFSET;
  return [
    ...registers,
    contest('gflops', `tile ${rows}×${columns}`, 10 * TERMS * 2 * rows * columns, () =>
      loops.tile(10, TERMS, base, panel),
    ),
    ...STREAM_KIB.map((kib) =>
      contest('gbps', String(kib), 12 * floatsIn(kib), measureStream(loops, base, floatsIn(kib))),
    ),
    contest('call', 'call', 1, () => kernels.fill(0, 0, base)),
    ...(loops.ticks ? [contest('ghz', 'ticks', 16 * TURNS, () => loops.ticks?.(TURNS, 5))] : []),
  ];
}

/** Of each of three arrays, a multiple of 16. */
const floatsIn = (kib: number) => Math.floor((kib * 1024) / 12 / 16) * 16;

function measureStream({ triad }: PeakLoops, base: number, floats: number): () => void {
  const y = base + 4 * floats + OFFSET;
  return () => triad(floats, 0.5, base, y, y + 4 * floats + OFFSET);
}

/** The loops of a variant; those of wasm over the memory of the device. */
export async function loadPeakLoops({ variant, arena }: Device): Promise<PeakLoops> {
  if (variant === 'reference') return createPeakLoops(arena.views);
  const bytes = await unpack(await modules[variant]());
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: arena.memory } });
  const exports = instance.exports as unknown as Omit<PeakLoops, 'registers'> & PeakLoops['registers'];
  const { tile, triad, ticks, ...others } = exports;
  const registers = Object.entries(others).filter(([name]) => /^(chains|pairs)\d+$/.test(name));
  return { registers: Object.fromEntries(registers), tile, triad, ...(ticks && { ticks }) };
}

/** The roofs of all variants, from what their loops came to. */
export function toRooflines(loops: readonly PeakCandidate[], times: readonly Timed[]): Record<string, Roofline> {
  const all = loops.map((loop, i) => ({ ...loop, ...(times[i] as Timed) }));
  const clock = all.find(({ measure }) => measure === 'ghz');
  return Object.fromEntries(
    [...new Set(loops.map(({ variant }) => variant))].map((variant) => {
      const own = (wanted: Measure) => all.filter((loop) => loop.variant === variant && loop.measure === wanted);
      const registers = own('gflops').map((loop) => ({ loop: loop.name, gflops: toRate(loop, loop.medianUs) }));
      const streams = own('gbps').map((loop) => ({
        kib: Number(loop.name),
        gbps: toRate(loop, loop.medianUs),
        bestGbps: toRate(loop, loop.leastUs),
      }));
      const best = registers.reduce((a, b) => (b.gflops > a.gflops ? b : a));
      const bestGflops = Math.max(...own('gflops').map((loop) => toRate(loop, loop.leastUs)));
      const call = own('call')[0];
      const roof: Roofline = {
        ...best,
        bestGflops,
        ...(clock && { flopsPerCycle: roundTo4Digits(bestGflops / toRate(clock, clock.leastUs)) }),
        gbps: streams.at(-1)?.gbps ?? 0,
        loops: registers,
        streams,
        callNs: roundTo4Digits(1000 * (call?.medianUs ?? 0)),
      };
      return [variant, roof];
    }),
  );
}

/** Work a nanosecond. */
const toRate = ({ work }: PeakCandidate, us: number) => roundTo4Digits(work / us / 1000);

/** The stream that a call over so many bytes is held against: of the next smaller working set. */
export function matchingStream({ streams }: Pick<Roofline, 'streams'>, bytes: number): StreamRate {
  return streams.findLast(({ kib }) => kib * 1024 <= bytes) ?? (streams[0] as StreamRate);
}
