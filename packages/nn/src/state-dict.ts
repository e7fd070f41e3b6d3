// Parameters to and from PyTorch's layout: what files and other frameworks exchange.
import type { Parameter } from './parameter.ts';

/** An array on the JavaScript side, row-major. */
export interface StateTensor {
  shape: number[];
  data: Float32Array;
}

/** Arrays by parameter name, such as '0.weight', each in PyTorch's layout. */
export type StateDict = Record<string, StateTensor>;

/** Copies parameters out of their device. */
export function readParameters(parameters: readonly Parameter[]): StateDict {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, read(parameter)]));
}

/** @throws RangeError where a name is missing, unknown, or has another shape; nothing is written then */
export function writeParameters(parameters: readonly Parameter[], state: StateDict): void {
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = Object.keys(state).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new RangeError(`[stateDict] expected only ${[...known].join(', ')} but got ${unknown}`);
  }
  for (const parameter of parameters) checkEntry(parameter, state[parameter.name]);
  for (const parameter of parameters) write(parameter, (state[parameter.name] as StateTensor).data);
}

function checkEntry(parameter: Parameter, entry: StateTensor | undefined): void {
  const expected = exchangeShape(parameter).join(', ');
  if (entry === undefined) {
    throw new RangeError(`[stateDict] expected ${parameter.name} of shape [${expected}] but got nothing of that name`);
  }
  if (entry.shape.join(', ') !== expected || entry.data.length !== parameter.size) {
    throw new RangeError(
      `[stateDict] expected ${parameter.name} of shape [${expected}] but got [${entry.shape.join(', ')}] with ${entry.data.length} values`,
    );
  }
}

function exchangeShape({ shape, transposed }: Parameter): number[] {
  return transposed ? [...shape].reverse() : [...shape];
}

function read(parameter: Parameter): StateTensor {
  const { value, transposed } = parameter;
  const shape = exchangeShape(parameter);
  if (!transposed) return { shape, data: value.data.slice() };
  const { arena, kernels } = value.device;
  const mark = arena.mark();
  const flipped = arena.allocate(4 * value.size);
  kernels.transpose(value.shape[0] as number, value.shape[1] as number, value.pointer, flipped);
  const data = arena.f32(flipped, value.size).slice();
  arena.release(mark);
  return { shape, data };
}

function write({ value, transposed }: Parameter, data: Float32Array): void {
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
