// What normalisation does inside a network, where batch norm ends, and why a recurrence wants layer norm.
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
  watch: {
    en: 'Upper row, without norm: bands that narrow, widen and wander. Lower row, with batch norm: bands that stay. Then the figure of the drift: single units may move although their layer as a whole does not.',
    ko: '윗줄(정규화 없음)의 띠는 좁아지고 넓어지며 이리저리 움직인다. 아랫줄(배치 정규화)의 띠는 제자리에 머문다. 이어서 이동 거리 그림을 보자. 층 전체는 그대로여도 뉴런 하나하나는 움직일 수 있다.',
    ja: '上の段（正規化なし）の帯は狭まり、広がり、さまよう。下の段（バッチ正規化）の帯はとどまる。続けて移動の図を見よう。層全体は動かなくても、個々のニューロンは動いていることがある。',
  },
  theory: [
    {
      text: {
        en: 'A layer learns from what the layers below hand it. While these learn too, their outputs move, and the layer follows a moving target: internal covariate shift. The drift is how far the mean of a unit has come from where it was, in the standard deviations of the beginning.',
        ko: '층은 아래층이 넘겨주는 값으로 학습한다. 아래층도 함께 학습하므로 그 값의 분포가 계속 움직이고, 층은 움직이는 목표를 쫓게 된다. 이것이 내부 공변량 변화이다. 이동 거리는 뉴런의 평균이 처음 위치에서 얼마나 멀어졌는지를 처음의 표준편차 단위로 잰 것이다.',
        ja: '層は、下の層から渡される値をもとに学習する。下の層も学習するので値の分布は動き続け、層は動く的を追うことになる。これが内部共変量シフトである。移動は、ニューロンの平均が最初の位置からどれだけ離れたかを、最初の標準偏差を単位として測ったものである。',
      },
      formula: math(
        sub(id('d'), id('t')),
        op('='),
        frac(row(op('|'), sub(id('μ'), id('t')), op('−'), sub(id('μ'), num('0')), op('|')), sub(id('σ'), num('0'))),
      ),
    },
    {
      text: {
        en: 'Batch norm takes mean and variance of the mini-batch out of what it is given, so that the next layer always sees the same scale. That both the shift and the loss fall does not make the one the cause of the other: with noise added to make the shift worse, batch norm still learns fast (Santurkar et al., 2018).',
        ko: '배치 정규화는 들어온 값에서 미니배치의 평균과 분산을 걷어 내므로 다음 층이 보는 값의 크기는 늘 같다. 다만 변화와 손실이 함께 줄었다고 해서 하나가 다른 하나의 원인이라는 뜻은 아니다. 잡음을 넣어 변화를 키워도 배치 정규화는 여전히 빨리 학습한다(Santurkar 등, 2018).',
        ja: 'バッチ正規化は、入ってきた値からミニバッチの平均と分散を取り除くので、次の層が見る値の大きさはいつも同じになる。ただし、シフトと損失がともに減っても、一方が他方の原因だとは言えない。ノイズを加えてシフトを大きくしても、バッチ正規化は速く学習する（Santurkar ら、2018）。',
      },
      formula: math(hat(x), op('='), frac(row(x, op('−'), mean), root(row(variance, op('+'), eps)))),
    },
  ],
};

