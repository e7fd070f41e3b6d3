// Conversion between the flat memory blocks of a model and named tensors in PyTorch's layout. Values do not change.
import { checkArguments, floatsLike, having, listOf, optional, string } from '../core/check.ts';
import { inBlockOrder, type Parameter } from '../core/parameter.ts';
import { exchangeShape, type StateDict, type StateEntry } from '../core/state-dict.ts';
import { DataError } from '../data/data-error.ts';
import { type SavedTensor, savedFloats, tensorMap, toFloats } from './dtype.ts';

/** PyTorch's int64 count of batches. Only batch norms with `momentum: null` use it; others ignore it. */
const COUNT = /(^|\.)num_batches_tracked$/;

/** A source of parameters and buffers: a Sequential, with or without memory. */
export interface StateReader {
  /** As `Sequential.parameters`. */
  parameters(): readonly Parameter[];
  /** As `Sequential.buffers`. */
  buffers(): readonly StateEntry[];
}

const stateReader = having('buffers', 'a model');
const partsLike = listOf('an array of parameters and buffers', having('transposed', 'a Parameter or a Buffer'));

/** Returns the entries of `Sequential.values` in memory order. Each tensor of an optimizer has the same order. */
export function valueParts(model: StateReader): StateEntry[] {
  checkArguments('valueParts', arguments, { model: stateReader });
  return inBlockOrder(model.parameters());
}

/** Returns the entries of `Sequential.running` in memory order. */
export function runningParts(model: StateReader): StateEntry[] {
  checkArguments('runningParts', arguments, { model: stateReader });
  return [...model.buffers()];
}

/** Returns the number of elements of all parts. */
export function sizeOfParts(parts: readonly StateEntry[]): number {
  checkArguments('sizeOfParts', arguments, { parts: partsLike });
  return parts.reduce((total, { size }) => total + size, 0);
}

/** Copies the parts of a flat block. @throws RangeError if the block has another size */
export function nameParts(parts: readonly StateEntry[], flat: Float32Array, prefix = ''): [string, SavedTensor][] {
  checkArguments('nameParts', arguments, { parts: partsLike, flat: floatsLike, prefix: optional(string) });
  if (flat.length !== sizeOfParts(parts)) {
    throw new RangeError(`[safetensors] expected ${sizeOfParts(parts)} numbers of state but got ${flat.length}`);
  }
  let offset = 0;
  return parts.map((part) => {
    const data = flat.slice(offset, (offset += part.size));
    return [prefix + part.name, savedFloats(exchangeShape(part), part.transposed ? transpose(data, part.shape) : data)];
  });
}

/** Joins tensors into a flat block. @throws DataError if one is missing or has the wrong shape or type */
export function joinParts(
  parts: readonly StateEntry[],
  tensors: ReadonlyMap<string, SavedTensor>,
  file: string,
  prefix = '',
): Float32Array<ArrayBuffer> {
  const rules = { parts: partsLike, tensors: tensorMap, file: string, prefix: optional(string) };
  checkArguments('joinParts', arguments, rules);
  const flat = new Float32Array(sizeOfParts(parts));
  let offset = 0;
  for (const part of parts) {
    const floats = readPart(part, tensors, { file, name: prefix + part.name });
    flat.set(part.transposed ? transpose(floats, exchangeShape(part)) : floats, offset);
    offset += part.size;
  }
  return flat;
}

/** Reads the state dict of a model. @throws DataError as `joinParts`, and if the model has no entry of a name */
export function stateOf(model: StateReader, tensors: ReadonlyMap<string, SavedTensor>, file: string): StateDict {
  checkArguments('stateOf', arguments, { model: stateReader, tensors: tensorMap, file: string });
  const parts = [...valueParts(model), ...runningParts(model)];
  rejectUnknownTensors(parts, tensors.keys(), file);
  const entries = parts.map((part) => {
    const data = readPart(part, tensors, { file, name: part.name });
    return [part.name, { shape: exchangeShape(part), data }];
  });
  return Object.fromEntries(entries) as StateDict;
}

/** @throws DataError if there is no part of a name */
export function rejectUnknownTensors(parts: readonly StateEntry[], names: Iterable<string>, file: string): void {
  const known = new Set(parts.map(({ name }) => name));
  for (const name of names) {
    if (!known.has(name) && !COUNT.test(name)) {
      throw new DataError(file, `only ${[...known].join(', ')}`, JSON.stringify(name));
    }
  }
}

function readPart(
  part: StateEntry,
  tensors: ReadonlyMap<string, SavedTensor>,
  where: { file: string; name: string },
): Float32Array {
  const tensor = tensors.get(where.name);
  const expected = exchangeShape(part).join(', ');
  if (!tensor) throw new DataError(where.file, `${where.name} of shape [${expected}]`, 'no tensor of that name');
  if (tensor.shape.join(', ') !== expected) {
    throw new DataError(where.file, `${where.name} of shape [${expected}]`, `[${tensor.shape.join(', ')}]`);
  }
  if (COUNT.test(part.name) && tensor.dtype === 'I64') {
    return Float32Array.from(new BigInt64Array(new Uint8Array(tensor.bytes).buffer), Number);
  }
  return toFloats(tensor, where);
}

/** Transposes a matrix. Copies bits, because reading a float can change the bits of a NaN. */
function transpose(matrix: Float32Array, [rows = 0, columns = 0]: readonly number[]): Float32Array {
  const from = new Uint32Array(matrix.buffer, matrix.byteOffset, matrix.length);
  const to = new Uint32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) to[column * rows + row] = from[row * columns + column] as number;
  }
  return new Float32Array(to.buffer);
}
