// Four update rules: what the two comparisons of optimizers are about.
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
    text: {
      en: 'SGD steps against the gradient g. Where one direction is steep and another flat, a rate that suits the flat one overshoots in the steep one.',
      ko: 'SGD는 기울기 g의 반대 방향으로 움직인다. 한 방향은 가파르고 다른 방향은 완만하면, 완만한 쪽에 맞춘 학습률은 가파른 쪽에서 최솟값을 지나친다.',
      ja: 'SGD は勾配 g と逆の方向へ進む。ある方向が急で別の方向が緩やかなとき、緩やかな方向に合わせた学習率では急な方向で行き過ぎる。',
    },
    formula: math(w, assign, w, op('−'), lr, g),
  },
  {
    text: {
      en: 'Momentum keeps a velocity: gradients that alternate cancel, those that agree add up.',
      ko: 'Momentum은 속도를 유지한다. 부호가 번갈아 바뀌는 기울기는 상쇄되고, 방향이 같은 기울기는 쌓인다.',
      ja: 'Momentum は速度を保つ。符号が交互に変わる勾配は打ち消し合い、同じ向きの勾配は積み重なる。',
    },
    formula: math(v, assign, mu, v, op('−'), lr, g, op(','), w, assign, w, op('+'), v),
  },
  {
    text: {
      en: 'AdaGrad divides by the root of all squared gradients so far: every parameter has a rate of its own, which only falls.',
      ko: 'AdaGrad는 지금까지의 기울기 제곱합의 제곱근으로 나눈다. 매개변수마다 학습률이 다르고, 학습률은 계속 작아지기만 한다.',
      ja: 'AdaGrad はこれまでの勾配の二乗和の平方根で割る。パラメータごとに学習率が異なり、学習率は小さくなる一方である。',
    },
    formula: math(h, assign, h, op('+'), squared, op(','), w, assign, w, op('−'), lr, frac(g, root(h))),
  },
  {
    text: {
      en: 'Adam does both with running means: of the gradient and of its square, each corrected for having begun at zero.',
      ko: 'Adam은 두 방법을 이동 평균으로 결합한다. 기울기의 평균과 제곱의 평균을 쓰며, 0에서 시작한 데 따른 편향을 보정한다.',
      ja: 'Adam は移動平均を使って両者を組み合わせる。勾配の平均と二乗の平均を用い、0 から始めたことによる偏りを補正する。',
    },
    formula: math(
      ...[m, assign, beta1, m, op('+'), rest(beta1), g, op(',')],
      ...[v, assign, beta2, v, op('+'), rest(beta2), squared, op(',')],
      ...[w, assign, w, op('−'), lr, frac(hat(m), root(hat(v)))],
    ),
  },
];

export const pathsLesson: Lesson = {
  watch: {
    en: 'Which way crosses the valley again and again, which overshoots the lowest point, which slows down too early? Drag the start and raise a rate until its way breaks out.',
    ko: '어느 경로가 골짜기를 계속 가로지르고, 어느 경로가 최솟값을 지나치며, 어느 경로가 너무 일찍 느려지는가? 시작점을 옮기고, 경로가 벗어날 때까지 학습률을 올려 보자.',
    ja: 'どの経路が谷を何度も横切り、どの経路が最小値を行き過ぎ、どの経路が早く遅くなりすぎるか。始点を動かし、経路が飛び出すまで学習率を上げてみよう。',
  },
  theory: rules,
};

export const speedLesson: Lesson = {
  watch: {
    en: 'How far below SGD are the others after 100 steps, and how far at the end? Does the order change with the learning rates or the seed?',
    ko: '100스텝 뒤에 다른 방법들은 SGD보다 손실이 얼마나 낮은가? 끝에서는 어떤가? 학습률이나 시드를 바꾸면 순서도 바뀌는가?',
    ja: '100 ステップ後、ほかの手法の損失は SGD よりどれだけ低いか。最後ではどうか。学習率やシードを変えると順位は変わるか。',
  },
  theory: rules,
};
