// Flags that several commands share, and how their values are read.

import {
  availableVariants,
  didYouMean,
  type Experiment,
  experiments,
  findExperiment,
  langs,
  nearest,
  type Option,
  OptionError,
  parseOption,
  seedOption,
  UnknownExperimentError,
  type Variant,
  variants,
} from '@descent/experiments';
import { Argument, type Command, Option as Flag } from 'commander';
import { type Exit, usageError, withoutTag } from './exit.ts';
import { self } from './terminal/terminal.ts';

export const dataFlag = () =>
  new Flag(
    '--data <mnist|DIR>',
    'mnist, or a folder with the IDX or CSV files of a data set, gzipped or not; DIR/emnist-letters for one of several',
  );

export const jobsFlag = () =>
  new Flag('--jobs <n>', 'number of threads; does not change the results [default: number of cores]');

export const variantFlag = () =>
  withChoices(
    new Flag('--variant <name>', `build of the kernels [default: ${availableVariants()[0]}]`),
    Object.keys(variants),
  );

/** Creates `--queue`. An address in the environment keeps its password out of `ps`; an empty one counts as none. */
export function queueFlag(effect: string): Flag {
  const flag = new Flag('--queue <url>', `${effect}: redis://[name:password@]host[:port][/db], rediss:// for TLS`);
  return process.env.DESCENT_QUEUE === '' ? flag : flag.env('DESCENT_QUEUE');
}

export const langFlag = () => choiceFlag('--lang <lang>', 'language of the output', langs).default('en', 'en');

/** Creates a flag with a few values; the error for another value suggests the nearest. */
export function choiceFlag(flags: string, description: string, choices: readonly string[]): Flag {
  const flag = withChoices(new Flag(flags, description), choices);
  return flag.argParser((typed) => parseOption(flag.attributeName(), choiceOption(choices), typed));
}

/** Creates an argument with a few values. */
export const choiceArgument = (name: string, description: string, choices: readonly string[]) =>
  withChoices(new Argument(name, description), choices);

/**
 * Sets the values that help and completion list. `choices()` of commander would check them as well, without a
 * suggestion.
 */
function withChoices<T extends Flag | Argument>(flag: T, choices: readonly string[]): T {
  flag.argChoices = [...choices];
  return flag;
}

const noText = { label: { en: '', ko: '', ja: '' }, help: { en: '', ko: '', ja: '' } };
const choiceOption = (choices: readonly string[]): Option => ({ kind: 'enum', choices, default: '', ...noText });

const numbers = {
  jobs: { kind: 'int', min: 1, max: 256, default: 1, ...noText },
  checkpointEvery: { kind: 'float', min: 0, max: 86_400, default: 2, ...noText },
  patience: { kind: 'float', min: 0.5, max: 3_600, default: 10, ...noText },
  seeds: { kind: 'int', min: 1, max: 1_000, default: 1, ...noText },
  port: { kind: 'int', min: 0, max: 65_535, default: 8_421, ...noText },
  seed: seedOption,
} as const satisfies Record<string, Option>;

/** Reads the number of a flag; without a value, returns the default. */
export function readNumber(name: keyof typeof numbers, typed: unknown): number {
  const option = numbers[name];
  return typed === undefined ? option.default : parseOption(name, option, typed);
}

/** Converts an `OptionError` of an experiment to an `Exit` with a hint; returns any other error as it is. */
export function toUsageError(error: unknown, experiment: string): unknown {
  if (!(error instanceof OptionError)) return error;
  return usageError(withoutTag(error.message), `${self} run ${experiment} --help shows every option with its range`);
}

export const badValue = (flag: string, value: string, expected: string) =>
  usageError(`${flag} expects ${expected} but got ${value}`);

/** Creates the error for a word that is not one of a few; it suggests the nearest. */
export const badChoice = (flag: string, value: string, choices: readonly string[], where = ''): Exit =>
  badValue(flag, value + didYouMean(nearest(value, choices)), `one of ${choices.join(', ')}${where}`);

const RELAXED = 'relaxed-simd';

const relaxedRemoved = (subject: string) =>
  usageError(
    `${subject} is no longer supported: its results depended on the processor and could not be verified`,
    'all other variants give the same results everywhere; run the experiment again without --variant',
  );

/** @throws Exit if a run was made with a variant of earlier versions, so that it cannot be replayed or resumed */
export function checkReplayable(variant: Variant | 'relaxed-simd'): asserts variant is Variant {
  if (variant === RELAXED) throw relaxedRemoved('a run with the variant relaxed-simd');
}

/** Returns a variant that this engine supports; without a name the fastest. */
export function readVariant(typed: string | undefined): Variant {
  const available = availableVariants();
  if (typed === undefined) return available[0] as Variant;
  if (typed === RELAXED) throw relaxedRemoved('--variant relaxed-simd');
  const variant = parseOption('variant', choiceOption(Object.keys(variants)), typed) as Variant;
  if (available.includes(variant)) return variant;
  const hint = `it supports ${available.join(', ')}; ${self} doctor shows why`;
  throw usageError(`this engine does not support --variant ${variant}`, hint);
}

export function readExperiment(name: string): Experiment {
  try {
    return findExperiment(name);
  } catch (error) {
    if (!(error instanceof UnknownExperimentError)) throw error;
    const names = experiments.map((experiment) => experiment.name);
    throw usageError(`there is no experiment ${name}${didYouMean(error.nearest)}`, `experiments: ${names.join(', ')}`);
  }
}

/** Returns whether a word is the flag. */
export const isFlag = ({ long, short }: Flag, word: string | undefined) => word === long || word === short;

/** Finds the experiment in words that have not been parsed yet; the value of a flag is skipped. */
export function findExperimentIn(words: readonly string[], command: Command): Experiment | undefined {
  const isValue = (at: number) =>
    command.options.some((flag) => at > 0 && flag.required && isFlag(flag, words[at - 1]));
  const name = words.find((word, at) => !isValue(at) && experiments.some((experiment) => experiment.name === word));
  return experiments.find((experiment) => experiment.name === name);
}

/** Returns the value of a flag in words that have not been parsed yet. */
export function peek(words: readonly string[], flag: string): string | undefined {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  return words[at]?.includes('=') ? words[at]?.slice(flag.length + 1) : words[at + 1];
}
