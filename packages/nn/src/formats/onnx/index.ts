// A model as an ONNX file, for other programs to run.
import { boolean, checkArguments, modelLike, optionsOf, shapeLike, string, strings } from '../../core/check.ts';
import { type StateDict, stateLike } from '../../core/state-dict.ts';
import type { Sequential } from '../../layers/sequential.ts';
import { concat, integer, message, text } from '../protobuf.ts';
import { Graph, type Value } from './graph.ts';
import { addLayer } from './layers.ts';

/** Operators of 2021: the first with LayerNormalization. */
const OPSET = 17;
/** The file format that came with them. */
const IR_VERSION = 8;

/** What else goes into the file. */
export interface OnnxOptions {
  /** One row of input, such as [784]. Default: what the model was laid out for. */
  readonly inputShape?: readonly number[];
  /** What the model has learnt, where it has no memory of its own. Default: its `stateDict`. */
  readonly state?: StateDict;
  /** Whether probabilities come out instead of logits. Default false. */
  readonly softmax?: boolean;
  /** The name of the graph. Default 'descent'. */
  readonly name?: string;
  /** Strings that the file carries. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of an ONNX file with the model as it is in evaluation: `input` (batch, …inputShape) → `logits` (batch, …), or
 * `probabilities` with `softmax`, for a batch of any size. Opset 17; the same model gives the same bytes.
 * @throws TypeError where a layer is none of this library
 */
export function exportOnnx(model: Sequential, options: OnnxOptions = {}): Uint8Array<ArrayBuffer> {
  const rules = { inputShape: shapeLike, state: stateLike, softmax: boolean, name: string, metadata: strings };
  checkArguments('exportOnnx', arguments, { model: modelLike, options: optionsOf<OnnxOptions>(rules) });
  const { inputShape, state, softmax = false, name = 'descent', metadata = {} } = options;
  const graph = new Graph();
  const input: Value = { name: 'input', shape: inputShape ?? model.inputShape };
  const last = addLayer({ graph, state: state ?? model.stateDict() }, model, input);
  const end = softmax ? graph.node('Softmax', [last.name], { axis: -1 }) : last.name;
  const output: Value = { name: softmax ? 'probabilities' : 'logits', shape: last.shape };
  graph.rename(end, output.name);
  return concat([
    integer(1, IR_VERSION),
    text(2, 'descent'),
    message(7, [graph.encode(name, input, output)]),
    message(8, [text(1, ''), integer(2, OPSET)]),
    ...Object.entries(metadata).map(([key, value]) => message(14, [text(1, key), text(2, value)])),
  ]);
}
