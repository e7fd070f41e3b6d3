// Four update rules: what the two comparisons of optimizers are about.
import { message } from '../../i18n/index.ts';
import { frac, hat, id, math, num, op, root, sub, sup } from './formula.ts';
import type { Lesson, Statement } from './lesson.ts';

const [w, v, g, h, m] = ['w', 'v', 'g', 'h', 'm'].map(id) as [string, string, string, string, string];
const [lr, mu] = [id('η'), id('μ')];
const assign = op('←');
const squared = sup(g, num('2'));
const [beta1, beta2] = [sub(id('β'), num('1')), sub(id('β'), num('2'))];
const rest = (beta: string) => `${op('(')}${num('1')}${op('−')}${beta}${op(')')}`;

const rules: readonly Statement[] = [
  {
    text: message('optimizers.lesson.sgd'),
    formula: math(w, assign, w, op('−'), lr, g),
  },
  {
    text: message('optimizers.lesson.momentum'),
    formula: math(v, assign, mu, v, op('−'), lr, g, op(','), w, assign, w, op('+'), v),
  },
  {
    text: message('optimizers.lesson.adagrad'),
    formula: math(h, assign, h, op('+'), squared, op(','), w, assign, w, op('−'), lr, frac(g, root(h))),
  },
  {
    text: message('optimizers.lesson.adam'),
    formula: math(
      ...[m, assign, beta1, m, op('+'), rest(beta1), g, op(',')],
      ...[v, assign, beta2, v, op('+'), rest(beta2), squared, op(',')],
      ...[w, assign, w, op('−'), lr, frac(hat(m), root(hat(v)))],
    ),
  },
];

export const pathsLesson: Lesson = {
  watch: message('optimizer-compare-naive.lesson.watch'),
  theory: rules,
};

export const speedLesson: Lesson = {
  watch: message('optimizer-compare-mnist.lesson.watch'),
  theory: rules,
};
