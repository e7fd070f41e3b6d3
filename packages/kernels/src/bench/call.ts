// A call of an op on a device, and the check of its result, which precedes any measurement.
import { arrayBytes, callArguments, isArray, type Lists } from '../op-specs.ts';
import type { Device } from '../runtime/device.ts';
import type { Pointer } from '../runtime/memory.ts';
import type { InputValues } from './inputs.ts';
import type { Candidate } from './measure.ts';
import { toShape, type Workload } from './workloads.ts';

/** Returned value and outputs of a call, as 32-bit words; all NaNs are one word. */
export type CallResult = Readonly<Record<string, Uint32Array>>;

export interface BenchCall extends Candidate {
  /** Fills the inputs, makes one call and returns its result. */
  result(): CallResult;
}

/** Allocates the buffers of a call, which are not freed. */
export function prepareCall(device: Device, workload: Workload, { bytes }: InputValues): BenchCall {
  const { spec, sizes, scalars } = workload;
  const { arena } = device;
  const pointers: Record<string, Pointer> = {};
  const defaults: Record<string, number> = {};
  for (const argument of spec.arguments) {
    if (argument.kind === 'scalar') defaults[argument.name] = argument.values[0] as number;
    if (!isArray(argument)) continue;
    pointers[argument.name] = arena.allocate(arrayBytes(argument, sizes));
  }
  const op = device.kernels[spec.op] as (...args: number[]) => number | undefined;
  const call = op.bind(undefined, ...callArguments(spec, sizes, { ...defaults, ...scalars }, pointers));
  return {
    run(times) {
      for (; times > 0; times--) call();
    },
    result() {
      for (const [name, content] of Object.entries(bytes)) {
        arena.u8(pointers[name] as Pointer, content.length).set(content);
      }
      const value = call();
      const words = value !== undefined && { value: new Uint32Array(Float32Array.of(value).buffer) };
      return { ...words, ...readOutputs(device, workload, pointers) };
    },
  };
}

function readOutputs(
  { arena }: Device,
  { spec, sizes }: Workload,
  pointers: Readonly<Record<string, Pointer>>,
): CallResult {
  const outputs: Record<string, Uint32Array> = {};
  for (const argument of spec.arguments) {
    if (argument.kind !== 'output') continue;
    const { name, content, counts, of } = argument;
    const first = (pointers[name] as Pointer) >>> 2;
    const words = arena.views.u32.slice(first, first + argument.count(sizes));
    if (of && counts) clearUnspecified(words, outputs[counts] as Uint32Array, of(sizes));
    outputs[name] = content === 'word' ? words : words.map(canonicalizeNaN);
  }
  return outputs;
}

const canonicalizeNaN = (word: number) => ((word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word);

/** Clears the entries after the end of each list, which are not specified. */
function clearUnspecified(words: Uint32Array, counts: Uint32Array, { lists, capacity }: Lists): void {
  for (let i = 0; i < lists; i++) words.fill(0, 2 * (i * capacity + (counts[i] as number)), 2 * (i + 1) * capacity);
}

/** A kernel whose result differs from that of the reference; nothing is measured then. */
export class WrongKernelError extends Error {
  /** 'WrongKernelError'. */
  override readonly name = 'WrongKernelError';
}

/** @throws WrongKernelError with op, variant, shape and the first element that differs */
export function checkResult({ spec, sizes }: Workload, { variant }: Device, got: CallResult, want: CallResult): void {
  for (const [name, words] of Object.entries(want)) {
    const others = got[name] ?? new Uint32Array(0);
    const at = words.findIndex((word, i) => word !== others[i]);
    if (at < 0) continue;
    const isWord = spec.arguments.some((a) => a.kind === 'output' && a.name === name && a.content === 'word');
    const show = (some: Uint32Array) => (isWord ? some[at] : new Float32Array(some.buffer)[at]);
    throw new WrongKernelError(
      `[bench] ${spec.op} of ${variant} at ${toShape(sizes).join('×')} differs from reference: expected ` +
        `${name === 'value' ? 'the value' : `${name}[${at}] =`} ${show(words)}, got ${show(others)}`,
    );
  }
}
