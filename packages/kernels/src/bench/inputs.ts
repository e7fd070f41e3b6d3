// Inputs of a measured call: numbers of ordinary size, and zeros where the experiments have them.
import { type Argument, isArray, type Lists } from '../op-specs.ts';
import { hash32, uniform01 } from './hash.ts';
import { isNonZero, type Workload, type ZeroPattern } from './workloads.ts';

type ArrayArgument = Extract<Argument, { count: unknown }>;

export interface InputValues {
  /** Bytes by name of the argument; a missing one starts as zeros. */
  readonly bytes: Readonly<Record<string, Uint8Array>>;
  /** Share of elements that are not zero, if the workload has a pattern. */
  readonly density?: number;
}

/** Returns the inputs of a workload. */
export function createInputs({ spec, sizes, zeros }: Workload, seed: number): InputValues {
  const bytes: Record<string, Uint8Array> = {};
  let density: number | undefined;
  for (const [position, argument] of spec.arguments.entries()) {
    if (!isArray(argument) || (argument.kind === 'output' && !argument.updated)) continue;
    const { name, content } = argument;
    if (argument.kind === 'lists') {
      const lists = argument.of(sizes);
      const filled = createLists(zeros ?? 'relu', lists);
      bytes[name] = filled[argument.content];
      density = filled.total / (lists.lists * lists.length);
      continue;
    }
    const count = argument.count(sizes);
    const isSparse = zeros !== undefined && (content === 'byte' || (spec.op === 'compressRows' && name === 'x'));
    const width = sizes.n ?? count;
    const isKept = Array.from(
      { length: count },
      (_, i) => !isSparse || isNonZero(zeros, Math.floor(i / width), i % width),
    );
    const bound = argument.kind === 'buffer' ? argument.bound?.(sizes) : undefined;
    bytes[name] = createValues(argument, isKept, seed + 77 * position, bound);
    if (isSparse) density = isKept.filter(Boolean).length / count;
  }
  return { bytes, ...(density !== undefined && { density }) };
}

function createValues(
  { content, kind }: ArrayArgument,
  isKept: readonly boolean[],
  seed: number,
  bound = 2 ** 32,
): Uint8Array {
  if (content === 'byte') return Uint8Array.from(isKept, (kept, i) => (kept ? 1 + (hash32(seed, i) % 255) : 0));
  if (content === 'word') {
    return new Uint8Array(Uint32Array.from(isKept, (_, i) => hash32(seed, i) % bound).buffer);
  }
  // The state of an optimizer must not be negative, because some rules take its root.
  const range = kind === 'output' ? 'positive' : content;
  return new Uint8Array(Float32Array.from(isKept, (kept, i) => (kept ? toRange(range, uniform01(seed, i)) : 0)).buffer);
}

function toRange(content: string, uniform: number): number {
  if (content === 'workspace') return 0;
  if (content === 'positive' || content === 'probability') return 0.01 + 0.98 * uniform;
  return (content === 'gradient' ? 0.02 : 2) * (uniform - 0.5);
}

function createLists(zeros: ZeroPattern, { lists, length, capacity }: Lists) {
  const counts = new Uint32Array(lists);
  const entries = new Uint32Array(2 * lists * capacity);
  const values = new Float32Array(entries.buffer);
  for (let i = 0; i < lists; i++) {
    let count = 0;
    for (let index = 0; index < length; index++) {
      if (!isNonZero(zeros, i, index)) continue;
      const at = 2 * (i * capacity + count++);
      entries[at] = index;
      values[at + 1] = toRange('probability', uniform01(i, index));
    }
    counts[i] = count;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { counts: new Uint8Array(counts.buffer), entries: new Uint8Array(entries.buffer), total };
}
