// Claims: statements about learning that each run, or several runs together, test statistically.
import { type Mark, mergeMarks } from '../figure/marks.ts';
import type { Text } from '../text.ts';
import type { RunRecord, Verdict } from './record.ts';
import { mean } from './series.ts';

type Numbers = Readonly<Record<string, number>>;

/** The result of a claim's test on one run. */
export interface Finding {
  /** Effect sizes by name. The run supports the claim if all are above 0; NaN does not support it. */
  readonly effects: Readonly<Record<string, number>>;
  /** Other numbers to show. */
  readonly evidence?: Readonly<Record<string, number>>;
  /** What was averaged, in the figures of the experiment. */
  readonly marks?: readonly Mark[];
}

/** A statement about the result of an experiment, with its test. */
export interface Claim {
  /** Unique within the experiment: `adam-beats-sgd`. */
  readonly id: string;
  /** The statement if it holds. */
  readonly text: Text;
  /** The statement if it does not hold. */
  readonly otherwise: Text;
  /** Returns whether the claim applies to runs with these options. Default: it applies to all runs. */
  appliesTo?(options: RunRecord['options']): boolean;
  /** Tests a run. A missing or diverged arm gives NaN. */
  test(record: RunRecord): Finding;
}

/**
 * Tests every claim that applies to the runs of one experiment at one or more seeds. At one seed a claim holds if every
 * effect is above 0. At several seeds it holds if the 95 % t interval of the mean of every effect is above 0; arms are
 * paired by seed. The evidence then includes the mean of each effect with the ends of its interval (`…Low`, `…High`),
 * the number of seeds and the number of seeds at which the claim holds alone. Numbers that could not be measured are
 * left out.
 */
export function verdicts(claims: readonly Claim[], records: readonly RunRecord[]): Verdict[] {
  return assessClaims(claims, records).map(({ verdict }) => verdict);
}

/** An effect of a claim at one or more seeds. */
export interface Effect {
  /** Name as in the verdict; see `measureName`. */
  readonly name: string;
  /** One value per seed. */
  readonly values: readonly number[];
  /** Their mean. */
  readonly mean: number;
  /** The 95 % interval of the mean. At one seed both ends are the value. */
  readonly interval: readonly [low: number, high: number];
}

/** A verdict with the effects that decide it. */
export interface Assessment {
  /** The verdict, as in a record. */
  readonly verdict: Verdict;
  /** Its effects. */
  readonly effects: readonly Effect[];
  /** What was averaged, in the figures of the experiment. */
  readonly marks: readonly Mark[];
}

/** Tests every claim as `verdicts` does, and also returns the effects at each seed. */
export function assessClaims(claims: readonly Claim[], records: readonly RunRecord[]): Assessment[] {
  const [first] = records;
  return claims
    .filter((claim) => !first || (claim.appliesTo?.(first.options) ?? true))
    .map((claim) => assessClaim(claim, records));
}

function assessClaim(claim: Claim, records: readonly RunRecord[]): Assessment {
  const findings = records.map((record) => claim.test(record));
  const effects = toColumns(findings.map((finding) => finding.effects)).map(
    ([name, values]): Effect => ({ name, values, mean: mean(values), interval: confidenceInterval(values) }),
  );
  const evidence = toColumns(findings.map((finding) => finding.evidence ?? {}));
  const holds = findings.length > 0 && effects.every(({ interval: [low] }) => low > 0);
  const numbers: [string, number][] = [
    ...effects.map((effect): [string, number] => [effect.name, effect.mean]),
    ...evidence.map(([name, values]): [string, number] => [name, mean(values)]),
  ];
  if (findings.length > 1) {
    for (const { name, interval } of effects) numbers.push([`${name}Low`, interval[0]], [`${name}High`, interval[1]]);
    const supporting = findings.filter((finding) => Object.values(finding.effects).every((effect) => effect > 0));
    numbers.push(['seeds', findings.length], ['holdsIn', supporting.length]);
  }
  const finite = numbers
    .map(([name, value]): [string, number] => [name, Math.fround(value)])
    .filter(([, value]) => Number.isFinite(value));
  const text = holds ? claim.text : claim.otherwise;
  const verdict = { id: claim.id, text, holds, evidence: Object.fromEntries(finite) };
  return { verdict, effects, marks: mergeMarks(findings.map(({ marks = [] }) => marks)) };
}

/** Returns each name with its values at all seeds. */
function toColumns(rows: readonly Numbers[]): [name: string, values: number[]][] {
  return Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name] as number)]);
}

/** The 0.975 quantiles of Student's t distribution for 1, 2, … degrees of freedom. */
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * Computes the 95 % confidence interval of the mean: m ± t · s / √n, with t for n − 1 degrees of freedom. Above 30
 * degrees of freedom, t for 30 is used, which makes the interval slightly wider. For a single value both ends are that
 * value.
 */
export function confidenceInterval(values: readonly number[]): [low: number, high: number] {
  const { length } = values;
  const center = mean(values);
  if (length < 2) return [center, center];
  let squares = 0;
  for (const value of values) squares += (value - center) * (value - center);
  const quantile = QUANTILES[Math.min(length - 1, QUANTILES.length) - 1] as number;
  const reach = quantile * Math.sqrt(squares / (length - 1) / length);
  return [center - reach, center + reach];
}

/** A number of a verdict. */
export interface EvidenceRow {
  /** Name as in the verdict; see `measureName`. */
  readonly name: string;
  /** The value of the run, or the mean over seeds. */
  readonly value: number;
  /** Confidence interval of the mean over several seeds. */
  readonly interval?: readonly [low: number, high: number];
}

/** Returns the numbers of a verdict in its order. The ends of an interval are in the row of their mean. */
export function evidenceTable({ evidence }: Pick<Verdict, 'evidence'>): EvidenceRow[] {
  return Object.entries(evidence).flatMap(([name, value]) => {
    const stem = name.replace(/(?:Low|High)$/, '');
    if (stem !== name && `${stem}Low` in evidence && stem in evidence) return [];
    const [low, high] = [evidence[`${name}Low`], evidence[`${name}High`]];
    return [
      low === undefined || high === undefined ? { name, value } : { name, value, interval: [low, high] as const },
    ];
  });
}
