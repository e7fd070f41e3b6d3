// The reader's prediction of a run. It is kept in this browser only.
import type { Predict, PredictOutcome } from '@descent/experiments';
import { signal } from '@preact/signals';
import { getStored, setStored } from './stored.ts';

/** The answer of a reader who wants no question. */
export const SKIPPED = '-';

const answers = signal<Readonly<Record<string, string>>>({});
const keyOf = (experiment: string) => `prediction-${experiment}`;

/** Returns the chosen answer to the question of an experiment; undefined if there is none. */
export function getAnswer(experiment: string): string | undefined {
  return (answers.value[experiment] ?? getStored(keyOf(experiment))) || undefined;
}

export function setAnswer(experiment: string, choice: string): void {
  answers.value = { ...answers.value, [experiment]: choice };
  setStored(keyOf(experiment), choice);
}

/** What to say about a prediction after the run. */
export interface Verdict {
  readonly key: 'predict.right' | 'predict.right-range' | 'predict.wrong' | 'predict.wrong-range';
  /** The id of the best of the other choices, or of the right one. */
  readonly other: string;
  /** The value of the right choice, and that of the other one, with as many digits as they need to differ. */
  readonly numbers: readonly string[];
}

/** Compares the chosen answer with the outcome. Undefined if the run does not contain the chosen one. */
export function judge({ best }: Predict, said: string, { winner, values }: PredictOutcome): Verdict | undefined {
  const value = values.get(winner) as number;
  if (typeof best === 'object') {
    const isRight = said === winner;
    return { key: isRight ? 'predict.right-range' : 'predict.wrong-range', other: winner, numbers: [round(value, 3)] };
  }
  if (!values.has(said)) return undefined;
  // Equal values are equally right.
  const isRight = values.get(said) === value;
  const other = isRight ? ([...values.keys()].find((id) => id !== said) as string) : said;
  const numbers = toDistinct(value, values.get(other) as number);
  return { key: isRight ? 'predict.right' : 'predict.wrong', other, numbers };
}

const round = (value: number, digits: number) => String(Number(value.toPrecision(digits)));

function toDistinct(...values: readonly [number, number]): readonly string[] {
  let digits = 2;
  while (digits < 6 && round(values[0], digits) === round(values[1], digits)) digits++;
  return values.map((value) => round(value, digits));
}
