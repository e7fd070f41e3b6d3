// Export of the recurrent layer: the operator RNN, or one group of nodes per step if the layer has a norm.
import type { Buffer } from '../../core/parameter.ts';
import type { RNN } from '../../layers/rnn.ts';
import { EPS, StepBatchNorm, type StepNorm } from '../../layers/step-norm.ts';
import { addInitializer, findState, type GraphBuilder, type Value } from './graph.ts';

export function addRecurrent(builder: GraphBuilder, layer: RNN, x: Value): Value {
  const [steps = 0] = x.shape;
  const { hiddenFeatures, returns, norm } = layer;
  const shape = returns === 'all' ? [steps, hiddenFeatures] : [hiddenFeatures];
  return { name: norm ? addUnrolled(builder, layer, norm, x) : addOperator(builder, layer, x), shape };
}

/** Adds the operator RNN: (T, B, In) → (T, 1, B, H) and (1, B, H). Both biases are one tensor. */
function addOperator(builder: GraphBuilder, layer: RNN, x: Value): string {
  const { graph } = builder;
  const { inFeatures, hiddenFeatures, inputWeight, hiddenWeight, returns } = layer;
  const addWeight = (stored: typeof inputWeight, features: number) =>
    graph.floats(stored.name, [1, hiddenFeatures, features], findState(builder, stored).data);
  const byStep = graph.node('Transpose', [x.name], { perm: [1, 0, 2] });
  const weights = [
    addWeight(inputWeight, inFeatures),
    addWeight(hiddenWeight, hiddenFeatures),
    addBiases(builder, layer),
  ];
  const all = `${hiddenWeight.name} all`;
  const outputs = returns === 'all' ? [all] : ['', `${hiddenWeight.name} last`];
  const output = graph.node('RNN', [byStep, ...weights], { hidden_size: hiddenFeatures }, outputs);
  if (returns === 'last') return graph.node('Squeeze', [output, graph.integers([0])]);
  return graph.node('Transpose', [graph.node('Squeeze', [output, graph.integers([1])])], { perm: [1, 0, 2] });
}

function addBiases(builder: GraphBuilder, { inputBias, hiddenBias, hiddenFeatures, hiddenWeight }: RNN): string {
  const both = new Float32Array(2 * hiddenFeatures);
  if (inputBias) both.set(findState(builder, inputBias).data);
  if (hiddenBias) both.set(findState(builder, hiddenBias).data, hiddenFeatures);
  return builder.graph.floats(`${hiddenWeight.name} biases`, [1, 2 * hiddenFeatures], both);
}

/** Adds hₜ = tanh(N(xₜ · Wᵢₕ + bᵢₕ + hₜ₋₁ · Wₕₕ + bₕₕ)) per step, because no operator has a norm in its recurrence. */
function addUnrolled(builder: GraphBuilder, layer: RNN, norm: StepNorm, x: Value): string {
  const { graph } = builder;
  const { inputWeight, hiddenWeight, inputBias, hiddenBias, returns } = layer;
  const [steps = 0] = x.shape;
  const transpose = (stored: typeof inputWeight) =>
    graph.node('Transpose', [addInitializer(builder, stored)], { perm: [1, 0] });
  const product = graph.node('MatMul', [x.name, transpose(inputWeight)]);
  const sums = inputBias ? graph.node('Add', [product, addInitializer(builder, inputBias)]) : product;
  const recurrent = transpose(hiddenWeight);
  const hidden: string[] = [];
  for (let step = 0; step < steps; step++) {
    let z = graph.node('Gather', [sums, graph.integers(step)], { axis: 1 });
    const previous = hidden.at(-1);
    if (previous !== undefined) z = graph.node('Add', [z, graph.node('MatMul', [previous, recurrent])]);
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
  const running = [norm.mean, norm.variance].map((buffer) => addRow(builder, buffer, step));
  return graph.node('BatchNormalization', [z, ...affine, ...running], { epsilon });
}

/** Adds the row of a step of a (T, H) buffer. */
function addRow(builder: GraphBuilder, buffer: Buffer, step: number): string {
  const { shape, data } = findState(builder, buffer);
  const width = shape[1] as number;
  return builder.graph.floats(`${buffer.name} ${step}`, [width], data.slice(step * width, (step + 1) * width));
}
