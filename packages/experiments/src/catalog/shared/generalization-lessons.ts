// Overfitting and what is done against it, batch norm, and the search for hyperparameters.
import { message } from '../../i18n/index.ts';
import { frac, hat, id, math, num, op, root, row, sub, sup } from './formula.ts';
import type { Lesson } from './lesson.ts';

const [w, x, y, p, lr] = ['w', 'x', 'y', 'p', 'η'].map(id) as [string, string, string, string, string];
const [lambda, mean, variance] = [id('λ'), sub(id('μ'), id('B')), sup(sub(id('σ'), id('B')), num('2'))];

const gap = message('overfitting.lesson.gap');

const watchGap = message('overfitting.lesson.watch');

export const weightDecayLesson: Lesson = {
  watch: watchGap,
  theory: [
    { text: gap },
    {
      text: message('overfit-weight-decay.lesson.weight-decay'),
      formula: math(w, op('←'), w, op('−'), lr, op('('), id('g'), op('+'), lambda, w, op(')')),
    },
  ],
};

export const dropoutLesson: Lesson = {
  watch: watchGap,
  theory: [
    { text: gap },
    {
      text: message('overfit-dropout.lesson.dropout'),
      formula: math(y, op('='), frac(x, row(num('1'), op('−'), p))),
    },
  ],
};

export const batchNormLesson: Lesson = {
  watch: message('batch-norm-test.lesson.watch'),
  theory: [
    {
      text: message('batch-norm-test.lesson.batch-norm'),
      formula: math(
        ...[hat(x), op('='), frac(row(x, op('−'), mean), root(row(variance, op('+'), id('ε'))))],
        ...[op(','), y, op('='), id('γ'), hat(x), op('+'), id('β')],
      ),
    },
  ],
};

export const searchLesson: Lesson = {
  watch: message('hyperparameter-optimization.lesson.watch'),
  theory: [
    {
      text: message('hyperparameter-optimization.lesson.random-exponents'),
      formula: math(
        lr,
        op('='),
        sup(num('10'), id('u')),
        op(','),
        id('u'),
        op('∼'),
        id('U'),
        op('('),
        id('a'),
        op(','),
        id('b'),
        op(')'),
      ),
    },
  ],
};
