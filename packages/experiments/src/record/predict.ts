// A question that a reader can answer before a run, and that the record of the run decides.
import { type Text, toText } from '../text.ts';
import { curveName } from './measure-name.ts';
import type { RunRecord } from './record.ts';

/** An answer to choose. */
export interface PredictChoice {
  /** Kept by the page. */
  readonly id: string;
  /** As on its button. */
  readonly label: Text;
}

/** A question with two to five answers about a value that the record contains but the figures do not show at once. */
export interface Predict {
  /** The question. */
  readonly question: Text;
  /** The answers. */
  readonly choices: readonly PredictChoice[];
  /** What is measured: `test accuracy`. */
  readonly measure: Text;
  /**
   * Which choice is right: that with the lowest or the highest value, that with the value closest to a number, or, for a list
   * of bounds, the choice whose interval contains the value.
   */
  readonly best: 'lowest' | 'highest' | number | readonly number[];
  /** Returns the values of the choices by id; of `value` if the choices are intervals. */
  values(record: RunRecord): Readonly<Record<string, number>>;
}

/** The right choice and the values of all. */
export interface PredictOutcome {
  /** The id of the right choice. */
  readonly winner: string;
  /** Finite values by id, best first. A single one if the choices are intervals. */
  readonly values: ReadonlyMap<string, number>;
}

/** Returns the outcome; undefined if the record has no values to compare. */
export function decide({ best, choices, values }: Predict, record: RunRecord): PredictOutcome | undefined {
  const found = Object.entries(values(record)).filter(([, value]) => Number.isFinite(value));
  if (typeof best === 'object') {
    const value = found[0]?.[1];
    const winner = value === undefined ? undefined : choices[best.filter((bound) => value >= bound).length];
    return winner && value !== undefined ? { winner: winner.id, values: new Map([[winner.id, value]]) } : undefined;
  }
  const distance = (value: number) =>
    best === 'lowest' ? value : best === 'highest' ? -value : Math.abs(value - best);
  const sorted = found.sort(([, a], [, b]) => distance(a) - distance(b));
  const [winner] = sorted[0] ?? [];
  return winner === undefined || sorted.length < 2 ? undefined : { winner, values: new Map(sorted) };
}

/** Returns choices that are arms, or curves, of these names. */
export function namedChoices(names: readonly string[]): readonly PredictChoice[] {
  return names.map((name) => ({ id: name, label: toText((lang) => curveName(name, lang)) }));
}

/** Returns the values of arms at the end of a run by name. */
export function finalValues({ arms }: RunRecord, measure: string): Readonly<Record<string, number>> {
  return Object.fromEntries(arms.map(({ name, final }) => [name, final[measure] ?? Number.NaN]));
}
