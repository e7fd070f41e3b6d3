// A trained arm as a file: safetensors that other programs read, and that say themselves what network they are of.
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
import type { ArmSpec, Dialect, NetworkSpec } from '../training/arm.ts';
import { createNetwork } from '../training/network.ts';
import type { MeasuredValues } from '../training/series-log.ts';
import type { Checkpoint, FinalState } from '../training/training.ts';
import { NetworkSchema } from './network-schema.ts';

/** Weights with all that training needs to go on, and weights alone. */
const CHECKPOINT = 'descent-checkpoint/1';
const WEIGHTS = 'descent-weights/1';
const formats = [CHECKPOINT, WEIGHTS];

/** What of a run stands beside the weights. */
export interface Origin extends Pick<RunRecord, 'experiment' | 'data' | 'variant'> {
  /** The version of Descent. */
  readonly descent: string;
}

/**
 * The bytes of a checkpoint file: parameters and running statistics under PyTorch's names, tensors of the optimizer
 * (`optimizer.mean.0.weight`), series (`series.trainLoss.step`, `series.trainLoss.value`), and in the metadata the arm, the
 * step and the optimizer's numbers. A function of the run: the same run gives the same bytes.
 */
export function writeCheckpoint(spec: ArmSpec, final: FinalState, origin: Origin, sha256?: Sha256): Uint8Array {
  const { checkpoint, inputShape, optimizerTensors } = final;
  const model = modelOf(networkIn(spec), inputShape);
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

/** The parts of `Checkpoint.state`: parameters, the tensors of the optimizer, running statistics. */
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

/** A file of weights, opened: a network and what it has learnt. */
export interface NetworkFile {
  /** Its layers and names; without memory. */
  readonly model: Sequential;
  /** Of one example. */
  readonly inputShape: readonly number[];
  /** As `model.loadStateDict` takes it. */
  readonly state: StateDict;
  /** All else that the file has: other tensors, metadata. */
  readonly content: Safetensors;
}

/**
 * Opens a checkpoint, or the weights alone that `writeWeights` made of one.
 * @throws DataError where it is damaged, none of ours, or not of the network that it says
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
  const arm = check(ArmWithNetwork, metadata, 'arm', file);
  const inputShape = check(ShapeSchema, metadata, 'inputShape', file);
  const model = tryModel(arm.task, inputShape, file);
  const own = [...tensors].filter(([name]) => !/^(optimizer|series)\./.test(name));
  return { model, inputShape, state: stateOf(model, new Map(own), file), content };
}

/** The same file with weights and running statistics alone: a state dict as PyTorch's, which can still be exported. */
export function writeWeights({ model, content }: NetworkFile, sha256?: Sha256): Uint8Array {
  const names = new Set([...valueParts(model), ...runningParts(model)].map(({ name }) => name));
  const tensors = new Map([...content.tensors].filter(([name]) => names.has(name)));
  const { optimizer: _, ...metadata } = content.metadata;
  return writeWithChecksum({ tensors, metadata: { ...metadata, format: WEIGHTS } }, sha256);
}

/** The network as it is in evaluation, as ONNX: pixels ÷ 255 in, logits out, or probabilities with `softmax`. */
export function writeOnnx({ model, inputShape, state, content }: NetworkFile, softmax = false): Uint8Array {
  const { descent = '', experiment = '', arm = '' } = content.metadata;
  return exportOnnx(model, { inputShape, state, softmax, metadata: { descent, experiment, arm } });
}

/**
 * Where an arm stood when its file was written, for a `Training` that goes on from there.
 * @throws DataError where the file is damaged, or of another arm: in all but the number of steps the specs must agree
 */
export function readCheckpoint(bytes: Uint8Array, spec: ArmSpec, file: string, sha256?: Sha256): Checkpoint {
  const { model, content } = readNetwork(bytes, file, sha256);
  const { tensors, metadata } = content;
  if (!isOfArm(metadata.arm as string, spec)) {
    throw new DataError(file, `the arm ${spec.name} as it is described`, 'another one');
  }
  const step = check(v.pipe(v.number(), v.integer(), v.minValue(0)), metadata, 'step', file);
  const optimizer = check(OptimizerSchema, metadata, 'optimizer', file);
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

/** A JSON of the metadata, checked. */
function check<S extends v.GenericSchema>(
  schema: S,
  metadata: Safetensors['metadata'],
  name: string,
  file: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, parse(metadata[name] ?? ''), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = [name, v.getDotPath(issue)].filter(Boolean).join('.');
  throw new DataError(file, `metadata with ${where} ${issue.expected ?? 'as it must be'}`, issue.received);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Described {
  readonly network: NetworkSpec;
  readonly dialect: Dialect;
}

function networkIn({ name, task }: ArmSpec): Described {
  if (task.kind === 'classifier') return task;
  throw new TypeError(`[writeCheckpoint] expected an arm that trains a network but got ${name}`);
}

function modelOf({ network, dialect }: Described, inputShape: readonly number[]): Sequential {
  const pixels = inputShape.reduce((product, size) => product * size, 1);
  return new Sequential(createNetwork(network, pixels, dialect).layers);
}

function tryModel(described: Described, inputShape: readonly number[], file: string): Sequential {
  try {
    return modelOf(described, inputShape);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(file, 'a network that takes its inputs', error.message);
  }
}

/** What is nested deeper than the stack is none of ours. */
function isOfArm(text: string, spec: ArmSpec): boolean {
  try {
    return withoutSteps(JSON.parse(text)) === withoutSteps(spec);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The number of steps may grow; the order of keys does not count. */
function withoutSteps(arm: ArmSpec): string {
  return JSON.stringify({ ...arm, task: { ...arm.task, steps: 0 } }, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
