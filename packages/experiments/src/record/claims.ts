// Claims: sentences about learning that a run tests on itself, and several runs together.

import type { Text } from '../text.ts';
import { confidenceInterval } from './interval.ts';
import type { RunRecord, Verdict } from './record.ts';
import { mean } from './series.ts';

type Numbers = Readonly<Record<string, number>>;

/** What a claim finds in one run. */
export interface Finding {
  /** By how much the run speaks for the claim, in each way in which it must: above 0 for it, else (or NaN) against it. */
  readonly effects: Readonly<Record<string, number>>;
  /** The other numbers that a reader wants to see. */
  readonly evidence?: Readonly<Record<string, number>>;
}

/** A sentence about the outcome of an experiment, with its test. */
export interface Claim {
  /** Unique within the experiment, fit for a key: `adam-beats-sgd`. */
  readonly id: string;
  /** The sentence a reader takes home where it holds. */
  readonly text: Text;
  /** What may be said where it does not. */
  readonly otherwise: Text;
  /** Returns whether the claim applies to runs with these options. Default: it applies to all runs. */
  appliesTo?(options: RunRecord['options']): boolean;
  /** An arm that is missing or diverged gives NaN, which holds nowhere. */
  test(record: RunRecord): Finding;
}

/**
 * Every claim that applies to the runs of one experiment at one or more seeds. At one seed it holds where every effect is
 * above 0. Over several, whose arms are paired seed by seed, it holds where the 95 % t interval of every effect's mean lies
 * above 0; the evidence then has each effect's mean with the interval's ends (`…Low`, `…High`), how many seeds there are
 * and in how many of them the claim holds alone. Evidence has no NaN: a number that could not be measured is left out.
 */
export function verdicts(claims: readonly Claim[], records: readonly RunRecord[]): Verdict[] {
  const [first] = records;
  return claims
    .filter((claim) => !first || (claim.appliesTo?.(first.options) ?? true))
    .map((claim) => evaluateClaim(claim, records));
}

function evaluateClaim(claim: Claim, records: readonly RunRecord[]): Verdict {
  const findings = records.map((record) => claim.test(record));
  const effects = toColumns(findings.map((finding) => finding.effects));
  const evidence = toColumns(findings.map((finding) => finding.evidence ?? {}));
  const intervals = effects.map(([name, values]) => [name, confidenceInterval(values)] as const);
  const holds = findings.length > 0 && intervals.every(([, [low]]) => low > 0);
  const isPaired = findings.length > 1;
  const holdsIn = findings.filter((finding) => Object.values(finding.effects).every((effect) => effect > 0)).length;
  const numbers: [string, number][] = [
    ...[...effects, ...evidence].map(([name, values]): [string, number] => [name, mean(values)]),
    ...(isPaired ? intervals.flatMap(([name, [low, high]]) => toIntervalEnds(name, low, high)) : []),
    ...(isPaired
      ? ([
          ['seeds', findings.length],
          ['holdsIn', holdsIn],
        ] as [string, number][])
      : []),
  ];
  return {
    id: claim.id,
    text: holds ? claim.text : claim.otherwise,
    holds,
    evidence: Object.fromEntries(
      numbers.map(([name, value]) => [name, Math.fround(value)] as const).filter(([, value]) => Number.isFinite(value)),
    ),
  };
}

function toIntervalEnds(name: string, low: number, high: number): [string, number][] {
  return [
    [`${name}Low`, low],
    [`${name}High`, high],
  ];
}

/** Name → its value at each seed. */
function toColumns(rows: readonly Numbers[]): [name: string, values: number[]][] {
  return Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name] as number)]);
}
