// What the pages say in numbers: taken from records once, kept in docs/experiments/numbers.json, and set from there.
import {
  type Figure,
  figuresOver,
  finalTable,
  findExperiment,
  type RunRecord,
  type Text,
  type Verdict,
  verdicts,
} from '@descent/experiments';
import type { Setting } from './settings.ts';

/** Mean, lowest and highest over the seeds. */
type Span = readonly [mean: number, low: number, high: number];

export interface SettingNumbers {
  readonly options: RunRecord['options'];
  readonly seeds: readonly number[];
  /** Of the record of each seed: where bits change, these numbers are old. */
  readonly digests: readonly string[];
  readonly claims: readonly Pick<Verdict, 'id' | 'holds' | 'evidence'>[];
  /** Arm → measure → where it came to; left out of runs with very many arms. */
  readonly finals: Readonly<Record<string, Readonly<Record<string, Span>>>>;
  /** Of the ways to set one seed's second arm against another seed's first: how many would mislead. */
  readonly unpaired?: { readonly misleading: number; readonly of: number; readonly worst: number };
  readonly captions: Readonly<Record<string, Text>>;
}

export interface Numbers {
  readonly format: 'descent-docs/1';
  readonly settings: Readonly<Record<string, SettingNumbers>>;
}

const MOST_ARMS = 40;

export function numbersOf(setting: Setting, records: readonly RunRecord[]): SettingNumbers {
  const experiment = findExperiment(setting.experiment);
  const [first] = records as readonly [RunRecord, ...RunRecord[]];
  const unpaired = unpairedOf(records, setting);
  return {
    options: first.options,
    seeds: records.map(({ seed }) => seed),
    digests: records.map(({ digest }) => digest),
    claims: verdicts(experiment.claims, records).map(({ id, holds, evidence }) => ({
      id,
      holds,
      evidence: Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, brief(value)])),
    })),
    finals: first.arms.length > MOST_ARMS ? {} : finalSpans(records),
    ...(unpaired && { unpaired }),
    captions: captionsOf(setting, figuresOver(experiment, records)),
  };
}

/** Six digits are more than any page shows. */
const brief = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(6)) : 0);

function finalSpans(records: readonly RunRecord[]): SettingNumbers['finals'] {
  const { measures, rows } = finalTable(records);
  const spans = rows.map(({ arm, cells }) => [
    arm,
    Object.fromEntries(
      cells.flatMap((cell, i) => (cell ? [[measures[i], [cell.mean, cell.low, cell.high].map(brief)]] : [])),
    ),
  ]);
  return Object.fromEntries(spans);
}

function captionsOf({ figures }: Setting, drawn: readonly Figure[]): Record<string, Text> {
  return Object.fromEntries(drawn.filter(({ id }) => figures.includes(id)).map(({ id, caption }) => [id, caption]));
}

/** Only of experiments whose claims compare test accuracy without and with something. */
function unpairedOf(records: readonly RunRecord[], { experiment }: Setting): SettingNumbers['unpaired'] {
  const findings = findExperiment(experiment).claims.map((claim) =>
    records.map((record) => claim.test(record).evidence),
  );
  const pairs = findings.find((evidence) => evidence[0]?.testWith !== undefined);
  if (!pairs) return undefined;
  const gains = pairs.flatMap((on, i) =>
    pairs.filter((_, j) => j !== i).map((off) => (on?.testWith ?? 0) - (off?.testWithout ?? 0)),
  );
  const isRise = pairs.reduce((sum, each) => sum + (each?.testWith ?? 0) - (each?.testWithout ?? 0), 0) > 0;
  const wrong = gains.filter((gain) => (isRise ? gain <= 0 : gain >= 0));
  const worst = wrong.reduce((most, gain) => (Math.abs(gain) > Math.abs(most) ? gain : most), 0);
  return { misleading: wrong.length, of: gains.length, worst: brief(worst) };
}
