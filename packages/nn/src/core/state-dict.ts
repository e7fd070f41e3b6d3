// Parameters and running statistics to and from PyTorch's layout: what files and other frameworks exchange.

import type { Layer } from '../layers/layer.ts';
import { floatsLike, optionsOf, recordOf, shapeLike } from './check.ts';
import type { Buffer, Parameter } from './parameter.ts';
import { copyOfView, type Tensor } from './tensor.ts';

/** An array on the JavaScript side, row-major. */
export interface StateTensor {
  /** Its dimensions. */
  shape: number[];
  /** Its numbers. */
  data: Float32Array;
}

/** Arrays by parameter name, such as '0.weight', each in PyTorch's layout. */
export type StateDict = Record<string, StateTensor>;

/** The rule of a `StateDict`. */
export const stateLike = recordOf(
  'a state dict, as model.stateDict() gives it,',
  optionsOf<StateTensor>({ shape: shapeLike, data: floatsLike }, ['shape', 'data']),
);

/** What a state dict holds. */
export type StateEntry = Parameter | Buffer;

/** What a layer keeps: its parameters, then its running statistics; those of a layer of layers, layer by layer. */
export function layerStateEntries(layer: Layer & { stored?(): StateEntry[] }): StateEntry[] {
  return layer.stored?.() ?? [...layer.parameters(), ...(layer.buffers?.() ?? [])];
}

/** Copies parameters and statistics out of their device. */
export function readState(entries: readonly StateEntry[]): StateDict {
  return Object.fromEntries(entries.map((entry) => [entry.name, read(entry)]));
}

/** Copies gradients out of their device, in the layout of their parameters. */
export function readGradients(parameters: readonly Parameter[]): StateDict {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, read(parameter, parameter.grad)]));
}

/** @throws RangeError where a name is missing, unknown, or has another shape; nothing is written then */
export function writeState(entries: readonly StateEntry[], state: StateDict): void {
  const known = new Set(entries.map(({ name }) => name));
  const unknown = Object.keys(state).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new RangeError(`[stateDict] expected only ${[...known].join(', ')} but got ${unknown}`);
  }
  for (const entry of entries) checkEntry(entry, state[entry.name]);
  // Copies first: a transpose takes memory, which may detach arrays that are views of it.
  const copies = entries.map(({ name, value }) => copyOfView(value.device, (state[name] as StateTensor).data));
  for (const [index, entry] of entries.entries()) write(entry, copies[index] as Float32Array);
}

function checkEntry(stored: StateEntry, entry: StateTensor | undefined): void {
  const expected = exchangeShape(stored).join(', ');
  if (entry === undefined) {
    throw new RangeError(`[stateDict] expected ${stored.name} of shape [${expected}] but got nothing of that name`);
  }
  if (entry.shape.join(', ') !== expected || entry.data.length !== stored.size) {
    throw new RangeError(
      `[stateDict] expected ${stored.name} of shape [${expected}] but got [${entry.shape.join(', ')}] with ${entry.data.length} values`,
    );
  }
}

/** The shape in PyTorch's layout. */
export function exchangeShape({ shape, transposed }: StateEntry): number[] {
  return transposed ? [...shape].reverse() : [...shape];
}

function read(stored: StateEntry, value: Tensor = stored.value): StateTensor {
  const shape = exchangeShape(stored);
  if (!stored.transposed) return { shape, data: value.data.slice() };
  const { arena, kernels } = value.device;
  const mark = arena.mark();
  const flipped = arena.allocate(4 * value.size);
  kernels.transpose(value.shape[0] as number, value.shape[1] as number, value.pointer, flipped);
  const data = arena.f32(flipped, value.size).slice();
  arena.release(mark);
  return { shape, data };
}

function write({ value, transposed }: StateEntry, data: Float32Array): void {
  if (!transposed) {
    value.data.set(data);
    return;
  }
  const { arena, kernels } = value.device;
  const mark = arena.mark();
  const flipped = arena.allocate(4 * value.size);
  arena.f32(flipped, value.size).set(data);
  kernels.transpose(value.shape[1] as number, value.shape[0] as number, flipped, value.pointer);
  arena.release(mark);
}
