// The recurrent layer as nodes of ONNX: its own operator, or with a norm inside step by step.

import type { Buffer } from '../../core/parameter.ts';
import type { RNN } from '../../layers/rnn.ts';
import { EPS, StepBatchNorm, type StepNorm } from '../../layers/step-norm.ts';
import type { Value } from './graph.ts';
import { addInitializer, type GraphBuilder, toFloats } from './graph-builder.ts';

export function addRecurrent(builder: GraphBuilder, layer: RNN, x: Value): Value {
  const [steps = 0] = x.shape;
  const { hiddenFeatures, returns, norm } = layer;
  const shape = returns === 'all' ? [steps, hiddenFeatures] : [hiddenFeatures];
  return { name: norm ? addUnrolled(builder, layer, norm, x) : addOperator(builder, layer, x), shape };
}

/** The operator takes (T, B, In) and gives (T, 1, B, H) and (1, B, H); both biases are one tensor. */
function addOperator(builder: GraphBuilder, layer: RNN, x: Value): string {
  const { graph } = builder;
  const { inFeatures, hiddenFeatures, inputWeight, hiddenWeight, returns } = layer;
  const once = (stored: typeof inputWeight, features: number) =>
    graph.floats(stored.name, [1, hiddenFeatures, features], toFloats(builder, stored).data);
  const byStep = graph.node('Transpose', [x.name], { perm: [1, 0, 2] });
  const weights = [once(inputWeight, inFeatures), once(hiddenWeight, hiddenFeatures), biases(builder, layer)];
  const all = `${hiddenWeight.name} all`;
  const outputs = returns === 'all' ? [all] : ['', `${hiddenWeight.name} last`];
  const output = graph.node('RNN', [byStep, ...weights], { hidden_size: hiddenFeatures }, outputs);
  if (returns === 'last') return graph.node('Squeeze', [output, graph.integers([0])]);
  return graph.node('Transpose', [graph.node('Squeeze', [output, graph.integers([1])])], { perm: [1, 0, 2] });
}

function biases(builder: GraphBuilder, { inputBias, hiddenBias, hiddenFeatures, hiddenWeight }: RNN): string {
  const both = new Float32Array(2 * hiddenFeatures);
  if (inputBias) both.set(toFloats(builder, inputBias).data);
  if (hiddenBias) both.set(toFloats(builder, hiddenBias).data, hiddenFeatures);
  return builder.graph.floats(`${hiddenWeight.name} biases`, [1, 2 * hiddenFeatures], both);
}

/** No operator has a norm within its recurrence: hₜ = tanh(N(xₜ · Wᵢₕ + bᵢₕ + hₜ₋₁ · Wₕₕ + bₕₕ)), written out. */
function addUnrolled(builder: GraphBuilder, layer: RNN, norm: StepNorm, x: Value): string {
  const { graph } = builder;
  const { inputWeight, hiddenWeight, inputBias, hiddenBias, returns } = layer;
  const [steps = 0] = x.shape;
  const flip = (stored: typeof inputWeight) =>
    graph.node('Transpose', [addInitializer(builder, stored)], { perm: [1, 0] });
  const product = graph.node('MatMul', [x.name, flip(inputWeight)]);
  const sums = inputBias ? graph.node('Add', [product, addInitializer(builder, inputBias)]) : product;
  const recurrent = flip(hiddenWeight);
  const hidden: string[] = [];
  for (let step = 0; step < steps; step++) {
    let z = graph.node('Gather', [sums, graph.integers(step)], { axis: 1 });
    const before = hidden.at(-1);
    if (before !== undefined) z = graph.node('Add', [z, graph.node('MatMul', [before, recurrent])]);
    if (hiddenBias) z = graph.node('Add', [z, addInitializer(builder, hiddenBias)]);
    hidden.push(graph.node('Tanh', [addStepNorm(builder, norm, step, z)]));
  }
  if (returns === 'last') return hidden.at(-1) as string;
  const columns = hidden.map((name) => graph.node('Unsqueeze', [name, graph.integers([1])]));
  return graph.node('Concat', columns, { axis: 1 });
}

function addStepNorm(builder: GraphBuilder, norm: StepNorm, step: number, z: string): string {
  const { graph } = builder;
  const affine = [addInitializer(builder, norm.weight), addInitializer(builder, norm.bias)];
  const epsilon = { float: EPS };
  if (!(norm instanceof StepBatchNorm)) return graph.node('LayerNormalization', [z, ...affine], { axis: -1, epsilon });
  const running = [norm.mean, norm.variance].map((statistic) => ofStep(builder, statistic, step));
  return graph.node('BatchNormalization', [z, ...affine, ...running], { epsilon });
}

/** One row of (T, H). */
function ofStep(builder: GraphBuilder, statistic: Buffer, step: number): string {
  const { shape, data } = toFloats(builder, statistic);
  const width = shape[1] as number;
  return builder.graph.floats(`${statistic.name} ${step}`, [width], data.slice(step * width, (step + 1) * width));
}
