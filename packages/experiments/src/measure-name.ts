// What a measure of a record or a number of a claim's evidence is called.
import type { Lang, Text } from './text.ts';

const text = (en: string, ko: string, ja: string): Text => ({ en, ko, ja });

const names: Readonly<Record<string, Text>> = {
  trainLoss: text('train loss', '훈련 손실', '訓練損失'),
  validationLoss: text('validation loss', '검증 손실', '検証損失'),
  testLoss: text('test loss', '시험 손실', 'テスト損失'),
  trainAccuracy: text('train accuracy', '훈련 정확도', '訓練正解率'),
  validationAccuracy: text('validation accuracy', '검증 정확도', '検証正解率'),
  testAccuracy: text('test accuracy', '시험 정확도', 'テスト正解率'),
  loss: text('loss', '손실', '損失'),
  lr: text('learning rate', '학습률', '学習率'),
  lrExponent: text('log₁₀ learning rate', 'log₁₀ 학습률', 'log₁₀ 学習率'),
  weightDecayExponent: text('log₁₀ weight decay', 'log₁₀ 가중치 감소', 'log₁₀ 荷重減衰'),
  weightDecay: text('weight decay', '가중치 감소', '荷重減衰'),
  mean: text('mean', '평균', '平均'),
  std: text('std', '표준편차', '標準偏差'),
  saturated: text('saturated', '포화 비율', '飽和の割合'),
  // Of evidence
  lowersMeanLossBy: text('lowers the mean loss by', '평균 손실 감소폭', '平均損失の減少幅'),
  lowersLastLossBy: text('lowers the last loss by', '마지막 손실 감소폭', '最後の損失の減少幅'),
  raisesMeanLossBy: text('raises the mean loss by', '평균 손실 증가폭', '平均損失の増加幅'),
  testAccuracyGain: text('gain in test accuracy', '시험 정확도 향상폭', 'テスト正解率の向上幅'),
  gapNarrowedBy: text('gap narrowed by', '격차 감소폭', '差の縮小幅'),
  gapWith: text('gap with it', '적용 시 격차', '適用時の差'),
  gapWithout: text('gap without it', '미적용 시 격차', '非適用時の差'),
  meanLoss: text('mean loss', '평균 손실', '平均損失'),
  meanLossWithout: text('mean loss without it', '미적용 시 평균 손실', '非適用時の平均損失'),
  lossWith: text('loss with it', '적용 시 손실', '適用時の損失'),
  lossWithout: text('loss without it', '미적용 시 손실', '非適用時の損失'),
  lastLoss: text('last loss', '마지막 손실', '最後の損失'),
  sgdMeanLoss: text('mean loss of SGD', 'SGD의 평균 손실', 'SGD の平均損失'),
  sgdLastLoss: text('last loss of SGD', 'SGD의 마지막 손실', 'SGD の最後の損失'),
  ratio: text('ratio', '비율', '比'),
  lastSteps: text('last steps', '마지막 스텝 수', '最後のステップ数'),
  seeds: text('seeds', '시드 수', 'シード数'),
  holdsIn: text('holds in so many seeds', '성립한 시드 수', '成立したシード数'),
};

/** `trainLoss` → `train loss`; where we have no words for it, its own, apart: `detourSGD` → `detour SGD`. */
export function measureName(measure: string, lang: Lang): string {
  if (Object.hasOwn(names, measure)) return (names[measure] as Text)[lang];
  const own = measure.split(/(?<=[a-z0-9])(?=[A-Z])/);
  return own.map((word) => (/^[A-Z]{2}/.test(word) ? word : word.toLowerCase())).join(' ');
}
