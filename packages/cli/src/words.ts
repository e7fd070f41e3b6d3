// The words of the program itself in every language of `--lang`; what experiments say comes with them.
import type { Text } from '@descent/experiments';

const text = (en: string, ko: string, ja: string): Text => ({ en, ko, ja });

export const words = {
  all: text('all', '전체', '全体'),
  arm: text('arm', '갈래', '系列'),
  claims: text('Claims', '주장', '主張'),
  data: text('data', '데이터', 'データ'),
  allRandom: (sampler: string, trials: number) =>
    text(
      `All ${trials} trials were chosen at random: ${sampler} learns from earlier rounds, and there was none. Use a smaller --round-size or more --trials.`,
      `시행 ${trials}개를 모두 무작위로 골랐다. ${sampler}는 앞 단계에서 배우는데 앞 단계가 없었다. --round-size를 줄이거나 --trials를 늘린다.`,
      `${trials} 試行はすべて無作為に選ばれた。${sampler} は前の段階から学ぶが、前の段階がなかった。--round-size を減らすか --trials を増やす。`,
    ),
  fixedRange: text(
    'Its range is part of the search space, and no option widens it.',
    '이 범위는 탐색 공간에 정해져 있어 옵션으로 넓힐 수 없다.',
    'この範囲は探索空間で決まっており、オプションでは広げられない。',
  ),
  holds: text('holds', '성립', '成立'),
  interrupted: text('interrupted', '중단됨', '中断'),
  loss: text('loss', '손실', '損失'),
  notHolding: text('does not hold', '성립하지 않음', '不成立'),
  options: text('option', '옵션', 'オプション'),
  record: text('Record', '기록', '記録'),
  resumed: text('done before', '이미 완료', '実行済み'),
  same: (arms: number, digest: string) =>
    text(
      `the same, bit for bit: ${arms} arms, digest ${digest}`,
      `비트까지 같습니다: 갈래 ${arms}개, 다이제스트 ${digest}`,
      `ビット単位で一致: ${arms} 系列、ダイジェスト ${digest}`,
    ),
  seconds: (time: string) => text(`in ${time}`, `${time} 걸림`, `所要 ${time}`),
  sameOptions: text('the same options', '옵션이 모두 같습니다', 'オプションはすべて同じ'),
  seed: text('seed', '시드', 'シード'),
  step: text('step', '스텝', 'ステップ'),
  stopping: text(
    'stopping after this step; Ctrl-C again kills',
    '이번 스텝 뒤에 멈춥니다. Ctrl-C를 한 번 더 누르면 바로 끝냅니다',
    'このステップで止まります。もう一度 Ctrl-C を押すと強制終了します',
  ),
  threads: (jobs: number) => text(`${jobs} threads`, `스레드 ${jobs}개`, `${jobs} スレッド`),
  left: (time: string) => text(`${time} left`, `${time} 남음`, `残り ${time}`),
  divergedAt: (step: number) => text(`diverged at step ${step}`, `${step}스텝에서 발산`, `ステップ ${step} で発散`),
  interruptedAt: (step: number) =>
    text(`interrupted at step ${step}`, `${step}스텝에서 중단`, `ステップ ${step} で中断`),
  widen: (flag: string) => text(`Widen it with ${flag}.`, `${flag} 옵션으로 넓힌다.`, `${flag} で広げられる。`),
};
