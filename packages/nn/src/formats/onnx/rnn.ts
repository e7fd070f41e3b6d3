// The recurrent layer as nodes of ONNX: its own operator, or with a norm inside step by step.
import type { RNN } from '../../layers/rnn.ts';
import { EPS, StepBatchNorm, type StepNorm } from '../../layers/step-norm.ts';
import type { Statistic } from '../../parameter.ts';
import type { Value } from './graph.ts';
import { hold, numbersOf, type Sink } from './sink.ts';

export function addRecurrent(sink: Sink, layer: RNN, x: Value): Value {
  const [steps = 0] = x.shape;
  const { hiddenFeatures, returns, norm } = layer;
  const shape = returns === 'all' ? [steps, hiddenFeatures] : [hiddenFeatures];
  return { name: norm ? addUnrolled(sink, layer, norm, x) : addOperator(sink, layer, x), shape };
}

/** The operator takes (T, B, In) and gives (T, 1, B, H) and (1, B, H); both biases are one tensor. */
function addOperator(sink: Sink, layer: RNN, x: Value): string {
  const { graph } = sink;
  const { inFeatures, hiddenFeatures, inputWeight, hiddenWeight, returns } = layer;
  const once = (stored: typeof inputWeight, features: number) =>
    graph.floats(stored.name, [1, hiddenFeatures, features], numbersOf(sink, stored).data);
  const byStep = graph.node('Transpose', [x.name], { perm: [1, 0, 2] });
  const weights = [once(inputWeight, inFeatures), once(hiddenWeight, hiddenFeatures), biases(sink, layer)];
  const all = `${hiddenWeight.name} all`;
  const outputs = returns === 'all' ? [all] : ['', `${hiddenWeight.name} last`];
  const output = graph.node('RNN', [byStep, ...weights], { hidden_size: hiddenFeatures }, outputs);
  if (returns === 'last') return graph.node('Squeeze', [output, graph.integers([0])]);
  return graph.node('Transpose', [graph.node('Squeeze', [output, graph.integers([1])])], { perm: [1, 0, 2] });
}

function biases(sink: Sink, { inputBias, hiddenBias, hiddenFeatures, hiddenWeight }: RNN): string {
  const both = new Float32Array(2 * hiddenFeatures);
  if (inputBias) both.set(numbersOf(sink, inputBias).data);
  if (hiddenBias) both.set(numbersOf(sink, hiddenBias).data, hiddenFeatures);
  return sink.graph.floats(`${hiddenWeight.name} biases`, [1, 2 * hiddenFeatures], both);
}

/** No operator has a norm within its recurrence: hₜ = tanh(N(xₜ · Wᵢₕ + bᵢₕ + hₜ₋₁ · Wₕₕ + bₕₕ)), written out. */
function addUnrolled(sink: Sink, layer: RNN, norm: StepNorm, x: Value): string {
  const { graph } = sink;
  const { inputWeight, hiddenWeight, inputBias, hiddenBias, returns } = layer;
  const [steps = 0] = x.shape;
  const flip = (stored: typeof inputWeight) => graph.node('Transpose', [hold(sink, stored)], { perm: [1, 0] });
  const product = graph.node('MatMul', [x.name, flip(inputWeight)]);
  const sums = inputBias ? graph.node('Add', [product, hold(sink, inputBias)]) : product;
  const recurrent = flip(hiddenWeight);
  const hidden: string[] = [];
  for (let step = 0; step < steps; step++) {
    let z = graph.node('Gather', [sums, graph.integers(step)], { axis: 1 });
    const before = hidden.at(-1);
    if (before !== undefined) z = graph.node('Add', [z, graph.node('MatMul', [before, recurrent])]);
    if (hiddenBias) z = graph.node('Add', [z, hold(sink, hiddenBias)]);
    hidden.push(graph.node('Tanh', [addStepNorm(sink, norm, step, z)]));
  }
  if (returns === 'last') return hidden.at(-1) as string;
  const columns = hidden.map((name) => graph.node('Unsqueeze', [name, graph.integers([1])]));
  return graph.node('Concat', columns, { axis: 1 });
}

function addStepNorm(sink: Sink, norm: StepNorm, step: number, z: string): string {
  const { graph } = sink;
  const affine = [hold(sink, norm.weight), hold(sink, norm.bias)];
  const epsilon = { float: EPS };
  if (!(norm instanceof StepBatchNorm)) return graph.node('LayerNormalization', [z, ...affine], { axis: -1, epsilon });
  const running = [norm.mean, norm.variance].map((statistic) => ofStep(sink, statistic, step));
  return graph.node('BatchNormalization', [z, ...affine, ...running], { epsilon });
}

/** One row of (T, H). */
function ofStep(sink: Sink, statistic: Statistic, step: number): string {
  const { shape, data } = numbersOf(sink, statistic);
  const width = shape[1] as number;
  return sink.graph.floats(`${statistic.name} ${step}`, [width], data.slice(step * width, (step + 1) * width));
}
