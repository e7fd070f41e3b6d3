// Checkpoint files: safetensors that other programs can read, with a description of the arm in their metadata.
import { DataError, Sequential, type StateDict } from '@descent/nn';
import type { Sha256 } from '@descent/nn/data';
import {
  exportOnnx,
  joinParts,
  nameParts,
  readWithChecksum,
  runningParts,
  type Safetensors,
  type SavedTensor,
  savedFloats,
  savedIntegers,
  sizeOfParts,
  stateOf,
  toFloats,
  toIntegers,
  valueParts,
  writeWithChecksum,
} from '@descent/nn/formats';
import * as v from 'valibot';
import type { RunRecord } from '../record/record.ts';
import { NetworkSchema } from '../record/schemas.ts';
import type { ArmSpec, Dialect, NetworkSpec } from '../training/arm.ts';
import { createNetwork } from '../training/network.ts';
import type { MeasuredValues } from '../training/series-log.ts';
import type { Checkpoint, FinalState } from '../training/training.ts';

/** Formats of a checkpoint, from which training can resume, and of weights only. */
const CHECKPOINT = 'descent-checkpoint/1';
const WEIGHTS = 'descent-weights/1';
const formats = [CHECKPOINT, WEIGHTS];

/** Facts of a run in the metadata of its checkpoints. */
export interface Origin extends Pick<RunRecord, 'experiment' | 'data' | 'variant'> {
  /** The version of Descent. */
  readonly descent: string;
}

/**
 * Returns the bytes of a checkpoint file: parameters and running statistics with PyTorch's names, tensors of the optimizer
 * (`optimizer.mean.0.weight`), series (`series.trainLoss.step`, `series.trainLoss.value`), and in the metadata the arm, the step and the
 * scalars of the optimizer. The same run gives the same bytes.
 */
export function writeCheckpoint(spec: ArmSpec, final: FinalState, origin: Origin, sha256?: Sha256): Uint8Array {
  const { checkpoint, inputShape, optimizerTensors } = final;
  const model = createModel(networkDescription(spec), inputShape);
  const metadata = {
    format: CHECKPOINT,
    descent: origin.descent,
    experiment: origin.experiment,
    arm: JSON.stringify(spec),
    step: String(checkpoint.step),
    inputShape: JSON.stringify(inputShape),
    optimizer: JSON.stringify({ tensors: optimizerTensors, scalars: checkpoint.scalars }),
    data: JSON.stringify(origin.data),
    variant: origin.variant,
  };
  const tensors = [...stateTensors(model, checkpoint, optimizerTensors), ...seriesTensors(checkpoint.series)];
  return writeWithChecksum({ tensors: new Map(tensors), metadata }, sha256);
}

/** Splits `Checkpoint.state` into parameters, tensors of the optimizer, and running statistics. */
function stateTensors(
  model: Sequential,
  { state }: Checkpoint,
  optimizerTensors: readonly string[],
): [string, SavedTensor][] {
  const [values, running] = [valueParts(model), runningParts(model)];
  const floats = new Float32Array(new Uint8Array(state).buffer);
  const size = sizeOfParts(values);
  const at = size * (1 + optimizerTensors.length);
  return [
    ...nameParts(values, floats.subarray(0, size)),
    ...nameParts(running, floats.subarray(at)),
    ...optimizerTensors.flatMap((name, index) =>
      nameParts(values, floats.subarray(size * (index + 1), size * (index + 2)), `optimizer.${name}.`),
    ),
  ];
}

function seriesTensors(series: MeasuredValues['series']): [string, SavedTensor][] {
  return Object.entries(series).flatMap(([name, { step, value }]): [string, SavedTensor][] => [
    [`series.${name}.step`, savedIntegers([step.length], Int32Array.from(step))],
    [`series.${name}.value`, savedFloats([value.length], Float32Array.from(value))],
  ]);
}

/** The network of a file and its weights. */
export interface NetworkFile {
  /** Layers with names, but not allocated. */
  readonly model: Sequential;
  /** The shape of one example. */
  readonly inputShape: readonly number[];
  /** A state dict for `model.loadStateDict`. */
  readonly state: StateDict;
  /** All tensors and the metadata of the file. */
  readonly content: Safetensors;
}

/**
 * Reads a checkpoint, or a file of `writeWeights`.
 * @throws DataError if the file is damaged, has another format, or does not match the network in its metadata
 */
export function readNetwork(bytes: Uint8Array, file: string, sha256?: Sha256): NetworkFile {
  const content = readWithChecksum(bytes, file, formats, sha256);
  const { metadata, tensors } = content;
  if (!formats.includes(metadata.format as string)) {
    throw new DataError(
      file,
      `a checkpoint of Descent (${formats.join(', ')})`,
      `the format ${metadata.format ?? 'none'}`,
    );
  }
  const arm = parseMetadata(ArmWithNetwork, metadata, 'arm', file);
  const inputShape = parseMetadata(ShapeSchema, metadata, 'inputShape', file);
  const model = createCheckedModel(arm.task, inputShape, file);
  const modelTensors = [...tensors].filter(([name]) => !/^(optimizer|series)\./.test(name));
  return { model, inputShape, state: stateOf(model, new Map(modelTensors), file), content };
}

