// The words of the benchmark page in every language.
import type { Text } from '@descent/experiments';

const text = (en: string, ko: string, ja: string): Text => ({ en, ko, ja });

export const benchWords = {
  title: text('Benchmark', '벤치마크', 'ベンチマーク'),
  lead: text(
    'WebAssembly against plain JavaScript, in this browser: the same kernels, the same suites as in the terminal. Every answer is checked before it is timed; variants take turns in random order.',
    '이 브라우저에서 WebAssembly와 일반 JavaScript를 비교합니다. 커널과 측정 항목은 터미널과 같습니다. 답을 먼저 확인한 뒤 시간을 재며, 순서는 매번 무작위로 바꿉니다.',
    'このブラウザで WebAssembly と通常の JavaScript を比べます。カーネルも測定項目もターミナルと同じです。答えを確かめてから時間を測り、順番は毎回無作為に入れ替えます。',
  ),
  suite: text('What to measure', '측정 대상', '測定対象'),
  suites: {
    kernels: text('Kernels', '커널', 'カーネル'),
    step: text('A training step', '학습 한 스텝', '学習の 1 ステップ'),
  },
  only: text('Only names that contain', '이름으로 거르기', '名前で絞り込む'),
  onlyHelp: text(
    'e.g. matmul, sparse, Norm or Adam. Empty: all of them, which takes minutes.',
    '예: matmul, sparse, Norm, Adam. 비워 두면 전부 측정하며 몇 분이 걸린다.',
    '例: matmul、sparse、Norm、Adam。空欄ならすべてを測り、数分かかる。',
  ),
  full: text('Thorough', '정밀 측정', '精密に測定'),
  fullHelp: text(
    'Minutes instead of seconds, and narrower intervals.',
    '시간이 몇 분으로 늘어나지만 구간이 좁아진다.',
    '時間は数分に延びるが、区間が狭くなる。',
  ),
  measure: text('Measure', '측정', '測定'),
  again: text('Measure again', '다시 측정', 'もう一度測定'),
  quiet: text(
    'Ready. For quiet numbers close other tabs and plug the machine in.',
    '준비되었습니다. 다른 탭을 닫고 전원을 연결하면 더 정확합니다.',
    '準備ができました。ほかのタブを閉じ、電源につなぐとより正確です。',
  ),
  measuring: text('Measuring.', '측정하고 있습니다.', '測定しています。'),
  done: text('Measured.', '측정이 끝났습니다.', '測定が終わりました。'),
  shared: text(
    'These results were measured elsewhere and came with the link. Measure to compare with this browser.',
    '다른 곳에서 측정하여 링크로 전한 결과입니다. 측정하면 이 브라우저와 비교할 수 있습니다.',
    'ほかの場所で測定され、リンクで届いた結果です。測定すると、このブラウザと比べられます。',
  ),
  noisy: (percent: string) =>
    text(
      `Noisy: half of the 95 % intervals are wider than ${percent} % of their median. Close other programs and measure again.`,
      `잡음이 많습니다. 95 % 구간의 절반이 중앙값의 ${percent} %보다 넓습니다. 다른 프로그램을 닫고 다시 측정하세요.`,
      `ノイズが多めです。95 % 区間の半分が中央値の ${percent} % より広くなっています。ほかのプログラムを閉じて測り直してください。`,
    ),
  steady: (percent: string) =>
    text(
      `Steady: half of the 95 % intervals are narrower than ${percent} % of their median.`,
      `안정적입니다. 95 % 구간의 절반이 중앙값의 ${percent} %보다 좁습니다.`,
      `安定しています。95 % 区間の半分が中央値の ${percent} % より狭くなっています。`,
    ),
  numbers: text('All numbers', '모든 숫자', 'すべての数値'),
  name: text('Call', '호출', '呼び出し'),
  variant: text('Kernels', '커널', 'カーネル'),
  median: text('Median (µs)', '중앙값 (µs)', '中央値 (µs)'),
  interval: text('95 % interval', '95 % 구간', '95 % 区間'),
  roofShare: text('Of the roof', '상한 대비', '上限に対して'),
  times: text('× JavaScript', '× JavaScript', '× JavaScript'),
  roof: text('The roof of this machine', '이 기기의 상한', 'この機器の上限'),
  environment: text('Measured on', '측정 환경', '測定環境'),
  save: text('Save the report (JSON)', '보고서 저장 (JSON)', 'レポートを保存 (JSON)'),
};
