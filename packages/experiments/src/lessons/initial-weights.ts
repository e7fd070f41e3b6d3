// The spread of initial weights: what the two experiments on it are about.
import { frac, id, math, num, op, root, sub } from './formula.ts';
import type { Lesson, Statement } from './lesson.ts';

const [sigma, n] = [id('σ'), id('n')];

const spreads: readonly Statement[] = [
  {
    text: {
      en: 'A unit sums n inputs. With weights of standard deviation σ the spread of its sum is about √n · σ times that of its inputs: too large a σ saturates sigmoid and tanh, too small a σ makes all layers answer nearly the same.',
      ko: '뉴런 하나는 입력 n개를 더한다. 가중치의 표준편차가 σ이면 합의 퍼짐은 입력의 약 √n · σ배이다. σ가 너무 크면 sigmoid와 tanh가 포화되고, 너무 작으면 층을 지날수록 출력이 거의 같아진다.',
      ja: 'ニューロンは n 個の入力を足し合わせる。重みの標準偏差が σ なら、和の広がりは入力のおよそ √n · σ 倍になる。σ が大きすぎると sigmoid と tanh は飽和し、小さすぎると層を重ねるほど出力がほとんど同じになる。',
    },
  },
  {
    text: {
      en: "Xavier's weights keep the spread from layer to layer where the activation is nearly linear around zero.",
      ko: 'Xavier 초깃값은 활성화 함수가 0 근처에서 거의 선형일 때 층이 바뀌어도 퍼짐을 유지한다.',
      ja: 'Xavier の初期値は、活性化関数が 0 付近でほぼ線形のとき、層を経ても広がりを保つ。',
    },
    formula: math(sub(sigma, id('Xavier')), op('='), root(frac(num('1'), n))),
  },
  {
    text: {
      en: "ReLU cuts half of it off; He's weights make up for that with twice the variance.",
      ko: 'ReLU는 절반을 0으로 만든다. He 초깃값은 분산을 두 배로 하여 이를 보충한다.',
      ja: 'ReLU は半分を 0 にする。He の初期値は分散を 2 倍にしてそれを補う。',
    },
    formula: math(sub(sigma, id('He')), op('='), root(frac(num('2'), n))),
  },
];

export const activationsLesson: Lesson = {
  watch: {
    en: 'From the first layer to the last: where do values pile up at the ends, where do they shrink to one bar, and where does every layer keep its shape?',
    ko: '첫 층에서 마지막 층까지 살펴보자. 값이 양 끝에 몰리는 곳, 막대 하나로 줄어드는 곳, 층마다 모양이 유지되는 곳은 어디인가?',
    ja: '最初の層から最後の層まで見ていこう。値が両端に偏るのはどこか、1 本の棒に縮むのはどこか、どの層でも形が保たれるのはどこか。',
  },
  theory: spreads,
};

export const learningLesson: Lesson = {
  watch: {
    en: 'Does the curve of the small weights leave its first value at all? Nothing but the initial weights differs.',
    ko: '작은 가중치의 곡선이 처음 값에서 벗어나는가? 다른 것은 초깃값뿐이다.',
    ja: '小さい重みの曲線は最初の値から離れるだろうか。違うのは重みの初期値だけである。',
  },
  theory: spreads,
};
