// State dicts: copies of parameters and running statistics in PyTorch's layout, as files and other frameworks exchange them.
import type { Layer } from '../layers/layer.ts';
import { floatsLike, optionsOf, recordOf, shapeLike } from './check.ts';
import type { Buffer, Parameter } from './parameter.ts';
import { copyOfView, type Tensor } from './tensor.ts';

/** A row-major array in JavaScript memory. */
export interface StateTensor {
  /** Its dimensions. */
  shape: number[];
  /** Its elements. */
  data: Float32Array;
}

/** Arrays by parameter name, such as '0.weight', each in PyTorch's layout. */
export type StateDict = Record<string, StateTensor>;

/** The rule of a `StateDict`. */
export const stateLike = recordOf(
  'a state dict, as model.stateDict() gives it,',
  optionsOf<StateTensor>({ shape: shapeLike, data: floatsLike }, ['shape', 'data']),
);

/** A parameter or buffer, whose value is in a state dict. */
export type StateEntry = Parameter | Buffer;

/** Returns the parameters of a layer, then its running statistics; those of a Sequential layer by layer. */
export function layerStateEntries(layer: Layer & { stateEntries?(): StateEntry[] }): StateEntry[] {
  return layer.stateEntries?.() ?? [...layer.parameters(), ...(layer.buffers?.() ?? [])];
}

/** Returns copies of parameters and buffers. */
export function readState(entries: readonly StateEntry[]): StateDict {
  return Object.fromEntries(entries.map((entry) => [entry.name, read(entry, entry.value)]));
}

/** Returns copies of gradients, in the layout of their parameters. */
export function readGradients(parameters: readonly Parameter[]): StateDict {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, read(parameter, parameter.grad)]));
}

/** Writes a state dict. @throws RangeError if a name is missing, unknown, or has another shape; then it writes nothing */
export function writeState(entries: readonly StateEntry[], state: StateDict): void {
  const known = new Set(entries.map(({ name }) => name));
  const unknown = Object.keys(state).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new RangeError(`[stateDict] expected only ${[...known].join(', ')} but got ${unknown}`);
  }
  for (const entry of entries) checkEntry(entry, state[entry.name]);
  // Copies first, because a transpose allocates memory, which may detach arrays that are views of it.
  const copies = entries.map(({ name, value }) => copyOfView(value.device, (state[name] as StateTensor).data));
  for (const [index, entry] of entries.entries()) write(entry, copies[index] as Float32Array);
}

function checkEntry(entry: StateEntry, given: StateTensor | undefined): void {
  const expected = exchangeShape(entry).join(', ');
  if (given?.shape.join(', ') === expected && given.data.length === entry.size) return;
  const got = given ? `[${given.shape.join(', ')}] with ${given.data.length} values` : 'nothing of that name';
  throw new RangeError(`[stateDict] expected ${entry.name} of shape [${expected}] but got ${got}`);
}

/** Returns the shape in PyTorch's layout. */
export function exchangeShape({ shape, transposed }: StateEntry): number[] {
  return transposed ? [...shape].reverse() : [...shape];
}

function read(entry: StateEntry, value: Tensor): StateTensor {
  const shape = exchangeShape(entry);
  if (!entry.transposed) return { shape, data: value.data.slice() };
  const [rows = 0, columns = 0] = value.shape;
  const data = withScratch(value, (scratch, floats) => {
    value.device.kernels.transpose(rows, columns, value.pointer, scratch);
    return floats().slice();
  });
  return { shape, data };
}

function write({ value, transposed }: StateEntry, data: Float32Array): void {
  if (!transposed) {
    value.data.set(data);
    return;
  }
  const [rows = 0, columns = 0] = value.shape;
  withScratch(value, (scratch, floats) => {
    floats().set(data);
    value.device.kernels.transpose(columns, rows, scratch, value.pointer);
  });
}

/** Calls `act` with temporary memory of the size of a tensor. */
function withScratch<T>({ device, size }: Tensor, act: (scratch: number, floats: () => Float32Array) => T): T {
  const { arena } = device;
  const mark = arena.mark();
  const scratch = arena.allocate(4 * size);
  const result = act(scratch, () => arena.f32(scratch, size));
  arena.release(mark);
  return result;
}
