// The words of a report that come from no experiment.
import type { Lang, Text } from '../text.ts';

const text = (en: string, ko: string, ja: string): Text => ({ en, ko, ja });

export const words = {
  arm: text('arm', '갈래', '系列'),
  claims: text('Claims', '주장', '主張'),
  watch: text('What to watch for', '눈여겨볼 점', '注目するところ'),
  theory: text('Theory', '이론', '理論'),
  command: text('To run it again', '다시 실행하려면', '再実行するには'),
  cpu: text('processor', '프로세서', 'プロセッサー'),
  data: text('data', '데이터', 'データ'),
  descent: text('Descent', 'Descent', 'Descent'),
  digest: text('digest', '다이제스트', 'ダイジェスト'),
  digests: text('Digest of each arm', '갈래별 다이제스트', '系列ごとのダイジェスト'),
  effect: text('number', '수치', '数値'),
  evidence: text('Evidence', '근거', '根拠'),
  experiment: text('experiment', '실험', '実験'),
  figures: text('Figures', '그림', '図'),
  holds: text('holds', '성립', '成立'),
  interval: text('95 % interval over seeds', '시드에 대한 95 % 구간', 'シードに対する 95 % 区間'),
  notHolding: text('does not hold', '성립하지 않음', '不成立'),
  numbers: text('Numbers', '수치', '数値'),
  option: text('option', '옵션', 'オプション'),
  os: text('system', '운영체제', 'システム'),
  record: text('Record', '기록', '記録'),
  results: text('Results', '결과', '結果'),
  runtime: text('runtime', '실행 환경', '実行環境'),
  seconds: text('seconds', '초', '秒'),
  seed: text('seed', '시드', 'シード'),
  settings: text('Settings', '설정', '設定'),
  value: text('value', '값', '値'),
  variant: text('kernels', '커널', 'カーネル'),
} satisfies Record<string, Text>;

/** `40 of 2000 points; the record has them all`. */
export function thinned(shown: number, all: number, lang: Lang): string {
  return text(
    `${shown} of ${all} points; the record has them all.`,
    `점 ${all}개 가운데 ${shown}개. 모든 값은 기록에 있다.`,
    `${all} 点のうち ${shown} 点。すべての値は記録にある。`,
  )[lang];
}
