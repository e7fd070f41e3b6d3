// ONNX nodes of each layer in evaluation mode.
import { sizeOf } from '../../core/tensor.ts';
import { Activation, type GELU } from '../../layers/activation.ts';
import type { BatchNorm } from '../../layers/batch-norm.ts';
import * as layers from '../../layers/index.ts';
import type { Layer } from '../../layers/layer.ts';
import { addInitializer, type Graph, type GraphBuilder, type Value } from './graph.ts';
import { addRecurrent } from './rnn.ts';

type Conv2d = layers.Conv2d;
type Dropout = layers.Dropout;
type LayerNorm = layers.LayerNorm;
type Linear = layers.Linear;
type MaxPool2d = layers.MaxPool2d;

/** Returns γ and β, or 1 and 0 if the norm has none. */
function affine(
  builder: GraphBuilder,
  { weight, bias }: BatchNorm | LayerNorm,
  shape: readonly number[],
): [string, string] {
  if (weight && bias) return [addInitializer(builder, weight), addInitializer(builder, bias)];
  const size = sizeOf(shape);
  const ones = builder.graph.floats(`ones ${shape}`, shape, new Float32Array(size).fill(1));
  return [ones, builder.graph.floats(`zeros ${shape}`, shape, new Float32Array(size))];
}

type Exporter<L extends Layer> = (builder: GraphBuilder, layer: L, x: Value) => Value;

/** Makes an exporter from a function that returns the name of an output of the same shape as the input. */
const sameShape =
  <L extends Layer>(add: (builder: GraphBuilder, layer: L, x: string) => string): Exporter<L> =>
  (builder, layer, x) => ({ name: add(builder, layer, x.name), shape: x.shape });

/** Adds the operator that the class of the activation names. */
function addActivation({ graph }: GraphBuilder, layer: Activation, x: string): string {
  const decompose = decompositions[layer.onnxOperator];
  return decompose ? decompose(graph, layer, x) : graph.node(layer.onnxOperator, [x]);
}

type Layers = typeof layers;

/** One exporter per layer class. TypeScript requires a row for every export of `layers/index.ts` except activations. */
const exporters: {
  readonly [Name in keyof Layers as InstanceType<Layers[Name]> extends Activation ? never : Name]: Exporter<
    InstanceType<Layers[Name]>
  >;
} = {
  BatchNorm1d: sameShape(addBatchNorm),
  BatchNorm2d: sameShape(addBatchNorm),
  Conv2d: addConv,
  Dropout: sameShape(addDropout),
  Flatten: ({ graph }, _, { name, shape }) => ({
    name: graph.node('Flatten', [name], { axis: 1 }),
    shape: [sizeOf(shape)],
  }),
  LayerNorm: sameShape(addLayerNorm),
  Linear: addLinear,
  MaxPool2d: addMaxPool,
  RNN: addRecurrent,
  Sequential: (builder, model, x) => model.layers.reduce((value, each) => addLayer(builder, each, value), x),
};

/**
 * Adds a layer to the graph.
 * @returns its output
 * @throws TypeError if the layer is not one of this library
 */
export function addLayer(builder: GraphBuilder, layer: Layer, x: Value): Value {
  if (layer instanceof Activation) return sameShape(addActivation)(builder, layer, x);
  const names = Object.keys(exporters) as (keyof typeof exporters)[];
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: every layer has an exporter, so none can be left out
  const name = names.find((each) => layer instanceof layers[each]);
  if (name) return (exporters[name] as Exporter<Layer>)(builder, layer, x);
  throw new TypeError(
    `[exportOnnx] expected layers of this library but got ${layer.name}; build the model of those for the export`,
  );
}

/** Adds Gemm if rows are vectors, else a product over the last dimension. */
function addLinear(builder: GraphBuilder, { weight, bias, outFeatures }: Linear, { name, shape }: Value): Value {
  const { graph } = builder;
  const w = addInitializer(builder, weight);
  const b = bias && addInitializer(builder, bias);
  if (shape.length === 1)
    return { name: graph.node('Gemm', [name, w, ...(b ? [b] : [])], { transB: 1 }), shape: [outFeatures] };
  const product = graph.node('MatMul', [name, graph.node('Transpose', [w], { perm: [1, 0] })]);
  return { name: b ? graph.node('Add', [product, b]) : product, shape: [...shape.slice(0, -1), outFeatures] };
}

