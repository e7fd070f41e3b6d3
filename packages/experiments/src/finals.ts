// Where the arms came to: one row an arm, one column a measure, over several seeds the mean and the span.
import type { ArmRecord, RunRecord } from './record.ts';
import { mean } from './series.ts';
import type { Lang, Text } from './text.ts';

/** A measure of an arm over the seeds at which it has one. */
export interface Summary {
  readonly values: readonly number[];
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface FinalRow {
  readonly arm: string;
  /** In the order of the measures; undefined where the arm has none. */
  readonly cells: readonly (Summary | undefined)[];
  /** The arm at every seed. */
  readonly runs: readonly ArmRecord[];
}

export function finalsOf(records: readonly RunRecord[]): { measures: string[]; rows: FinalRow[] } {
  const measures = [...new Set(records.flatMap(({ arms }) => arms.flatMap(({ final }) => Object.keys(final))))];
  const rows = (records[0]?.arms ?? []).map(({ name }) => {
    const runs = records.flatMap(({ arms }) => arms.filter((arm) => arm.name === name));
    return {
      arm: name,
      runs,
      cells: measures.map((measure) => summaryOf(runs.flatMap(({ final }) => final[measure] ?? []))),
    };
  });
  return { measures, rows };
}

function summaryOf(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  return { values, mean: mean(values), low: Math.min(...values), high: Math.max(...values) };
}

/** `0.512`, or over several seeds `0.512 (0.507–0.52)`; a dash where there is none. */
export function formatSummary(summary: Summary | undefined, isOne: boolean): string {
  if (!summary) return '—';
  if (isOne) return short(summary.mean);
  const { mean: middle, low, high } = summary;
  return [middle, low, high].every(Number.isFinite) ? `${short(middle, 3)} (${short(low, 3)}–${short(high, 3)})` : '—';
}

/** Four digits are enough to read. */
export function short(value: number, digits = 4): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value);
}

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
  weightDecay: text('weight decay', '가중치 감소', '荷重減衰'),
  mean: text('mean', '평균', '平均'),
  std: text('std', '표준편차', '標準偏差'),
  saturated: text('saturated', '포화 비율', '飽和の割合'),
};

/** `trainLoss` → `train loss`; a measure of whose words we have none is spaced likewise. */
export function measureName(measure: string, lang: Lang): string {
  return names[measure]?.[lang] ?? measure.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** How an arm ended at one seed or several, where it did not finish: `diverged at step 12 (Linear, 0.weight.grad)`. */
export function endingOf(runs: readonly ArmRecord[], lang: Lang): string {
  const diverged = runs.find(({ status }) => status === 'diverged');
  if (diverged) return divergedAt(diverged.divergence, lang);
  return runs.some(({ status }) => status === 'interrupted') ? text('interrupted', '중단됨', '中断')[lang] : '';
}

/** As exactly as the record knows. */
function divergedAt(divergence: ArmRecord['divergence'], lang: Lang): string {
  if (!divergence) return text('diverged', '발산', '発散')[lang];
  const { step, layer, tensor } = divergence;
  const at = text(`diverged at step ${step}`, `${step}스텝에서 발산`, `ステップ ${step} で発散`)[lang];
  const where = [layer, tensor].filter(Boolean).join(', ');
  return where === '' ? at : `${at} (${where})`;
}
