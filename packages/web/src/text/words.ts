// The words of the page itself in every language; what experiments say comes with them.
import type { Text } from '@descent/experiments';

const text = (en: string, ko: string, ja: string): Text => ({ en, ko, ja });

export const words = {
  lead: text(
    'Experiments on how neural networks learn. They run here, in your browser, and give the same bits everywhere.',
    '신경망이 어떻게 학습하는지 알아보는 실험 모음입니다. 이 브라우저 안에서 실행되며, 어디서 실행해도 결과는 비트까지 같습니다.',
    'ニューラルネットワークの学習を確かめる実験集です。このブラウザの中で動き、どこで実行しても結果はビット単位で一致します。',
  ),
  skip: text('Skip to the content', '본문으로 건너뛰기', '本文へ移動'),
  experiments: text('Experiments', '실험', '実験'),
  all: text('All experiments', '실험 목록', '実験の一覧'),
  language: text('Language', '언어', '言語'),
  colours: text('Colours', '색', '配色'),
  colourNames: {
    auto: text('As the system', '시스템 설정', 'システムに合わせる'),
    light: text('Light', '밝게', 'ライト'),
    dark: text('Dark', '어둡게', 'ダーク'),
  },
  settings: text('Settings', '설정', '設定'),
  variant: text('Kernels', '커널', 'カーネル'),
  variantHelp: text(
    'All variants give the same bits.',
    '모든 변형의 결과는 비트까지 같다.',
    'どのバリアントでも結果はビット単位で一致する。',
  ),
  defaults: text('Defaults', '기본값', '既定値に戻す'),
  run: text('Run', '실행', '実行'),
  runAgain: text('Run again', '다시 실행', 'もう一度実行'),
  pause: text('Pause', '일시 정지', '一時停止'),
  resume: text('Resume', '계속', '再開'),
  step: text('Step', '한 스텝', '1 ステップ'),
  stop: text('Stop', '정지', '停止'),
  reset: text('Clear', '지우기', '消去'),
  newSeed: text('Another seed', '다른 시드', '別のシード'),
  ready: text('Ready.', '준비되었습니다.', '準備ができました。'),
  fetching: (done: string, total: string) =>
    text(
      `Fetching the data: ${done} of ${total} MB`,
      `데이터를 받는 중: ${total} MB 중 ${done} MB`,
      `データを取得中: ${total} MB のうち ${done} MB`,
    ),
  running: (percent: number) => text(`Training: ${percent} %`, `학습 중: ${percent} %`, `学習中: ${percent} %`),
  preparing: text('Getting ready.', '준비하고 있습니다.', '準備しています。'),
  started: text('Training has begun.', '학습을 시작했습니다.', '学習を始めました。'),
  paused: text('Paused.', '일시 정지했습니다.', '一時停止しました。'),
  stopped: text(
    'Stopped. The record says where each arm stands.',
    '정지했습니다. 각 갈래가 멈춘 곳이 기록에 남습니다.',
    '停止しました。各系列が止まったところは記録に残ります。',
  ),
  done: (seconds: string) =>
    text(`Done in ${seconds} s.`, `${seconds}초 만에 끝났습니다.`, `${seconds} 秒で終わりました。`),
  progress: text('Progress', '진행률', '進み具合'),
  expected: (range: string) => text(`Expected ${range}.`, `입력 범위: ${range}.`, `入力できる値: ${range}。`),
  claims: text('Claims', '주장', '主張'),
  holds: text('Holds', '성립', '成立'),
  fails: text('Does not hold', '성립하지 않음', '不成立'),
  evidence: text('Evidence', '근거', '根拠'),
  numbers: text('Where the arms came to', '갈래별 결과', '系列ごとの結果'),
  arm: text('Arm', '갈래', '系列'),
  outcome: text('Outcome', '상태', '状態'),
  finished: text('finished', '완료', '完了'),
  table: text('Numbers of the chart', '차트의 숫자', 'グラフの数値'),
  tableNote: (shown: number, total: number) =>
    text(
      `${shown} of ${total} rows; the CSV has all of them.`,
      `전체 ${total}행 중 ${shown}행. CSV에는 모두 들어 있습니다.`,
      `全 ${total} 行のうち ${shown} 行。CSV にはすべて入っています。`,
    ),
  save: text('Save the chart', '차트 저장', 'グラフを保存'),
  saveRecord: text('Save the record (run.json)', '기록 저장 (run.json)', '記録を保存 (run.json)'),
  copyLink: text('Copy the link', '링크 복사', 'リンクをコピー'),
  copied: text('The link is copied.', '링크를 복사했습니다.', 'リンクをコピーしました。'),
  digest: text('Digest', '다이제스트', 'ダイジェスト'),
  sealSame: text(
    'The same bits: this run is the one that was linked or opened.',
    '비트까지 같습니다. 링크나 기록에 담긴 실행과 완전히 같은 결과입니다.',
    'ビット単位で一致しました。リンクや記録の実行とまったく同じ結果です。',
  ),
  sealDiffers: text(
    'Not the same bits as the run that was linked or opened. Version 0.2.0 changed the results of normalization; runs of earlier versions can differ.',
    '링크나 기록에 담긴 실행과 비트가 다릅니다. 0.2.0 버전에서 정규화의 결과가 바뀌었으므로 이전 버전의 실행과는 다를 수 있습니다.',
    'リンクや記録の実行とビットが一致しません。バージョン 0.2.0 で正規化の結果が変わったため、以前のバージョンの実行とは異なることがあります。',
  ),
  sealWhere: (where: string) => text(`First difference: ${where}`, `처음 다른 곳: ${where}`, `最初の相違: ${where}`),
  step1: (n: number) => text(`step ${n}`, `${n}스텝`, `ステップ ${n}`),
  linked: text(
    'This link names the result of a run. Run it to see whether the bits agree.',
    '이 링크에는 실행 결과가 담겨 있습니다. 실행하면 비트까지 같은지 확인합니다.',
    'このリンクには実行結果が含まれています。実行すると、ビット単位で一致するか確かめます。',
  ),
  opened: text(
    'This record was opened from a file. Verify it: the page runs it again and compares every bit.',
    '파일에서 연 기록입니다. 검증하면 다시 실행하여 모든 비트를 비교합니다.',
    'ファイルから開いた記録です。検証すると、もう一度実行してすべてのビットを比べます。',
  ),
  verify: text('Verify', '검증', '検証'),
  open: text('Open run.json or IDX files', 'run.json 또는 IDX 파일 열기', 'run.json か IDX ファイルを開く'),
  dropHere: text(
    'Drop a run.json, or the four IDX files of a data set, anywhere on the page.',
    'run.json이나 데이터 세트의 IDX 파일 네 개를 페이지 아무 곳에나 끌어다 놓을 수 있습니다.',
    'run.json、またはデータセットの IDX ファイル 4 つを、ページのどこにでもドロップできます。',
  ),
  ownData: (train: number, test: number) =>
    text(
      `Your own images: ${train} for training, ${test} for testing.`,
      `직접 연 이미지: 훈련용 ${train}장, 시험용 ${test}장.`,
      `自分の画像: 訓練用 ${train} 枚、テスト用 ${test} 枚。`,
    ),
  backToMnist: text('Back to MNIST', 'MNIST로 되돌리기', 'MNIST に戻す'),
  unknownRecord: (name: string) =>
    text(
      `This page has no experiment named ${name}.`,
      `이 페이지에는 ${name}라는 실험이 없습니다.`,
      `このページには ${name} という実験がありません。`,
    ),
  watch: text('What to watch for', '눈여겨볼 점', '注目するところ'),
  theory: text('Theory', '이론', '理論'),
  through: text('Show the run up to step', '이 스텝까지 보기', 'このステップまで表示'),
  read: text(
    'Point at the chart, or focus it and use the arrow keys, to read values.',
    '차트를 가리키거나, 차트를 선택하고 화살표 키를 누르면 값을 읽을 수 있습니다.',
    'グラフを指すか、グラフを選んで矢印キーを押すと、値を読めます。',
  ),
  drag: text(
    'Drag the start over a map, and every way is walked anew.',
    '지도 위에서 시작점을 끌면 모든 경로를 바로 다시 계산합니다.',
    '地図の上で始点をドラッグすると、すべての経路がすぐに計算し直されます。',
  ),
  network: text('A network at work', '네트워크 들여다보기', 'ネットワークの中を見る'),
  noWeights: text(
    'A record has no weights in it. Run it again to look inside.',
    '기록에는 가중치가 없습니다. 다시 실행하면 안을 볼 수 있습니다.',
    '記録に重みは含まれていません。もう一度実行すると中を見られます。',
  ),
  replay: text('Replay to look inside', '다시 실행하여 들여다보기', 'もう一度実行して中を見る'),
  draw: text('Draw a digit here.', '여기에 숫자를 그려 보세요.', 'ここに数字を書いてください。'),
  testImage: text('Test image', '시험 이미지', 'テスト画像'),
  given: text('What the networks are given', '네트워크에 들어가는 이미지', 'ネットワークに入力される画像'),
  label: text('Label', '정답', '正解'),
  answer: text('Answer', '답', '答え'),
  answers: text('What each arm answers, and the probabilities (%)', '갈래별 답과 확률 (%)', '系列ごとの答えと確率 (%)'),
  probability: text('Probability (%)', '확률 (%)', '確率 (%)'),
  lookInto: text('Look into', '들여다볼 갈래', '中を見る系列'),
  weights: text('Weights of the first layer', '첫 층의 가중치', '最初の層の重み'),
  weightsOf: (count: number, units: number, greatest: string) =>
    text(
      `${count} of ${units} pictures of weights, from −${greatest} (blue) to ${greatest} (red)`,
      `가중치 그림 ${units}개 중 ${count}개, −${greatest}(파랑)부터 ${greatest}(빨강)까지`,
      `重みの画像 ${units} 枚のうち ${count} 枚、−${greatest}（青）から ${greatest}（赤）まで`,
    ),
  activations: text('Activations of every layer', '층별 활성화값', '各層のアクティベーション'),
  gradients: text('Gradients of the weights', '가중치의 기울기', '重みの勾配'),
  examined: text(
    'Of the first 100 training images, in evaluation mode. Bars above the axis are cut and labelled.',
    '훈련 이미지 처음 100장, 평가 모드. 축보다 긴 막대는 잘라 내고 값을 적었다.',
    '最初の訓練画像 100 枚、評価モード。軸より長い棒は切り、値を記した。',
  ),
  value: text('Value', '값', '値'),
  percentOfAll: text('Share (%)', '비율 (%)', '割合 (%)'),
  mistakes: text('What it gets wrong', '틀린 이미지', '間違えた画像'),
  wrong: (wrong: number, tested: number) =>
    text(
      `${wrong} of ${tested} test images, the surest first.`,
      `시험 이미지 ${tested}장 중 ${wrong}장. 확신이 큰 것부터.`,
      `テスト画像 ${tested} 枚のうち ${wrong} 枚。確信の高い順。`,
    ),
  openedStopped: text(
    'This run was stopped on its way. Verify it: the page runs it again to where it stood and compares every bit; then it can go on.',
    '도중에 멈춘 실행의 기록입니다. 검증하면 멈춘 곳까지 다시 실행하여 모든 비트를 비교하고, 거기서 계속할 수 있습니다.',
    '途中で止めた実行の記録です。検証すると、止めたところまで再び実行してすべてのビットを比べ、そこから再開できます。',
  ),
  panel: text('Panel', '칸', '図'),
  tooLarge: (name: string, megabytes: number) =>
    text(
      `${name}: expected at most ${megabytes} MB.`,
      `${name}: ${megabytes} MB 이하의 파일만 열 수 있습니다.`,
      `${name}: 開けるのは ${megabytes} MB 以下のファイルだけです。`,
    ),
  badLink: text('The link is not one of ours.', '올바른 링크가 아닙니다.', '正しいリンクではありません。'),
};
