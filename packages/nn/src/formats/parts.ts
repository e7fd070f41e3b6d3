// Between the flat blocks of a model's memory and tensors by name in PyTorch's layout. No number is touched.
import { checkArguments, floatsLike, having, listOf, optional, string } from '../core/check.ts';
import { inBlockOrder, type Parameter } from '../core/parameter.ts';
import { exchangeShape, type StateDict, type StateEntry } from '../core/state-dict.ts';
import { DataError } from '../data/data-error.ts';
import { type SavedTensor, savedFloats, tensorMap, toFloats } from './dtype.ts';

/** PyTorch's count of batches, an int64. Only a batch norm with `momentum: null` needs it; otherwise it is skipped. */
const COUNT = /(^|\.)num_batches_tracked$/;

/** What keeps parameters and statistics: a Sequential, with memory or without. */
export interface StateReader {
  /** As `Sequential.parameters`. */
  parameters(): readonly Parameter[];
  /** As `Sequential.statistics`. */
  buffers(): readonly StateEntry[];
}

const keeper = having('buffers', 'a model');
const partsLike = listOf('an array of parameters and buffers', having('transposed', 'a Parameter or a Buffer'));

/** What lies in `Sequential.values`, one after the other; likewise in each tensor of an optimizer. */
export function valueParts(model: StateReader): StateEntry[] {
  checkArguments('valueParts', arguments, { model: keeper });
  return inBlockOrder(model.parameters());
}

/** What lies in `Sequential.running`. */
export function runningParts(model: StateReader): StateEntry[] {
  checkArguments('runningParts', arguments, { model: keeper });
  return [...model.buffers()];
}

/** How many numbers some parts are. */
export function sizeOfParts(parts: readonly StateEntry[]): number {
  checkArguments('sizeOfParts', arguments, { parts: partsLike });
  return parts.reduce((total, { size }) => total + size, 0);
}

/** The parts of a flat block, as copies. @throws RangeError where the block has another size */
export function nameParts(parts: readonly StateEntry[], flat: Float32Array, prefix = ''): [string, SavedTensor][] {
  checkArguments('nameParts', arguments, { parts: partsLike, flat: floatsLike, prefix: optional(string) });
  if (flat.length !== sizeOfParts(parts)) {
    throw new RangeError(`[safetensors] expected ${sizeOfParts(parts)} numbers of state but got ${flat.length}`);
  }
  let offset = 0;
  return parts.map((part) => {
    const own = flat.slice(offset, (offset += part.size));
    return [prefix + part.name, savedFloats(exchangeShape(part), part.transposed ? flip(own, part.shape) : own)];
  });
}

/** The flat block of some parts. @throws DataError where one is missing, or not of the shape and type that it must have */
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
    const floats = floatsOf(part, tensors, { file, name: prefix + part.name });
    flat.set(part.transposed ? flip(floats, exchangeShape(part)) : floats, offset);
    offset += part.size;
  }
  return flat;
}

/** What a model keeps, from a file, as a state dict. @throws DataError as `joinParts`, and where a name is none of the model's */
export function stateOf(model: StateReader, tensors: ReadonlyMap<string, SavedTensor>, file: string): StateDict {
  checkArguments('stateOf', arguments, { model: keeper, tensors: tensorMap, file: string });
  const parts = [...valueParts(model), ...runningParts(model)];
  rejectUnknownTensors(parts, tensors.keys(), file);
  const entries = parts.map((part) => {
    const data = floatsOf(part, tensors, { file, name: part.name });
    return [part.name, { shape: exchangeShape(part), data }];
  });
  return Object.fromEntries(entries) as StateDict;
}

/** @throws DataError where a name is none of the parts' */
export function rejectUnknownTensors(parts: readonly StateEntry[], names: Iterable<string>, file: string): void {
  const known = new Set(parts.map(({ name }) => name));
  for (const name of names) {
    if (!known.has(name) && !COUNT.test(name)) {
      throw new DataError(file, `only ${[...known].join(', ')}`, JSON.stringify(name));
    }
  }
}

function floatsOf(
  part: StateEntry,
  tensors: ReadonlyMap<string, SavedTensor>,
  where: { file: string; name: string },
): Float32Array {
  const tensor = tensors.get(where.name);
  const expected = exchangeShape(part).join(', ');
  if (!tensor) throw new DataError(where.file, `${where.name} of shape [${expected}]`, 'nothing of that name');
  if (tensor.shape.join(', ') !== expected) {
    throw new DataError(where.file, `${where.name} of shape [${expected}]`, `[${tensor.shape.join(', ')}]`);
  }
  if (COUNT.test(part.name) && tensor.dtype === 'I64') {
    return Float32Array.from(new BigInt64Array(new Uint8Array(tensor.bytes).buffer), Number);
  }
  return toFloats(tensor, where);
}

/** The transpose of a matrix of the given shape, bit for bit. */
function flip(matrix: Float32Array, [rows = 0, columns = 0]: readonly number[]): Float32Array {
  const from = new Uint32Array(matrix.buffer, matrix.byteOffset, matrix.length);
  const to = new Uint32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) to[column * rows + row] = from[row * columns + column] as number;
  }
  return new Float32Array(to.buffer);
}
