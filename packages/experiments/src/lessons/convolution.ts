// What a window that slides over an image has over a layer that sees all pixels at once.
import { id, math, num, op, row, sub } from './formula.ts';
import type { Lesson } from './lesson.ts';

const at = (name: string, ...indices: string[]) => sub(id(name), row(...indices));

export const convolutionLesson: Lesson = {
  watch: {
    en: 'Both networks have about as many parameters and see the same batches. Which loss falls faster at first, and has the other caught up by the end?',
    ko: '두 신경망은 매개변수의 수가 비슷하고 같은 미니배치를 본다. 처음에는 어느 쪽의 손실이 더 빨리 줄어드는가? 끝날 무렵에는 다른 쪽이 따라잡는가?',
    ja: '2 つのネットワークはパラメータの数がほぼ等しく、同じミニバッチを見る。最初はどちらの損失が速く下がるか。最後には、もう一方が追いつくだろうか。',
  },
  theory: [
    {
      text: {
        en: 'A perceptron has a weight of its own for every pixel and does not know which are neighbours. A convolution slides one small window W over the image: the same few weights at every place, so that a stroke is recognised wherever it is.',
        ko: '퍼셉트론은 픽셀마다 가중치가 따로 있고, 어떤 픽셀이 이웃인지 모른다. 합성곱은 작은 필터 W 하나를 이미지 위로 옮겨 가며 적용한다. 어디서나 같은 가중치를 쓰므로 획이 어디에 있든 알아본다.',
        ja: 'パーセプトロンは画素ごとに別の重みを持ち、どの画素が隣り合うかを知らない。畳み込みは、小さなフィルター W を画像の上で動かしながら適用する。どこでも同じ重みを使うので、線がどこにあっても見つけられる。',
      },
      formula: math(
        ...[at('y', id('i'), id('j')), op('='), id('b'), op('+'), op('∑'), at('W', id('u'), id('v'))],
        ...[at('x', id('i'), op('+'), id('u'), op(','), id('j'), op('+'), id('v'))],
      ),
    },
    {
      text: {
        en: 'Pooling then keeps the greatest of every four neighbours: a shift by a pixel hardly matters any more, and the next layer has a quarter of the numbers to read.',
        ko: '이어서 풀링은 이웃한 값 네 개 가운데 가장 큰 값만 남긴다. 한 픽셀쯤 어긋나도 결과가 거의 같고, 다음 층이 읽을 값은 4분의 1로 줄어든다.',
        ja: '続くプーリングは、隣り合う 4 つの値のうち最大のものだけを残す。1 画素ずれても結果はほとんど変わらず、次の層が読む値は 4 分の 1 になる。',
      },
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