/** Returns a file with weights and running statistics only: a state dict as PyTorch's, which can still be exported. */
export function writeWeights({ model, content }: NetworkFile, sha256?: Sha256): Uint8Array {
  const names = new Set([...valueParts(model), ...runningParts(model)].map(({ name }) => name));
  const tensors = new Map([...content.tensors].filter(([name]) => names.has(name)));
  const { optimizer: _, ...metadata } = content.metadata;
  return writeWithChecksum({ tensors, metadata: { ...metadata, format: WEIGHTS } }, sha256);
}

/** Returns the network in evaluation mode as ONNX. It maps pixels ÷ 255 to logits, or to probabilities with `softmax`. */
export function writeOnnx({ model, inputShape, state, content }: NetworkFile, softmax = false): Uint8Array {
  const { descent = '', experiment = '', arm = '' } = content.metadata;
  return exportOnnx(model, { inputShape, state, softmax, metadata: { descent, experiment, arm } });
}

/**
 * Reads a checkpoint from which a `Training` can resume.
 * @throws DataError if the file is damaged, or its arm differs from `spec` in more than the number of steps
 */
export function readCheckpoint(bytes: Uint8Array, spec: ArmSpec, file: string, sha256?: Sha256): Checkpoint {
  const { model, content } = readNetwork(bytes, file, sha256);
  const { tensors, metadata } = content;
  if (!isSameArm(metadata.arm as string, spec)) {
    throw new DataError(file, `the arm ${spec.name} as it is described`, 'another one');
  }
  const step = parseMetadata(v.pipe(v.number(), v.integer(), v.minValue(0)), metadata, 'step', file);
  const optimizer = parseMetadata(OptimizerSchema, metadata, 'optimizer', file);
  const [values, running] = [valueParts(model), runningParts(model)];
  const blocks = [
    joinParts(values, tensors, file),
    ...optimizer.tensors.map((name) => joinParts(values, tensors, file, `optimizer.${name}.`)),
    joinParts(running, tensors, file),
  ];
  const state = new Float32Array(blocks.reduce((size, block) => size + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    state.set(block, at);
    at += block.length;
  }
  const { scalars } = optimizer;
  return { arm: spec.name, step, state: new Uint8Array(state.buffer), scalars, series: readSeries(tensors, file) };
}

function readSeries(tensors: Safetensors['tensors'], file: string): MeasuredValues['series'] {
  const names = [...tensors.keys()].flatMap((name) => /^series\.(.*)\.step$/s.exec(name)?.[1] ?? []);
  const series = names.map((name) => {
    const [steps, values] = [`series.${name}.step`, `series.${name}.value`];
    const missing = new DataError(file, `${values} beside ${steps}`, 'nothing of that name');
    const value = tensors.get(values);
    if (!value) throw missing;
    const step = [...toIntegers(tensors.get(steps) as SavedTensor, { file, name: steps })];
    return [name, { step, value: [...toFloats(value, { file, name: values })] }];
  });
  return Object.fromEntries(series) as MeasuredValues['series'];
}

const ShapeSchema = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 20))),
  v.minLength(1),
  v.maxLength(3),
);
const OptimizerSchema = v.object({
  tensors: v.pipe(v.array(v.string()), v.maxLength(8)),
  scalars: v.record(v.string(), v.number()),
});
const ArmWithNetwork = v.object({
  task: v.object({ network: NetworkSchema, dialect: v.picklist(['modern', 'book']) }),
});

/** Parses a JSON value of the metadata and checks it. */
function parseMetadata<S extends v.GenericSchema>(
  schema: S,
  metadata: Safetensors['metadata'],
  name: string,
  file: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, parseJson(metadata[name] ?? ''), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = [name, v.getDotPath(issue)].filter(Boolean).join('.');
  throw new DataError(file, `metadata with ${where} ${issue.expected ?? 'as it must be'}`, issue.received);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface NetworkDescription {
  readonly network: NetworkSpec;
  readonly dialect: Dialect;
}

function networkDescription({ name, task }: ArmSpec): NetworkDescription {
  if (task.kind === 'classifier') return task;
  throw new TypeError(`[writeCheckpoint] expected an arm that trains a network but got ${name}`);
}

function createModel({ network, dialect }: NetworkDescription, inputShape: readonly number[]): Sequential {
  const pixels = inputShape.reduce((product, size) => product * size, 1);
  return new Sequential(createNetwork(network, pixels, dialect).layers);
}

function createCheckedModel(described: NetworkDescription, inputShape: readonly number[], file: string): Sequential {
  try {
    return createModel(described, inputShape);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(file, 'a network that takes its inputs', error.message);
  }
}

/** JSON that is nested too deeply for the stack is not from an arm. */
function isSameArm(text: string, spec: ArmSpec): boolean {
  try {
    return toComparableText(JSON.parse(text)) === toComparableText(spec);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Returns an arm as text without its number of steps, with sorted keys. */
function toComparableText(arm: ArmSpec): string {
  return JSON.stringify({ ...arm, task: { ...arm.task, steps: 0 } }, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
