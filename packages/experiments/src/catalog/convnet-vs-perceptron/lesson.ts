// What a window that slides over an image has over a layer that sees all pixels at once.
import { message } from '../../i18n/index.ts';
import { id, math, num, op, row, sub } from '../shared/formula.ts';
import type { Lesson } from '../shared/lesson.ts';

const at = (name: string, ...indices: string[]) => sub(id(name), row(...indices));

export const convolutionLesson: Lesson = {
  watch: message('convnet-vs-perceptron.lesson.watch'),
  theory: [
    {
      text: message('convnet-vs-perceptron.lesson.convolution'),
      formula: math(
        ...[at('y', id('i'), id('j')), op('='), id('b'), op('+'), op('∑'), at('W', id('u'), id('v'))],
        ...[at('x', id('i'), op('+'), id('u'), op(','), id('j'), op('+'), id('v'))],
      ),
    },
    {
      text: message('convnet-vs-perceptron.lesson.pooling'),
      formula: math(
        ...[
          at('z', id('i'), id('j')),
          op('='),
          id('max'),
          op('('),
          at('y', num('2'), id('i'), op(','), num('2'), id('j')),
        ],
        ...[
          op(','),
          op('…'),
          op(','),
          at('y', num('2'), id('i'), op('+'), num('1'), op(','), num('2'), id('j'), op('+'), num('1')),
        ],
        op(')'),
      ),
    },
  ],
};
