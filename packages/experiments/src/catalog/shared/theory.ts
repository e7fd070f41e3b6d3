// Theory that the lessons of two experiments share.
import { message } from '../../i18n/index.ts';
import { frac, hat, math, type Statement, sqrt, sub, sup } from './lesson.ts';

const gradientSquared = sup('g', '2');
const [beta1, beta2] = [sub('β', '1'), sub('β', '2')];

export const optimizerRules: readonly Statement[] = [
  { text: message('optimizers.lesson.sgd'), formula: math('w ← w − η g') },
  { text: message('optimizers.lesson.momentum'), formula: math('v ← μ v − η g , w ← w + v') },
  {
    text: message('optimizers.lesson.adagrad'),
    formula: math('h ← h +', gradientSquared, ', w ← w − η', frac('g', sqrt('h'))),
  },
  {
    text: message('optimizers.lesson.adam'),
    formula: math(
      ...['m ←', beta1, 'm + ( 1 −', beta1, ') g ,'],
      ...['v ←', beta2, 'v + ( 1 −', beta2, ')', gradientSquared, ','],
      ...['w ← w − η', frac(hat('m'), sqrt(hat('v')))],
    ),
  },
];

export const initialWeights: readonly Statement[] = [
  { text: message('initial-weights.lesson.spread') },
  { text: message('initial-weights.lesson.xavier'), formula: math(sub('σ', 'Xavier'), '=', sqrt(frac('1', 'n'))) },
  { text: message('initial-weights.lesson.he'), formula: math(sub('σ', 'He'), '=', sqrt(frac('2', 'n'))) },
];

export const batchVariance = sup(sub('σ', 'B'), '2');
/** (x − μ_B) ÷ √(σ_B² + ε). */
export const batchNormalized = frac(['x −', sub('μ', 'B')], sqrt([batchVariance, '+ ε']));

export const layerNorm: Statement = {
  text: message('layer-norm.lesson'),
  formula: math(
    ...['μ =', frac('1', 'n'), '∑', sub('x', 'i'), ','],
    ...[sup('σ', '2'), '=', frac('1', 'n'), '∑', sup(['(', sub('x', 'i'), '− μ )'], '2')],
  ),
};
