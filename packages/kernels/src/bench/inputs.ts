// What the buffers of a timed call hold: numbers of ordinary size, and zeros where the experiments have them.
import { type Argument, isArray, type Lists, type OpSpec } from '../op-specs.ts';
import { hash32, uniform01 } from './hash.ts';
import { isNonZero, type Workload, type Zeros } from './workloads.ts';

type ArrayArgument = Extract<Argument, { count: unknown }>;

export interface InputValues {
  /** Bytes by name; what is missing starts as zeros. */
  readonly bytes: Readonly<Record<string, Uint8Array>>;
  /** The share of elements that are not zero, where the bout has zeros. */
  readonly density?: number;
}

export function createInputs({ row, sizes, zeros }: Workload, seed: number): InputValues {
  const bytes: Record<string, Uint8Array> = {};
  let density: number | undefined;
  for (const [place, argument] of row.arguments.entries()) {
    if (!isArray(argument)) continue;
    if (argument.kind === 'lists') {
      const lists = argument.of(sizes);
      const filled = fillLists(zeros ?? 'relu', lists);
      bytes[argument.name] = filled[argument.content];
      density = filled.total / (lists.lists * lists.length);
    } else if (argument.kind === 'buffer' || argument.updated) {
      const count = argument.count(sizes);
      const mask = masked(row, argument) ? zeros : undefined;
      const width = sizes.n ?? count;
      bytes[argument.name] = fill(
        argument,
        count,
        seed + 77 * place,
        (i) => {
          return mask === undefined || isNonZero(mask, Math.floor(i / width), i % width);
        },
        argument.kind === 'buffer' ? argument.bound?.(sizes) : undefined,
      );
      if (mask) density = share(bytes[argument.name] as Uint8Array, argument.content === 'byte' ? 1 : 4);
    }
  }
  return { bytes, ...(density !== undefined && { density }) };
}

/** Whether the zeros of a bout are this argument's. */
function masked(row: OpSpec, argument: ArrayArgument): boolean {
  return argument.content === 'byte' || (row.op === 'compressRows' && argument.name === 'x');
}

function fill(
  { content, kind }: ArrayArgument,
  count: number,
  seed: number,
  isKept: (i: number) => boolean,
  bound = 2 ** 32,
): Uint8Array {
  if (content === 'byte')
    return Uint8Array.from({ length: count }, (_, i) => (isKept(i) ? 1 + (hash32(seed, i) % 255) : 0));
  if (content === 'word') {
    return new Uint8Array(Uint32Array.from({ length: count }, (_, i) => hash32(seed, i) % bound).buffer);
  }
  // Of an optimizer's state, roots are taken: it is not negative.
  const shape = kind === 'output' ? 'positive' : content;
  return new Uint8Array(
    Float32Array.from({ length: count }, (_, i) => (isKept(i) ? value(shape, uniform01(seed, i)) : 0)).buffer,
  );
}

function value(content: string, unit: number): number {
  if (content === 'workspace') return 0;
  if (content === 'positive' || content === 'probability') return 0.01 + 0.98 * unit;
  return (content === 'gradient' ? 0.02 : 2) * (unit - 0.5);
}

function fillLists(
  zeros: Zeros,
  { lists, length, capacity }: Lists,
): { counts: Uint8Array; entries: Uint8Array; total: number } {
  const counts = new Uint32Array(lists);
  const entries = new Uint32Array(2 * lists * capacity);
  const values = new Float32Array(entries.buffer);
  let total = 0;
  for (let i = 0; i < lists; i++) {
    let count = 0;
    for (let index = 0; index < length; index++) {
      if (!isNonZero(zeros, i, index)) continue;
      const at = 2 * (i * capacity + count++);
      entries[at] = index;
      values[at + 1] = value('probability', uniform01(i, index));
    }
    counts[i] = count;
    total += count;
  }
  return { counts: new Uint8Array(counts.buffer), entries: new Uint8Array(entries.buffer), total };
}

/** Of elements of `width` bytes, the share that is not all zero. */
function share(bytes: Uint8Array, width: number): number {
  let kept = 0;
  for (let i = 0; i < bytes.length; i += width) if (bytes.subarray(i, i + width).some((byte) => byte !== 0)) kept++;
  return kept / (bytes.length / width);
}
