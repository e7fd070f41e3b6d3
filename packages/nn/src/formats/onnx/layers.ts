// Each layer as nodes of ONNX, as it is in evaluation.

import { sizeOf } from '../../core/tensor.ts';
import { ReLU, Sigmoid, Tanh } from '../../layers/activation.ts';
import { BatchNorm } from '../../layers/batch-norm.ts';
import { Conv2d } from '../../layers/conv.ts';
import { Dropout } from '../../layers/dropout.ts';
import { Flatten } from '../../layers/flatten.ts';
import { GELU } from '../../layers/gelu.ts';
import type { Layer } from '../../layers/layer.ts';
import { LayerNorm } from '../../layers/layer-norm.ts';
import { Linear } from '../../layers/linear.ts';
import { MaxPool2d } from '../../layers/pool.ts';
import { RNN } from '../../layers/rnn.ts';
import { Sequential } from '../../layers/sequential.ts';
import type { Graph, Value } from './graph.ts';
import { addInitializer, type GraphBuilder } from './graph-builder.ts';
import { addRecurrent } from './rnn.ts';

/** γ and β, or 1 and 0 where a norm learns none. */
function affine(
  sink: GraphBuilder,
  { weight, bias }: BatchNorm | LayerNorm,
  shape: readonly number[],
): [string, string] {
  if (weight && bias) return [addInitializer(sink, weight), addInitializer(sink, bias)];
  const size = sizeOf(shape);
  const ones = sink.graph.floats(`ones ${shape}`, shape, new Float32Array(size).fill(1));
  return [ones, sink.graph.floats(`zeros ${shape}`, shape, new Float32Array(size))];
}

/** Adds a layer. @returns what it gives @throws TypeError where ONNX has no such layer */
export function addLayer(sink: GraphBuilder, layer: Layer, x: Value): Value {
  const { graph } = sink;
  const same = (name: string): Value => ({ name, shape: x.shape });
  if (layer instanceof Sequential) return layer.layers.reduce((value, each) => addLayer(sink, each, value), x);
  if (layer instanceof ReLU) return same(graph.node('Relu', [x.name]));
  if (layer instanceof Sigmoid) return same(graph.node('Sigmoid', [x.name]));
  if (layer instanceof Tanh) return same(graph.node('Tanh', [x.name]));
  if (layer instanceof GELU) return same(addGelu(graph, layer, x.name));
  if (layer instanceof Dropout) return same(addDropout(graph, layer, x.name));
  if (layer instanceof Linear) return addLinear(sink, layer, x);
  if (layer instanceof BatchNorm) return same(addBatchNorm(sink, layer, x.name));
  if (layer instanceof LayerNorm) return same(addLayerNorm(sink, layer, x.name));
  if (layer instanceof Conv2d) return addConv(sink, layer, x);
  if (layer instanceof MaxPool2d) return addMaxPool(graph, layer, x);
  if (layer instanceof Flatten) return { name: graph.node('Flatten', [x.name], { axis: 1 }), shape: [sizeOf(x.shape)] };
  if (layer instanceof RNN) return addRecurrent(sink, layer, x);
  throw new TypeError(
    `[exportOnnx] expected layers of this library but got ${layer.name}; build the model of those for the export`,
  );
}

/** Gemm where rows are vectors; else a product over the last dimension. */
function addLinear(sink: GraphBuilder, { weight, bias, outFeatures }: Linear, { name, shape }: Value): Value {
  const { graph } = sink;
  const w = addInitializer(sink, weight);
  const b = bias && addInitializer(sink, bias);
  if (shape.length === 1)
    return { name: graph.node('Gemm', [name, w, ...(b ? [b] : [])], { transB: 1 }), shape: [outFeatures] };
  const product = graph.node('MatMul', [name, graph.node('Transpose', [w], { perm: [1, 0] })]);
  return { name: b ? graph.node('Add', [product, b]) : product, shape: [...shape.slice(0, -1), outFeatures] };
}

function addBatchNorm(sink: GraphBuilder, layer: BatchNorm, x: string): string {
  const { features, runningMean, runningVariance, eps, name } = layer;
  if (!runningMean || !runningVariance) {
    throw new TypeError(
      `[exportOnnx] expected running statistics but got a ${name} with trackRunningStats false, whose output depends on the batch; train with running statistics`,
    );
  }
  const [gamma, beta] = affine(sink, layer, [features]);
  const running = [addInitializer(sink, runningMean), addInitializer(sink, runningVariance)];
  return sink.graph.node('BatchNormalization', [x, gamma, beta, ...running], { epsilon: { float: eps } });
}

function addLayerNorm(sink: GraphBuilder, layer: LayerNorm, x: string): string {
  const { normalizedShape, eps } = layer;
  const inputs = [x, ...affine(sink, layer, normalizedShape)];
  return sink.graph.node('LayerNormalization', inputs, { axis: -normalizedShape.length, epsilon: { float: eps } });
}

function addConv(sink: GraphBuilder, layer: Conv2d, { name, shape }: Value): Value {
  const { weight, bias, kernelSize, stride, padding, outChannels } = layer;
  const inputs = [name, addInitializer(sink, weight), ...(bias ? [addInitializer(sink, bias)] : [])];
  const window = { kernel_shape: [kernelSize, kernelSize], strides: [stride, stride] };
  const output = sink.graph.node('Conv', inputs, { ...window, pads: [padding, padding, padding, padding] });
  const places = shape.slice(1).map((size) => Math.floor((size + 2 * padding - kernelSize) / stride) + 1);
  return { name: output, shape: [outChannels, ...places] };
}

function addMaxPool(graph: Graph, { kernelSize, stride }: MaxPool2d, { name, shape }: Value): Value {
  const output = graph.node('MaxPool', [name], { kernel_shape: [kernelSize, kernelSize], strides: [stride, stride] });
  const [channels = 1, ...sizes] = shape;
  return { name: output, shape: [channels, ...sizes.map((size) => Math.floor((size - kernelSize) / stride) + 1)] };
}

/** Nothing, or by the book x · (1 − p). */
function addDropout(graph: Graph, { evaluationScale }: Dropout, x: string): string {
  return evaluationScale === 1 ? x : graph.node('Mul', [x, graph.scalar(evaluationScale)]);
}

/** ½x (1 + erf(x / √2)), or the same with tanh(√(2/π) (x + 0.044715 x³)): the operator Gelu came later than LayerNormalization. */
function addGelu(graph: Graph, { approximate }: GELU, x: string): string {
  const cdf = approximate === 'tanh' ? tanhOfCubic(graph, x) : erfOf(graph, x);
  const half = graph.node('Mul', [x, graph.scalar(0.5)]);
  return graph.node('Mul', [half, graph.node('Add', [cdf, graph.scalar(1)])]);
}

function erfOf(graph: Graph, x: string): string {
  return graph.node('Erf', [graph.node('Mul', [x, graph.scalar(Math.SQRT1_2)])]);
}

function tanhOfCubic(graph: Graph, x: string): string {
  const square = graph.node('Mul', [x, x]);
  const inner = graph.node('Add', [graph.node('Mul', [square, graph.scalar(0.044715)]), graph.scalar(1)]);
  const scaled = graph.node('Mul', [graph.node('Mul', [x, inner]), graph.scalar(0.7978845608028654)]);
  return graph.node('Tanh', [scaled]);
}