const layerNorm: Statement = {
  text: {
    en: 'Layer norm takes its mean and variance over the n units of one example. It does not know how large the batch is, and does the same in training and in use.',
    ko: '층 정규화는 이미지 한 장 안에서 뉴런 n개에 걸쳐 평균과 분산을 구한다. 배치의 크기와 상관없고, 학습할 때와 사용할 때의 계산이 같다.',
    ja: '層正規化は、画像 1 枚の中で n 個のニューロンにわたって平均と分散を求める。バッチの大きさに関係なく、学習時も使用時も計算は同じである。',
  },
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
  watch: {
    en: 'From the largest batch to a single image: where does batch norm fall behind, first under the statistics of the batch, then under the running ones? Does layer norm notice at all?',
    ko: '가장 큰 배치에서 이미지 한 장까지 줄여 가며 살펴보자. 배치 정규화는 어디서부터 뒤처지는가? 배치의 통계를 쓸 때와 이동 평균 통계를 쓸 때가 다른가? 층 정규화는 영향을 받기는 하는가?',
    ja: '最大のバッチから画像 1 枚まで見ていこう。バッチ正規化はどこから遅れ始めるか。バッチの統計を使うときと移動平均の統計を使うときで違うか。層正規化は影響を受けるだろうか。',
  },
  theory: [
    {
      text: {
        en: 'With one image in the batch its mean is the image itself and the variance is 0: whatever came in, β comes out, and the layers below get no gradient. With two, every normalised value is nearly +1 or −1.',
        ko: '배치에 이미지가 한 장뿐이면 평균은 그 값 자신이고 분산은 0이다. 무엇이 들어와도 β가 나오며, 아래층에는 기울기가 전해지지 않는다. 두 장이면 정규화한 값은 거의 모두 +1 아니면 −1이다.',
        ja: 'バッチに画像が 1 枚しかなければ、平均はその値自身、分散は 0 になる。何が入っても β が出て、下の層には勾配が伝わらない。2 枚なら、正規化した値はほとんどが +1 か −1 になる。',
      },
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
      text: {
        en: 'In evaluation the running statistics stand in for those of a batch. Small batches measure a variance that is too small or mostly noise, so that what is learnt in training does not fit what is used afterwards.',
        ko: '평가할 때는 배치의 통계 대신 이동 평균 통계를 쓴다. 작은 배치에서 잰 분산은 너무 작거나 대부분 잡음이어서, 학습할 때 배운 것이 평가할 때 쓰는 값과 맞지 않는다.',
        ja: '評価時には、バッチの統計の代わりに移動平均の統計を使う。小さなバッチで測った分散は小さすぎるか、ほとんどがノイズなので、学習で身につけたものが評価で使う値と合わない。',
      },
    },
    layerNorm,
  ],
};

export const recurrenceLesson: Lesson = {
  watch: {
    en: 'The training loss first: batch norm looks well there. Then test accuracy: under the statistics of the test batch it keeps that promise, under the running ones, which are all one has in use, it may not.',
    ko: '먼저 훈련 손실을 보자. 여기서는 배치 정규화가 좋아 보인다. 다음은 시험 정확도이다. 시험 배치의 통계를 쓰면 그 기대를 지키지만, 실제로 쓸 수 있는 이동 평균 통계로는 그렇지 못할 수 있다.',
    ja: 'まず訓練損失を見よう。ここではバッチ正規化がよく見える。次にテスト正解率である。テストバッチの統計を使えば期待どおりだが、実際に使える移動平均の統計ではそうならないことがある。',
  },
  theory: [
    {
      text: {
        en: 'A recurrent network reads piece after piece and keeps what it has read in h; N is the norm, inside every step.',
        ko: '순환 신경망은 입력을 조각조각 읽으며 읽은 내용을 h에 담는다. N은 시점마다 적용하는 정규화이다.',
        ja: 'リカレントネットワークは入力を少しずつ読み、読んだ内容を h に保つ。N は時刻ごとに適用する正規化である。',
      },
      formula: math(
        ...[sub(h, id('t')), op('='), id('tanh'), op('('), id('N'), op('('), sub(x, id('t')), id('W'), op('+')],
        ...[sub(h, row(id('t'), op('−'), num('1'))), id('U'), op('+'), id('b'), op(')'), op(')')],
      ),
    },
    {
      text: {
        en: 'Batch norm needs a mean and a variance for every step, and an error in one is fed through all that follow. Where all images begin alike, as with black rows at the top, the variance is nearly 0 and the division magnifies whatever is left.',
        ko: '배치 정규화는 시점마다 평균과 분산이 따로 필요하고, 한 시점의 오차는 뒤의 모든 시점으로 이어진다. 위쪽의 검은 행처럼 모든 이미지의 시작이 같으면 분산이 거의 0이어서 나눗셈이 남은 차이를 크게 부풀린다.',
        ja: 'バッチ正規化は時刻ごとに平均と分散が必要で、ある時刻の誤差はその後のすべての時刻に伝わる。上端の黒い行のように、どの画像も始まりが同じだと分散はほぼ 0 になり、割り算が残りの差を大きくふくらませる。',
      },
      formula: math(
        frac(num('1'), root(row(variance, op('+'), eps))),
        op('≤'),
        frac(num('1'), root(eps)),
        op('≈'),
        num('316'),
      ),
    },
    layerNorm,
  ],
};
