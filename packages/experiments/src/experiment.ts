// The interface of an experiment, which is all that the command line and the page use of it.

import type { Lesson } from './catalog/shared/lesson.ts';
import { noteDivergence } from './figure/divergence-notes.ts';
import type { Figure } from './figure/figure.ts';
import { type Options, parseOptions, type Schema } from './options/options.ts';
import type { Claim } from './record/claims.ts';
import type { Predict } from './record/predict.ts';
import type { RunRecord } from './record/record.ts';
import type { Study } from './search/study.ts';
import type { Text } from './text.ts';
import type { ArmSpec } from './training/arm.ts';

/** What an experiment is about. */
export type Heading = Pick<Experiment, 'title' | 'question'>;

/** Returns title and question of an experiment with some options. */
export function headingOf(experiment: Experiment, options: Readonly<Record<string, unknown>>): Heading {
  return experiment.heading?.(options) ?? experiment;
}

/** A question about learning, the arms whose training answers it, and figures and claims about the results. */
export interface Experiment<S extends Schema = Schema> {
  /** In snake case, as in the study note: `optimizer_compare_mnist`. */
  readonly name: string;
  /** The section of the book, such as `6.1.8`; missing if the experiment goes beyond the book. */
  readonly section?: string;
  /** A heading of three to six words. */
  readonly title: Text;
  /** The question that the run answers. */
  readonly question: Text;
  /** Returns title and question with some options, if they depend on them. */
  heading?(options: Readonly<Record<string, unknown>>): Heading;
  /** What a reader should know before the run. */
  readonly lesson: Lesson;
  /** The data of its arms: labeled images, or none. */
  readonly data: 'mnist' | 'none';
  /** Whether the results depend on the seed [default: true]. */
  readonly isSeeded?: boolean;
  /** The options, from which flags, form fields, permalinks and validation follow. */
  readonly options: S;
  /** Two options that are the coordinates of a point in its figures. Readers can drag it on the page. */
  readonly point?: readonly [x: string, y: string];
  /** Returns the independent arms, in the order of the legend; for a search the arms of the first round. */
  arms(options: Options<S>, seed: number): ArmSpec[];
  /**
   * Checks combinations of options that are valid individually.
   * @throws OptionError if they do not work together
   */
  check?(options: Options<S>): void;
  /** Returns the study, if the experiment is a search. `createSchedule` schedules its trials. */
  study?(options: Options<S>): Study;
  /** Creates figures from the record only, so that they are the same everywhere. */
  figures(record: RunRecord): Figure[];
  /** Creates a figure that the page plays after a run, before the others. */
  race?(record: RunRecord): Figure;
  /** A question that a reader can answer before the run. */
  readonly predict: Predict;
  /** Conclusions that every run tests with its own results. */
  readonly claims: readonly Claim[];
}

/** Returns the experiment; its figures say where arms diverged. TypeScript infers the types of its options from the schema. */
export function defineExperiment<const S extends Schema>(experiment: Experiment<S>): Experiment<S> {
  const { study, figures, race } = experiment;
  if (study) return experiment;
  return {
    ...experiment,
    figures: (record) => noteDivergence(figures(record), record),
    ...(race && { race: (record) => noteDivergence([race(record)], record)[0] as Figure }),
  };
}

/** Returns the figures of the page: before those of every program the one that it plays, if there is one. */
export function pageFigures({ figures, race }: Pick<Experiment, 'figures' | 'race'>, record: RunRecord): Figure[] {
  return [...(race ? [race(record)] : []), ...figures(record)];
}

/**
 * Parses the options of an experiment, given as strings or values. Missing options have their defaults.
 * @throws OptionError if an option is out of its range, or options do not work together
 */
export function parseExperimentOptions<S extends Schema>(
  { options: schema, check }: Pick<Experiment<S>, 'options' | 'check'>,
  raw: Readonly<Record<string, unknown>>,
): Options<S> {
  const options = parseOptions(schema, raw);
  check?.(options);
  return options;
}