function addBatchNorm(builder: GraphBuilder, layer: BatchNorm, x: string): string {
  const { features, runningMean, runningVariance, eps, name } = layer;
  if (!runningMean || !runningVariance) {
    throw new TypeError(
      `[exportOnnx] expected running statistics but got a ${name} with trackRunningStats false, whose output depends on the batch; train with running statistics`,
    );
  }
  const [gamma, beta] = affine(builder, layer, [features]);
  const running = [addInitializer(builder, runningMean), addInitializer(builder, runningVariance)];
  return builder.graph.node('BatchNormalization', [x, gamma, beta, ...running], { epsilon: { float: eps } });
}

function addLayerNorm(builder: GraphBuilder, layer: LayerNorm, x: string): string {
  const { normalizedShape, eps } = layer;
  const inputs = [x, ...affine(builder, layer, normalizedShape)];
  return builder.graph.node('LayerNormalization', inputs, { axis: -normalizedShape.length, epsilon: { float: eps } });
}

function addConv(builder: GraphBuilder, layer: Conv2d, { name, shape }: Value): Value {
  const { weight, bias, kernelSize, stride, padding, outChannels } = layer;
  const inputs = [name, addInitializer(builder, weight), ...(bias ? [addInitializer(builder, bias)] : [])];
  const window = { kernel_shape: [kernelSize, kernelSize], strides: [stride, stride] };
  const output = builder.graph.node('Conv', inputs, { ...window, pads: [padding, padding, padding, padding] });
  const sizes = shape.slice(1).map((size) => Math.floor((size + 2 * padding - kernelSize) / stride) + 1);
  return { name: output, shape: [outChannels, ...sizes] };
}

function addMaxPool({ graph }: GraphBuilder, { kernelSize, stride }: MaxPool2d, { name, shape }: Value): Value {
  const output = graph.node('MaxPool', [name], { kernel_shape: [kernelSize, kernelSize], strides: [stride, stride] });
  const [channels = 1, ...sizes] = shape;
  return { name: output, shape: [channels, ...sizes.map((size) => Math.floor((size - kernelSize) / stride) + 1)] };
}

/** Adds nothing, or x · (1 − p) if the dropout scales in evaluation, as in the book. */
function addDropout({ graph }: GraphBuilder, { evaluationScale }: Dropout, x: string): string {
  return evaluationScale === 1 ? x : graph.node('Mul', [x, graph.scalar(evaluationScale)]);
}

/** Activations whose operator opset 17 lacks. */
const decompositions: Readonly<Record<string, (graph: Graph, layer: Activation, x: string) => string>> = {
  Gelu: (graph, layer, x) => addGelu(graph, layer as GELU, x),
};

/** ½x (1 + erf(x / √2)), or the same with tanh(√(2/π) (x + 0.044715 x³)). */
function addGelu(graph: Graph, { approximate }: GELU, x: string): string {
  const cdf = approximate === 'tanh' ? addTanhOfCubic(graph, x) : addErf(graph, x);
  const half = graph.node('Mul', [x, graph.scalar(0.5)]);
  return graph.node('Mul', [half, graph.node('Add', [cdf, graph.scalar(1)])]);
}

function addErf(graph: Graph, x: string): string {
  return graph.node('Erf', [graph.node('Mul', [x, graph.scalar(Math.SQRT1_2)])]);
}

function addTanhOfCubic(graph: Graph, x: string): string {
  const square = graph.node('Mul', [x, x]);
  const inner = graph.node('Add', [graph.node('Mul', [square, graph.scalar(0.044715)]), graph.scalar(1)]);
  const scaled = graph.node('Mul', [graph.node('Mul', [x, inner]), graph.scalar(0.7978845608028654)]);
  return graph.node('Tanh', [scaled]);
}
