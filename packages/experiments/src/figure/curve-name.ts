// Curves that are no arms, in the reader's language.
import type { Lang, Text } from '../text.ts';

const text = (en: string, ko: string, ja: string): Text => ({ en, ko, ja });

const names: Readonly<Record<string, Text>> = {
  train: text('train', '훈련', '訓練'),
  validation: text('validation', '검증', '検証'),
  test: text('test', '시험', 'テスト'),
  range: text('range', '범위', '範囲'),
  'best so far': text('best so far', '그때까지의 최고', 'それまでの最良'),
  'best 20': text('best 20', '상위 20개', '上位 20'),
  others: text('others', '나머지', 'その他'),
  trials: text('trials', '시행', '試行'),
};

/** The name of a curve; an arm's is the same in all languages. */
export function curveName(name: string, lang: Lang): string {
  return Object.hasOwn(names, name) ? (names[name] as Text)[lang] : name;
}
