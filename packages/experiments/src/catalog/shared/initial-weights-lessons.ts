// The spread of initial weights: what the two experiments on it are about.
import { message } from '../../i18n/index.ts';
import { frac, id, math, num, op, root, sub } from './formula.ts';
import type { Lesson, Statement } from './lesson.ts';

const [sigma, n] = [id('σ'), id('n')];

const spreads: readonly Statement[] = [
  {
    text: message('initial-weights.lesson.spread'),
  },
  {
    text: message('initial-weights.lesson.xavier'),
    formula: math(sub(sigma, id('Xavier')), op('='), root(frac(num('1'), n))),
  },
  {
    text: message('initial-weights.lesson.he'),
    formula: math(sub(sigma, id('He')), op('='), root(frac(num('2'), n))),
  },
];

export const activationsLesson: Lesson = {
  watch: message('weight-init-activation-histogram.lesson.watch'),
  theory: spreads,
};

export const learningLesson: Lesson = {
  watch: message('weight-init-compare.lesson.watch'),
  theory: spreads,
};
