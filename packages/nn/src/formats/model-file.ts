// Models as files: weights under PyTorch's names, and everything that training needs to continue with the same bits.
import { bytesLike, checkArguments, modelLike, optimizerLike, optionsOf, string, strings } from '../core/check.ts';
import type { StateEntry } from '../core/state-dict.ts';
import { DataError } from '../data/data-error.ts';
import type { Sequential } from '../layers/sequential.ts';
import type { Optimizer, OptimizerStateDict } from '../optim/optimizer.ts';
import { readWithChecksum, writeWithChecksum } from './checksum.ts';
import { joinParts, nameParts, rejectUnknownTensors, runningParts, sizeOfParts, valueParts } from './parts.ts';
import type { Safetensors } from './safetensors.ts';

/** The metadata field `format` of files that `saveModel` writes. */
const MODEL_FORMAT = 'descent-model/1';

/** Prefix of the tensors of an optimizer, as in `optimizer.mean.0.weight`. */
const OPTIMIZER_PREFIX = 'optimizer.';

/** Options of `saveModel`. */
export interface SaveOptions {
  /** An optimizer of all parameters, or of all that are not frozen. Default: none is saved. */
  readonly optimizer?: Optimizer;
  /** Further strings. The names `format`, `step`, `optimizer` and `sha256` are reserved. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Returns a safetensors file with parameters, running statistics, the step and the state of an optimizer. Training that
 * continues from it, in a model with the same layers and seed, gives the same bits. The file contains its checksum.
 */
export function saveModel(model: Sequential, options: SaveOptions = {}): Uint8Array<ArrayBuffer> {
  checkArguments('saveModel', arguments, {
    model: modelLike,
    options: optionsOf<SaveOptions>({ optimizer: optimizerLike, metadata: strings }),
  });
  const { optimizer, metadata } = options;
  const values = valueParts(model);
  const tensors = [
    ...nameParts(values, model.values.data),
    ...nameParts(runningParts(model), model.running.data),
    ...Object.entries(optimizer?.stateDict().tensors ?? {}).flatMap(([name, flat]) =>
      nameParts(optimizedParts('saveModel', optimizer as Optimizer, values), flat, `${OPTIMIZER_PREFIX}${name}.`),
    ),
  ];
  const state = optimizer && { lr: optimizer.lr, scalars: optimizer.stateDict().scalars };
  const own = { format: MODEL_FORMAT, step: String(model.step), ...(state && { optimizer: JSON.stringify(state) }) };
  return writeWithChecksum({ tensors: new Map(tensors), metadata: { ...metadata, ...own } });
}

/** Options of `loadModel`. */
export interface LoadOptions {
  /** An optimizer to restore, learning rate included. The file must have been saved with one of the same kind. */
  readonly optimizer?: Optimizer;
  /** The name of the file, for error messages. */
  readonly file?: string;
}

/**
 * Loads weights into a model that has memory, from a file of `saveModel` or a state dict that PyTorch saved.
 * @returns the metadata of the file
 * @throws DataError if the file is damaged or of another model; the model does not change then
 */
export function loadModel(model: Sequential, bytes: Uint8Array, options: LoadOptions = {}): Safetensors['metadata'] {
  checkArguments('loadModel', arguments, {
    model: modelLike,
    bytes: bytesLike,
    options: optionsOf<LoadOptions>({ optimizer: optimizerLike, file: string }),
  });
  const { optimizer, file = 'safetensors' } = options;
  const { tensors, metadata } = readWithChecksum(bytes, file, [MODEL_FORMAT]);
  const [values, running] = [valueParts(model), runningParts(model)];
  const isOwnFormat = metadata.format === MODEL_FORMAT;
  const names = [...tensors.keys()].filter((name) => !(isOwnFormat && name.startsWith(OPTIMIZER_PREFIX)));
  rejectUnknownTensors([...values, ...running], names, file);
  const [valueBlock, runningBlock] = [joinParts(values, tensors, file), joinParts(running, tensors, file)];
  const step = isOwnFormat ? readStep(metadata, file) : model.step;
  if (optimizer) {
    loadOptimizer(optimizer, optimizerState(model, optimizer, { tensors, metadata }, file), file);
  }
  model.values.data.set(valueBlock);
  model.running.data.set(runningBlock);
  model.step = step;
  return metadata;
}

/** Returns the parts that an optimizer updates: all, or those that are not frozen. @throws RangeError for other optimizers */
function optimizedParts(who: string, optimizer: Optimizer, parts: readonly StateEntry[]): readonly StateEntry[] {
  const trainable = parts.filter((part) => !('requiresGrad' in part) || part.requiresGrad);
  const found = [parts, trainable].find((some) => sizeOfParts(some) === optimizer.size);
  if (found) return found;
  throw new RangeError(
    `[${who}] expected an optimizer of the model's ${sizeOfParts(trainable)} parameters that learn but got one of ${optimizer.size}`,
  );
}

function readStep({ step = '' }: Safetensors['metadata'], file: string): number {
  const number = Number(step);
  if (/^\d+$/.test(step) && number < 2 ** 32) return number;
  throw new DataError(file, 'a number of steps in its metadata', JSON.stringify(step));
}

/** @throws DataError if the state is of other parameter groups, or a number is out of range */
function loadOptimizer(optimizer: Optimizer, state: OptimizerStateDict, file: string): void {
  try {
    optimizer.loadStateDict(state);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(file, "the state of an optimizer with this one's groups and ranges", error.message);
  }
}

/** @throws DataError if the file has no state of such an optimizer */
function optimizerState(
  model: Sequential,
  optimizer: Optimizer,
  { tensors, metadata }: Safetensors,
  file: string,
): OptimizerStateDict {
  const values = optimizedParts('loadModel', optimizer, valueParts(model));
  const { lr, scalars } = readScalars(metadata.optimizer, Object.keys(optimizer.stateDict().scalars), file);
  const blocks = Object.keys(optimizer.stateDict().tensors).map((name) => [
    name,
    joinParts(values, tensors, file, `${OPTIMIZER_PREFIX}${name}.`),
  ]);
  return { lr, tensors: Object.fromEntries(blocks), scalars };
}

/** @throws DataError unless the text is JSON with a learning rate and the expected numbers */
function readScalars(text: string | undefined, names: readonly string[], file: string) {
  const { lr, scalars } = parse(text) as { lr?: unknown; scalars?: Record<string, unknown> };
  const found = Object.keys(scalars ?? {});
  const isComplete = found.length === names.length && names.every((name) => typeof scalars?.[name] === 'number');
  if (typeof lr === 'number' && lr >= 0 && isComplete) return { lr, scalars: scalars as Record<string, number> };
  const what = names.length > 0 ? `an optimizer with ${names.join(' and ')}` : 'an optimizer without scalars';
  throw new DataError(file, `the state of ${what} in its metadata`, text ?? 'none');
}

function parse(text = ''): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
