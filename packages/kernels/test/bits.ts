// A call of an op on a device: buffers between guards, filled from given words, results compared as bits.

import type { Device } from '../src/index.ts';
import { callArguments, isArray, type Lists, type OpSpec, type Sizes } from '../src/op-specs.ts';

const GUARD = 64;
const GUARD_BYTE = 0xa5;

export interface Call {
  readonly row: OpSpec;
  readonly sizes: Sizes;
  readonly scalars: Sizes;
  /** Words of every buffer and updated output, by name. */
  readonly contents: Readonly<Record<string, Uint8Array>>;
  /** An input that shares its array with the last output. */
  readonly inPlace?: string | undefined;
}

export interface Outcome {
  readonly value: number | undefined;
  readonly outputs: Readonly<Record<string, Uint32Array>>;
}

/** Runs a call between guard bytes; throws where a guard or an input has changed. NaNs are made one. */
export function run(device: Device, call: Call): Outcome {
  const { arena, kernels } = device;
  const mark = arena.mark();
  const pointers: Record<string, number> = {};
  const guards: number[] = [];
  const last = call.row.arguments.findLast((argument) => argument.kind === 'output');
  for (const argument of call.row.arguments) {
    if (!isArray(argument)) continue;
    const bytes = argument.count(call.sizes) * (argument.content === 'byte' ? 1 : 4);
    if (argument === last && call.inPlace !== undefined) {
      pointers[argument.name] = pointers[call.inPlace] as number;
      continue;
    }
    const start = arena.allocate(bytes + 2 * GUARD);
    arena.u8(start, bytes + 2 * GUARD).fill(GUARD_BYTE);
    guards.push(start, start + GUARD + bytes);
    pointers[argument.name] = start + GUARD;
    const content = call.contents[argument.name];
    if (content) arena.u8(start + GUARD, bytes).set(content.subarray(0, bytes));
  }
  const op = kernels[call.row.op] as (...args: number[]) => number | undefined;
  const value = op(...callArguments(call.row, call.sizes, call.scalars, pointers));
  for (const guard of guards) {
    if (arena.u8(guard, GUARD).some((byte) => byte !== GUARD_BYTE)) {
      throw new Error(`${call.row.op} of ${device.variant} wrote outside its output at ${JSON.stringify(call.sizes)}`);
    }
  }
  for (const argument of call.row.arguments) {
    const isInput = argument.kind === 'buffer' || argument.kind === 'lists';
    if (!isInput || argument.name === call.inPlace || argument.content === 'workspace') continue;
    const given = call.contents[argument.name] as Uint8Array;
    const bytes = argument.count(call.sizes) * (argument.content === 'byte' ? 1 : 4);
    const now = arena.u8(pointers[argument.name] as number, bytes);
    if (now.some((byte, i) => byte !== given[i])) {
      throw new Error(`${call.row.op} of ${device.variant} wrote to ${argument.name} at ${JSON.stringify(call.sizes)}`);
    }
  }
  const outputs: Record<string, Uint32Array> = {};
  for (const argument of call.row.arguments) {
    if (argument.kind !== 'output') continue;
    const words = new Uint32Array(arena.memory.buffer, pointers[argument.name], argument.count(call.sizes)).slice();
    if (argument.of && argument.counts) mask(words, outputs[argument.counts] as Uint32Array, argument.of(call.sizes));
    outputs[argument.name] = argument.content === 'word' ? words : canonical(words);
  }
  arena.release(mark);
  return { value, outputs };
}

/** Whether two outcomes have the same bits. */
export function isSame(a: Outcome, b: Outcome): boolean {
  const names = Object.keys(b.outputs);
  return (
    Object.is(a.value, b.value) &&
    names.every((name) => {
      const [left, right] = [a.outputs[name], b.outputs[name]] as [Uint32Array, Uint32Array];
      return left.length === right.length && left.every((word, i) => word === right[i]);
    })
  );
}

/** Makes 0 what lies beyond the count of each list. */
function mask(words: Uint32Array, counts: Uint32Array, { lists, capacity }: Lists): void {
  for (let i = 0; i < lists; i++) words.fill(0, 2 * (i * capacity + (counts[i] as number)), 2 * (i + 1) * capacity);
}

/** Counts and entries of lists, from random words: about half of the indices, ascending, none with the value 0. */
export function fillLists(word: (i: number) => number, { lists, length, capacity }: Lists): Record<string, Uint8Array> {
  const counts = new Uint32Array(lists);
  const entries = new Uint32Array(2 * lists * capacity).fill(0x7fc00001);
  const values = new Float32Array(entries.buffer);
  for (let i = 0; i < lists; i++) {
    for (let index = 0; index < length; index++) {
      const random = word(i * length + index);
      const x = value(random, 'float');
      if (random & 0x40000000 || x === 0) continue;
      const at = 2 * (i * capacity + counts[i]++);
      entries[at] = index;
      values[at + 1] = x;
    }
  }
  return { counts: new Uint8Array(counts.buffer), entries: new Uint8Array(entries.buffer) };
}

function canonical(words: Uint32Array): Uint32Array {
  return words.map((word) => ((word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word));
}

/** The bytes of the floats that a content may hold, from random words. */
export function fillFloats(words: Uint32Array, content: string): Uint8Array {
  const floats = new Float32Array(words.length);
  for (let i = 0; i < words.length; i++) floats[i] = value(words[i] as number, content);
  return new Uint8Array(floats.buffer);
}

const SPECIAL = new Float32Array([
  0,
  -0,
  Infinity,
  -Infinity,
  NaN,
  1e-45,
  -1e-40,
  1.17549435e-38,
  3.4e38,
  -3.4e38,
  1,
  -1,
]);

/** One word in sixteen is a special value; the others are ordinary numbers of many sizes. */
function value(word: number, content: string): number {
  const unit = (word >>> 8) / 2 ** 24;
  if (content === 'probability') return unit;
  if ((word & 15) === 0) return SPECIAL[(word >>> 4) % SPECIAL.length] as number;
  const magnitude = 2 ** ((((word >>> 4) & 15) - 9) * 1.5) * (0.5 + unit);
  return content === 'positive' || word & 0x80000000 ? magnitude : -magnitude;
}
