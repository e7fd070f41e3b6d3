// What normalization does inside a network, where batch norm ends, and why a recurrence wants layer norm.
import { message } from '../../i18n/index.ts';
import { frac, hat, id, math, num, op, root, row, sub, sup } from './formula.ts';
import type { Lesson, Statement } from './lesson.ts';

const [x, y, h, beta, gamma, eps] = ['x', 'y', 'h', 'β', 'γ', 'ε'].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const [mean, variance] = [sub(id('μ'), id('B')), sup(sub(id('σ'), id('B')), num('2'))];

export const covariateShiftLesson: Lesson = {
  watch: message('internal-covariate-shift.lesson.watch'),
  theory: [
    {
      text: message('internal-covariate-shift.lesson.drift'),
      formula: math(
        sub(id('d'), id('t')),
        op('='),
        frac(row(op('|'), sub(id('μ'), id('t')), op('−'), sub(id('μ'), num('0')), op('|')), sub(id('σ'), num('0'))),
      ),
    },
    {
      text: message('internal-covariate-shift.lesson.batch-norm'),
      formula: math(hat(x), op('='), frac(row(x, op('−'), mean), root(row(variance, op('+'), eps)))),
    },
  ],
};

const layerNormFormula: Statement = {
  text: message('layer-norm.lesson'),
  formula: math(
    id('μ'),
    op('='),
    frac(num('1'), id('n')),
    op('∑'),
    sub(x, id('i')),
    op(','),
    sup(id('σ'), num('2')),
    op('='),
    frac(num('1'), id('n')),
    op('∑'),
    sup(row(op('('), sub(x, id('i')), op('−'), id('μ'), op(')')), num('2')),
  ),
};

export const batchNormLimitsLesson: Lesson = {
  watch: message('batch-norm-limits.lesson.watch'),
  theory: [
    {
      text: message('batch-norm-limits.lesson.one-image'),
      formula: math(
        y,
        op('='),
        gamma,
        frac(row(x, op('−'), x), root(row(num('0'), op('+'), eps))),
        op('+'),
        beta,
        op('='),
        beta,
      ),
    },
    {
      text: message('batch-norm-limits.lesson.running-statistics'),
    },
    layerNormFormula,
  ],
};

export const recurrenceLesson: Lesson = {
  watch: message('layer-norm-rnn.lesson.watch'),
  theory: [
    {
      text: message('layer-norm-rnn.lesson.recurrence'),
      formula: math(
        ...[sub(h, id('t')), op('='), id('tanh'), op('('), id('N'), op('('), sub(x, id('t')), id('W'), op('+')],
        ...[sub(h, row(id('t'), op('−'), num('1'))), id('U'), op('+'), id('b'), op(')'), op(')')],
      ),
    },
    {
      text: message('layer-norm-rnn.lesson.step-statistics'),
      formula: math(
        frac(num('1'), root(row(variance, op('+'), eps))),
        op('≤'),
        frac(num('1'), root(eps)),
        op('≈'),
        num('316'),
      ),
    },
    layerNormFormula,
  ],
};
