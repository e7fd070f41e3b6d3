// What an experiment is: data and one small function. Front ends know experiments by this shape only.

import type { Lesson } from './catalog/shared/lesson.ts';
import type { Figure } from './figure/figure.ts';
import { type Options, parseOptions, type Schema } from './options/options.ts';
import type { Claim } from './record/claims.ts';
import type { RunRecord } from './record/record.ts';
import type { Study } from './search/study.ts';
import type { Text } from './text.ts';
import type { ArmSpec } from './training/arm.ts';

/** A question about learning, the trainings that answer it, and how to draw and to read what comes of them. */
export interface Experiment<S extends Schema = Schema> {
  /** As the study note spells it: `optimizer_compare_mnist`. */
  readonly name: string;
  /** Three to six words, for a heading. */
  readonly title: Text;
  /** What a reader should be able to answer after the run. */
  readonly question: Text;
  /** What to know before it runs. */
  readonly lesson: Lesson;
  /** The data its arms train on: images with labels, or none. */
  readonly data: 'mnist' | 'none';
  /** Its settings: flags, form fields, permalinks and validation all follow from them. */
  readonly options: S;
  /** Two options that are a point on its maps: a page lets a reader drag it, and runs again at once. */
  readonly point?: readonly [x: string, y: string];
  /** Independent trainings, in the order of the legend; of a search those that are known before any has been made. */
  arms(options: Options<S>, seed: number): ArmSpec[];
  /**
   * Refuses values that are valid one by one but cannot work together, before anything starts.
   * @throws OptionError that names the options
   */
  check?(options: Options<S>): void;
  /**
   * What is searched and how, where the experiment is a search. `scheduleOf` has all its trainings.
   */
  study?(options: Options<S>): Study;
  /** Drawn from the record alone, so that no two front ends can disagree. */
  figures(record: RunRecord): Figure[];
  /** Sentences that every run tests on its own numbers. */
  readonly claims: readonly Claim[];
}

/** Gives `arms` the types of the schema beside it. */
export function defineExperiment<const S extends Schema>(experiment: Experiment<S>): Experiment<S> {
  return experiment;
}

/**
 * Values of the options, strings as they are typed or as they are; missing ones take their defaults.
 * @throws OptionError where one is out of its range, or some together make no sense
 */
export function parseExperimentOptions<S extends Schema>(
  { options: schema, check }: Pick<Experiment<S>, 'options' | 'check'>,
  raw: Readonly<Record<string, unknown>>,
): Options<S> {
  const options = parseOptions(schema, raw);
  check?.(options);
  return options;
}
