// Overfitting and what is done against it, batch norm, and the search for hyperparameters.
import { frac, hat, id, math, num, op, root, row, sub, sup } from './formula.ts';
import type { Lesson } from './lesson.ts';

const [w, x, y, p, lr] = ['w', 'x', 'y', 'p', 'η'].map(id) as [string, string, string, string, string];
const [lambda, mean, variance] = [id('λ'), sub(id('μ'), id('B')), sup(sub(id('σ'), id('B')), num('2'))];

const gap = {
  en: 'A network with more parameters than it has examples to learn from can know these by heart: accuracy on them comes to 1 while that on new images stands still. The distance is the overfitting.',
  ko: '학습 데이터에 비해 매개변수가 많은 신경망은 데이터를 외울 수 있다. 훈련 데이터의 정확도는 1에 이르지만 처음 보는 이미지의 정확도는 제자리에 머문다. 그 차이가 오버피팅이다.',
  ja: '学習データに比べてパラメータが多いネットワークは、データを丸暗記できる。訓練データの正解率は 1 に達するが、初めて見る画像の正解率は止まったままになる。その差が過学習である。',
};

const watchGap = {
  en: 'The distance between the two curves of each panel. Does it become smaller because test accuracy rises, or only because training accuracy falls?',
  ko: '칸마다 두 곡선 사이의 거리를 보자. 거리가 줄어드는 것은 시험 정확도가 올라서인가, 아니면 훈련 정확도가 내려가서일 뿐인가?',
  ja: '各図の 2 本の曲線の間隔を見よう。間隔が縮むのはテスト正解率が上がるからか、それとも訓練正解率が下がるだけか。',
};

export const weightDecayLesson: Lesson = {
  watch: watchGap,
  theory: [
    { text: gap },
    {
      text: {
        en: 'Weight decay adds half the squared weights times λ to the loss, so that every step also shrinks each weight a little: large weights must earn their keep.',
        ko: '가중치 감소는 손실에 가중치 제곱의 절반에 λ를 곱해 더한다. 그래서 스텝마다 모든 가중치가 조금씩 줄어들고, 꼭 필요한 가중치만 커진다.',
        ja: 'Weight decay は重みの二乗の半分に λ を掛けて損失に加える。そのため各ステップですべての重みが少しずつ縮み、本当に必要な重みだけが大きくなる。',
      },
      formula: math(w, op('←'), w, op('−'), lr, op('('), id('g'), op('+'), lambda, w, op(')')),
    },
  ],
};

export const dropoutLesson: Lesson = {
  watch: watchGap,
  theory: [
    { text: gap },
    {
      text: {
        en: 'Dropout silences every hidden unit with probability p at each training step, so that none can rely on a particular other. Those that remain are scaled, so that the sum stays the same on average.',
        ko: '드롭아웃은 학습 스텝마다 은닉층의 뉴런을 확률 p로 끈다. 그래서 특정한 다른 뉴런에만 의지할 수 없다. 남은 출력은 평균이 유지되도록 키운다.',
        ja: 'ドロップアウトは学習のステップごとに隠れ層のニューロンを確率 p で消す。そのため特定のほかのニューロンだけに頼れない。残った出力は平均が保たれるように拡大する。',
      },
      formula: math(y, op('='), frac(x, row(num('1'), op('−'), p))),
    },
  ],
};

export const batchNormLesson: Lesson = {
  watch: {
    en: 'From panel to panel the initial weights become smaller. For how many of them does each of the two networks learn at all?',
    ko: '칸이 넘어갈수록 가중치 초깃값이 작아진다. 두 신경망은 각각 몇 칸에서 학습에 성공하는가?',
    ja: '図が進むほど重みの初期値は小さくなる。2 つのネットワークはそれぞれいくつの図で学習できているか。',
  },
  theory: [
    {
      text: {
        en: 'Batch norm gives the sums of each unit the mean 0 and the variance 1 over the mini-batch, then lets it learn a scale γ and a shift β of its own: how large the weights began hardly matters any more.',
        ko: '배치 정규화는 뉴런마다 미니배치에 걸친 합의 평균을 0, 분산을 1로 만든 뒤 배율 γ와 이동 β를 학습하게 한다. 그래서 가중치 초깃값의 크기가 거의 문제 되지 않는다.',
        ja: 'バッチ正規化は、ニューロンごとにミニバッチ内の和を平均 0、分散 1 にそろえ、拡大 γ と移動 β を学習させる。そのため重みの初期値の大きさはほとんど影響しなくなる。',
      },
      formula: math(
        ...[hat(x), op('='), frac(row(x, op('−'), mean), root(row(variance, op('+'), id('ε'))))],
        ...[op(','), y, op('='), id('γ'), hat(x), op('+'), id('β')],
      ),
    },
  ],
};

export const searchLesson: Lesson = {
  watch: {
    en: 'Over which range of the learning rate do the best trials lie? Narrow the exponents to it and run again.',
    ko: '성적이 가장 좋은 시도들의 학습률은 어느 범위에 있는가? 지수의 범위를 그만큼 좁혀 다시 실행해 보자.',
    ja: '成績の最も良い試行の学習率はどの範囲にあるか。指数の範囲をそこまで絞って、もう一度実行してみよう。',
  },
  theory: [
    {
      text: {
        en: 'What matters of a learning rate is its order of magnitude, so its exponent is drawn at random. A validation set that is not trained on tells good trials from bad: the test set must stay unseen.',
        ko: '학습률은 자릿수가 중요하므로 지수를 무작위로 뽑는다. 시도의 좋고 나쁨은 학습에 쓰지 않은 검증 데이터로 가린다. 시험 데이터는 마지막까지 보지 않아야 한다.',
        ja: '学習率で大切なのは桁なので、指数を無作為に選ぶ。試行の良し悪しは学習に使わない検証データで判断する。テストデータは最後まで見てはならない。',
      },
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
