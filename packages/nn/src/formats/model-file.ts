// A model as a file: its weights under PyTorch's names and all else that training needs to go on to the same bits.
import { bytesLike, checkArguments, modelLike, optimizerLike, optionsOf, string, strings } from '../core/check.ts';
import type { StateEntry } from '../core/state-dict.ts';
import { DataError } from '../data/data-error.ts';
import type { Sequential } from '../layers/sequential.ts';
import type { Optimizer, OptimizerStateDict } from '../optim/optimizer.ts';
import { readWithChecksum, writeWithChecksum } from './checksum.ts';
import { joinParts, nameParts, rejectUnknownTensors, runningParts, sizeOfParts, valueParts } from './parts.ts';
import type { Safetensors } from './safetensors.ts';

/** What a file of ours says it is; it may hold more than weights. */
const MODEL_FORMAT = 'descent-model/1';

/** State of the optimizer: `optimizer.mean.0.weight`. */
const OPTIMIZER_PREFIX = 'optimizer.';

/** What else goes into the file. */
export interface SaveOptions {
  /** Over all parameters of the model, or all that are not frozen; without it the file has weights and running statistics alone. */
  readonly optimizer?: Optimizer;
  /** Strings of your own beside ours: `format`, `step`, `optimizer` and `sha256`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file with parameters and running statistics, where the random numbers of dropout stand, and the
 * optimizer's state: training that goes on from it, in a model of the same layers and seed, comes to the same bits. A digest of
 * the file is in it, so that a damaged one is told.
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
      nameParts(movedBy('saveModel', optimizer as Optimizer, values), flat, `${OPTIMIZER_PREFIX}${name}.`),
    ),
  ];
  const state = optimizer && { lr: optimizer.lr, scalars: optimizer.stateDict().scalars };
  const ours = { format: MODEL_FORMAT, step: String(model.step), ...(state && { optimizer: JSON.stringify(state) }) };
  return writeWithChecksum({ tensors: new Map(tensors), metadata: { ...metadata, ...ours } });
}

/** What else is taken from the file. */
export interface LoadOptions {
  /** Gets its state back, and its learning rate; the file must have been saved with one of its kind. */
  readonly optimizer?: Optimizer;
  /** The name of the file, for errors. */
  readonly file?: string;
}

/**
 * Puts a file's weights into a model that has memory: one that `saveModel` wrote, or a state dict that PyTorch saved.
 * @returns the file's metadata
 * @throws DataError where the file is damaged or of another model; the model is as it was then
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
  const isOurs = metadata.format === MODEL_FORMAT;
  const names = [...tensors.keys()].filter((name) => !(isOurs && name.startsWith(OPTIMIZER_PREFIX)));
  rejectUnknownTensors([...values, ...running], names, file);
  const [valueBlock, runningBlock] = [joinParts(values, tensors, file), joinParts(running, tensors, file)];
  const step = isOurs ? readStep(metadata, file) : model.step;
  if (optimizer) {
    loadOptimizer(optimizer, optimizerState(model, optimizer, { tensors, metadata }, file), file);
  }
  model.values.data.set(valueBlock);
  model.running.data.set(runningBlock);
  model.step = step;
  return metadata;
}

/** The parts that an optimizer moves: all, or those that are not frozen. @throws RangeError where it is neither */
function movedBy(who: string, optimizer: Optimizer, parts: readonly StateEntry[]): readonly StateEntry[] {
  const learning = parts.filter((part) => !('requiresGrad' in part) || part.requiresGrad);
  const moved = [parts, learning].find((some) => sizeOfParts(some) === optimizer.size);
  if (moved) return moved;
  throw new RangeError(
    `[${who}] expected an optimizer of the model's ${sizeOfParts(learning)} parameters that learn but got one of ${optimizer.size}`,
  );
}

function readStep({ step = '' }: Safetensors['metadata'], file: string): number {
  const number = Number(step);
  if (/^\d+$/.test(step) && number < 2 ** 32) return number;
  throw new DataError(file, 'a number of steps in its metadata', JSON.stringify(step));
}

/** @throws DataError where the state is of other groups, or a number of it is out of its range */
function loadOptimizer(optimizer: Optimizer, state: OptimizerStateDict, file: string): void {
  try {
    optimizer.loadStateDict(state);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(file, "the state of an optimizer with this one's groups and ranges", error.message);
  }
}

/** @throws DataError where the file has no state of such an optimizer */
function optimizerState(
  model: Sequential,
  optimizer: Optimizer,
  { tensors, metadata }: Safetensors,
  file: string,
): OptimizerStateDict {
  const values = movedBy('loadModel', optimizer, valueParts(model));
  const { lr, scalars } = readScalars(metadata.optimizer, Object.keys(optimizer.stateDict().scalars), file);
  const blocks = Object.keys(optimizer.stateDict().tensors).map((name) => [
    name,
    joinParts(values, tensors, file, `${OPTIMIZER_PREFIX}${name}.`),
  ]);
  return { lr, tensors: Object.fromEntries(blocks), scalars };
}

/** @throws DataError unless the text is JSON of a learning rate and of the numbers that are expected */
function readScalars(text: string | undefined, names: readonly string[], file: string) {
  const { lr, scalars } = parse(text) as { lr?: unknown; scalars?: Record<string, unknown> };
  const found = Object.keys(scalars ?? {});
  const isWhole = found.length === names.length && names.every((name) => typeof scalars?.[name] === 'number');
  if (typeof lr === 'number' && lr >= 0 && isWhole) return { lr, scalars: scalars as Record<string, number> };
  const what =
    names.length > 0 ? `an optimizer with ${names.join(' and ')}` : 'an optimizer without numbers of its own';
  throw new DataError(file, `the state of ${what} in its metadata`, text ?? 'none');
}

function parse(text = ''): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
