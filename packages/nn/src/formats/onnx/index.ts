// Export of models as ONNX files.
import { boolean, checkArguments, modelLike, optionsOf, shapeLike, string, strings } from '../../core/check.ts';
import { type StateDict, stateLike } from '../../core/state-dict.ts';
import type { Sequential } from '../../layers/sequential.ts';
import { concat, integer, message, text } from '../protobuf.ts';
import { Graph, type Value } from './graph.ts';
import { addLayer } from './layers.ts';

/** The first opset with LayerNormalization (2021). */
const OPSET = 17;
/** The file format of this opset. */
const IR_VERSION = 8;

/** Options of `exportOnnx`. */
export interface OnnxOptions {
  /** The shape of one input, such as [784]. Default: that of `model.to(device, …)`. */
  readonly inputShape?: readonly number[];
  /** The weights of a model without memory. Default: its `stateDict`. */
  readonly state?: StateDict;
  /** Whether the output is probabilities instead of logits. Default false. */
  readonly softmax?: boolean;
  /** The name of the graph. Default 'descent'. */
  readonly name?: string;
  /** Metadata of the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Returns an ONNX file of the model in evaluation mode: `input` (batch, …inputShape) → `logits` (batch, …), or
 * `probabilities` with `softmax`, for any batch size. Opset 17; the same model gives the same bytes.
 * @throws TypeError if a layer is not one of this library
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
