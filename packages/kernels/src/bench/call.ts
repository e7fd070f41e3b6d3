// A call of an op on a device, laid out once and repeated; and the check of its answer, which comes before any timing.
import { callArguments, isArray, type Lists, type Sizes } from '../op-specs.ts';
import type { Device } from '../runtime/device.ts';
import type { Pointer } from '../runtime/memory.ts';
import type { InputValues } from './inputs.ts';
import type { Candidate } from './measure.ts';
import { toShape, type Workload } from './workloads.ts';

/** What a call gave: its value, if any, and its outputs as words, NaNs made one. */
export type CallResult = Readonly<Record<string, Uint32Array>>;

export interface BenchCall extends Candidate {
  /** Fills every buffer, makes one call and reads what it gave. */
  result(): CallResult;
}

/** Takes memory of the device for the call; it is not given back. */
export function prepareCall(device: Device, bout: Workload, { bytes }: InputValues): BenchCall {
  const { row, sizes } = bout;
  const { arena } = device;
  const pointers: Record<string, Pointer> = {};
  for (const argument of row.arguments) {
    if (!isArray(argument)) continue;
    pointers[argument.name] = arena.allocate(argument.count(sizes) * (argument.content === 'byte' ? 1 : 4));
  }
  const op = device.kernels[row.op] as (...args: number[]) => number | undefined;
  const call = op.bind(undefined, ...callArguments(row, sizes, scalarsOf(bout), pointers));
  return {
    run(times) {
      for (; times > 0; times--) call();
    },
    result() {
      for (const [name, content] of Object.entries(bytes)) {
        arena.u8(pointers[name] as Pointer, content.length).set(content);
      }
      const value = call();
      return { ...(value !== undefined && { value: wordsOf(value) }), ...outputsOf(device, bout, pointers) };
    },
  };
}

/** The first value of each scalar unless the bout has its own. */
function scalarsOf({ row, scalars }: Workload): Sizes {
  const first = row.arguments.flatMap((a) => (a.kind === 'scalar' ? [[a.name, a.values[0] as number] as const] : []));
  return { ...Object.fromEntries(first), ...scalars };
}

const wordsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer);

function outputsOf(
  { arena }: Device,
  { row, sizes }: Workload,
  pointers: Readonly<Record<string, Pointer>>,
): CallResult {
  const outputs: Record<string, Uint32Array> = {};
  for (const argument of row.arguments) {
    if (argument.kind !== 'output') continue;
    const first = (pointers[argument.name] as Pointer) >>> 2;
    const words = arena.views.u32.slice(first, first + argument.count(sizes));
    if (argument.of && argument.counts)
      clearUnspecified(words, outputs[argument.counts] as Uint32Array, argument.of(sizes));
    outputs[argument.name] = argument.content === 'word' ? words : words.map(canonicalizeNaN);
  }
  return outputs;
}

const canonicalizeNaN = (word: number) => ((word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word);

/** Makes 0 what lies beyond the count of each list, for it is not specified. */
function clearUnspecified(words: Uint32Array, counts: Uint32Array, { lists, capacity }: Lists): void {
  for (let i = 0; i < lists; i++) words.fill(0, 2 * (i * capacity + (counts[i] as number)), 2 * (i + 1) * capacity);
}

/** A kernel whose answer is not that of the reference. It is not timed, and neither is anything else. */
export class WrongKernelError extends Error {
  /** 'WrongKernelError'. */
  override readonly name = 'WrongKernelError';
}

/** @throws WrongKernelError that names op, variant, shape and the first element that differs */
export function checkResult(
  { row, sizes }: Workload,
  { variant }: Device,
  got: CallResult,
  expected: CallResult,
): void {
  for (const [name, words] of Object.entries(expected)) {
    const others = got[name] ?? new Uint32Array(0);
    const at = words.findIndex((word, i) => word !== others[i]);
    if (at < 0) continue;
    const place = name === 'value' ? 'its value' : `${name}[${at}]`;
    const isWord = row.arguments.some((a) => a.kind === 'output' && a.name === name && a.content === 'word');
    const [wanted, came] = [words, others].map((some) => (isWord ? some[at] : floatsOf(some)[at]));
    throw new WrongKernelError(
      `[bench] expected ${row.op} of ${variant} at ${toShape(sizes).join('×')} to give what reference gives, ` +
        `${place} = ${wanted}, but got ${came}; a wrong kernel is not timed`,
    );
  }
}

const floatsOf = (words: Uint32Array) => new Float32Array(words.buffer);
