// Compares a record with its replay and finds the first difference.
import type { ArmRecord, RunRecord, Series, Verdict } from './record.ts';

/** The first difference of two records: the first arm that differs, and its first step. */
export interface Difference {
  /** Name of the arm. Missing if the experiment, the options or the names of the arms differ. */
  readonly arm?: string;
  /** The claim whose verdict or evidence differs. */
  readonly claim?: string;
  /** The series, the histogram or the field that differs. */
  readonly field: string;
  /** The first bin that differs, from 0, if `field` is a histogram. */
  readonly bin?: number;
  /** The first step that differs, if `field` is a series. */
  readonly step?: number;
  /** The value of the record; undefined if it has none. */
  readonly expected: unknown;
  /** The value of the replay; undefined if it has none. */
  readonly got: unknown;
}

/**
 * Returns the first difference between the results of a record and its replay, or undefined if every bit agrees.
 * Environment, time and variant may differ.
 */
export function compareRecords(expected: RunRecord, got: RunRecord): Difference | undefined {
  return (
    compareFields(expected, got, ['experiment', 'options', 'seed', 'data']) ??
    compareFields({ arms: expected.arms.map(getName) }, { arms: got.arms.map(getName) }, ['arms']) ??
    first(expected.arms, (arm, index) => compareArms(arm, got.arms[index] as ArmRecord)) ??
    compareClaims(expected, got) ??
    compareFields(expected, got, ['digest'])
  );
}

/**
 * Compares verdicts and evidence, but not texts. NaN is ignored: old records have it for numbers that were not
 * measured.
 */
function compareClaims(expected: RunRecord, got: RunRecord): Difference | undefined {
  const ids = [...new Set([...expected.claims, ...got.claims].map(({ id }) => id))];
  return first(ids, (claim) => {
    const difference = compareFields(getFinding(expected, claim), getFinding(got, claim), ['holds', 'evidence']);
    return difference && { claim, ...difference };
  });
}

function getFinding({ claims }: RunRecord, claim: string): Partial<Verdict> {
  const { holds, evidence } = claims.find(({ id }) => id === claim) ?? {};
  const measured = Object.entries(evidence ?? {}).filter(([, value]) => Number.isFinite(value));
  return holds === undefined ? {} : { holds, evidence: Object.fromEntries(measured) };
}

function compareArms(expected: ArmRecord, got: ArmRecord): Difference | undefined {
  const names = [...new Set([...Object.keys(expected.series), ...Object.keys(got.series)])];
  const earliest = names
    .map((name) => compareSeries(name, expected.series[name], got.series[name]))
    .filter((difference) => difference !== undefined)
    .sort((a, b) => (a.step ?? 0) - (b.step ?? 0))[0];
  const difference =
    earliest ??
    compareHistograms(expected.histograms ?? {}, got.histograms ?? {}) ??
    compareFields(expected, got, ['status', 'divergence', 'pruned', 'final', 'digest']);
  return difference && { arm: expected.name, ...difference };
}

function compareSeries(field: string, expected?: Series, got?: Series): Difference | undefined {
  const length = Math.max(expected?.step.length ?? 0, got?.step.length ?? 0);
  for (let i = 0; i < length; i++) {
    const step = expected?.step[i] ?? got?.step[i];
    const hasSameValue = expected?.step[i] === got?.step[i] && Object.is(expected?.value[i], got?.value[i]);
    if (!hasSameValue)
      return { field, ...(step !== undefined && { step }), expected: expected?.value[i], got: got?.value[i] };
  }
  return undefined;
}

type Histograms = NonNullable<ArmRecord['histograms']>;

function compareHistograms(expected: Histograms, got: Histograms): Difference | undefined {
  return first([...new Set([...Object.keys(expected), ...Object.keys(got)])], (name) => {
    const [left, right] = [expected[name]?.counts ?? [], got[name]?.counts ?? []];
    const bins = Array.from({ length: Math.max(left.length, right.length) }, (_, bin) => bin);
    const bin = first(bins, (index) => (left[index] === right[index] ? undefined : index));
    if (bin !== undefined) return { field: name, bin, expected: left[bin], got: right[bin] };
    return compareFields(expected, got, [name]);
  });
}

function compareFields<T>(expected: T, got: T, fields: readonly (keyof T & string)[]): Difference | undefined {
  return first(fields, (field) =>
    isSame(expected[field], got[field]) ? undefined : { field, expected: expected[field], got: got[field] },
  );
}

/** Deep equality of JSON values. NaN equals NaN, −0 does not equal 0, and the order of keys does not matter. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [left, right] = [a, b] as Record<string, unknown>[] as [Record<string, unknown>, Record<string, unknown>];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isSame(left[key], right[key]));
}

function first<T, R>(items: readonly T[], find: (item: T, index: number) => R | undefined): R | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function getName({ name }: ArmRecord): string {
  return name;
}
