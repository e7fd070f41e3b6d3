// A benchmark as figures: bars with the intervals of their medians.
import type { BarPanel, Curve, Figure } from '../figure/figure.ts';
import type { Text } from '../text.ts';
import { type BenchView, type BenchViewRow, speedupOf } from './view.ts';

/** Floating-point operations of a call that is worth a bar: below, the call itself is most of the time. */
const WORTH = 1e6;

/** Bars with their intervals: speed over plain JavaScript, and the share of the roof or the time of a step. */
export function benchFigures(view: BenchView): Figure[] {
  return view.suite === 'kernels' ? [speedups(view), roofs(view)] : [stepTimes(view), speedups(view)];
}

/** One bar of a row; none where it has no such number. */
type Measure = (row: BenchViewRow) => { value: number; low: number; high: number } | undefined;

function speedups(view: BenchView): Figure {
  return {
    id: 'speedup',
    title: {
      en: 'WebAssembly over JavaScript',
      ko: 'JavaScript 대비 WebAssembly의 속도',
      ja: 'JavaScript に対する WebAssembly の速さ',
    },
    caption: {
      en: 'How many times faster than our kernels in plain JavaScript, at the sizes of the experiments. The line over a bar is the widest that both 95 % intervals allow.',
      ko: '실험에서 쓰는 크기에서 일반 JavaScript 커널보다 몇 배 빠른지 나타낸다. 막대 위의 선은 두 95 % 구간이 허용하는 가장 넓은 범위이다.',
      ja: '実験で使う大きさで、通常の JavaScript カーネルの何倍速いかを示す。棒の上の線は、両方の 95 % 区間が許す最も広い範囲である。',
    },
    columns: 1,
    panels: [
      bars(view, { en: 'Times faster', ko: '배', ja: '倍' }, (row) =>
        row.variant === 'reference' ? undefined : speedupOf(row, view),
      ),
    ],
  };
}

function roofs(view: BenchView): Figure {
  return {
    id: 'roof',
    title: { en: 'Share of the roof', ko: '상한 대비 비율', ja: '上限に対する割合' },
    caption: {
      en: 'What the machine can do at most was measured in the same rounds; this is how much of it each call reaches.',
      ko: '이 기기가 낼 수 있는 최대 성능을 같은 회차에서 측정했다. 각 호출이 그중 얼마를 내는지 나타낸다.',
      ja: 'この機器が出せる最大の性能を同じ回で測った。各呼び出しがそのうちどれだけに達するかを示す。',
    },
    columns: 1,
    panels: [
      bars(
        view,
        { en: 'Share of the roof (%)', ko: '상한 대비 (%)', ja: '上限に対して (%)' },
        ({ medianUs, ci95Us, roofFraction }) => {
          if (roofFraction === undefined) return undefined;
          const at = (us: number) => (100 * roofFraction * medianUs) / us;
          return { value: 100 * roofFraction, low: at(ci95Us[1]), high: at(ci95Us[0]) };
        },
      ),
    ],
  };
}

function stepTimes(view: BenchView): Figure {
  return {
    id: 'step-time',
    title: { en: 'Time of a training step', ko: '학습 한 스텝의 시간', ja: '学習 1 ステップの時間' },
    caption: {
      en: 'Batch, forward, loss, backward and update on 128 images: medians, and the lines are their 95 % intervals.',
      ko: '이미지 128장의 배치, 순전파, 손실, 역전파, 갱신을 모두 합한 시간의 중앙값. 선은 95 % 구간이다.',
      ja: '画像 128 枚のバッチ、順伝播、損失、逆伝播、更新を合わせた時間の中央値。線は 95 % 区間である。',
    },
    columns: 1,
    panels: [
      bars(view, { en: 'Median (µs)', ko: '중앙값 (µs)', ja: '中央値 (µs)' }, ({ medianUs, ci95Us: [low, high] }) => ({
        value: medianUs,
        low,
        high,
      })),
    ],
  };
}

function bars(view: BenchView, label: Text, measure: Measure): BarPanel {
  const rows = view.rows.filter(isWorthABar).map((row) => ({ row, bar: measure(row) }));
  const names = [...new Set(rows.flatMap(({ row, bar }) => (bar ? [row.name] : [])))];
  const named = new Set(rows.flatMap(({ row, bar }) => (bar ? [row.variant] : [])));
  // Last, so that the others have the same colours whether it is there or not.
  const variants = [...named].sort((a, b) => Number(a === 'reference') - Number(b === 'reference'));
  const curves = variants.map((variant): Curve => {
    const own = rows.flatMap(({ row, bar }) =>
      bar && row.variant === variant ? [{ ...bar, y: names.indexOf(row.name) }] : [],
    );
    return {
      name: variant,
      role: 'smooth',
      x: own.map(({ value }) => value),
      y: own.map(({ y }) => y),
      band: [own.map(({ low }) => low), own.map(({ high }) => high)],
    };
  });
  // A noisy interval runs out of the frame rather than flatten all bars.
  const highest = 1.1 * Math.max(1, ...curves.flatMap(({ x }) => x).filter(Number.isFinite));
  return {
    kind: 'bar',
    x: { label, domain: [0, highest] },
    y: {
      label:
        view.suite === 'kernels'
          ? { en: 'Call', ko: '호출', ja: '呼び出し' }
          : { en: 'Network', ko: '신경망', ja: 'ネットワーク' },
      names,
    },
    curves,
  };
}

function isWorthABar({ gflops, medianUs }: BenchViewRow): boolean {
  return gflops === undefined || 1000 * gflops * medianUs >= WORTH;
}
