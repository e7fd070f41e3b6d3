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
import { type Argument, Option as Flag } from 'commander';
import { badOption, Exit, exitCodes, unknownExperiment, variantMissing } from './errors.ts';

export const dataFlag = () =>
  new Flag(
    '--data <mnist|DIR>',
    'mnist, or a folder with the IDX or CSV files of a data set, gzipped or not; DIR/emnist-letters for one of several',
  );
export const jobsFlag = () =>
  new Flag('--jobs <n>', 'threads; the result is the same for every number (default: one a core, at most one an arm)');
export function variantFlag(): Flag {
  const names = Object.keys(variants);
  const flag = new Flag(
    '--variant <name>',
    `build of the kernels: ${names.join(', ')} (default ${availableVariants()[0]})`,
  );
  choicesOf.set(flag, names);
  return flag;
}
/** An address in the environment keeps its password out of `ps`; an empty one counts as none. */
export function queueFlag(does: string): Flag {
  const flag = new Flag('--queue <url>', `${does}: redis://[name:password@]host[:port][/db], rediss:// for TLS`);
  return process.env.DESCENT_QUEUE === '' ? flag : flag.env('DESCENT_QUEUE');
}
export const langFlag = () => choiceFlag('--lang <lang>', 'language of what you read', langs).default('en', 'en');

/** The words that a flag or an argument takes, for completion. */
export const choicesOf = new WeakMap<Flag | Argument, readonly string[]>();

/** A flag that takes one of a few words; its error names the nearest. */
export function choiceFlag(flags: string, description: string, choices: readonly string[]): Flag {
  const name = flags.replace(/.*--/, '').replace(/ .*/, '');
  const flag = new Flag(flags, `${description} (one of ${choices.join(', ')})`);
  choicesOf.set(flag, choices);
  return flag.argParser((typed) => read(name, { kind: 'enum', choices, default: '', ...noText }, typed));
}

const noText = { label: { en: '', ko: '', ja: '' }, help: { en: '', ko: '', ja: '' } };

const numbers = {
  jobs: { kind: 'int', min: 1, max: 256, default: 1, ...noText },
  checkpointEvery: { kind: 'float', min: 0, max: 86_400, default: 2, ...noText },
  patience: { kind: 'float', min: 0.5, max: 3_600, default: 10, ...noText },
  seeds: { kind: 'int', min: 1, max: 1_000, default: 1, ...noText },
  port: { kind: 'int', min: 0, max: 65_535, default: 8_421, ...noText },
  seed: seedOption,
} as const satisfies Record<string, Option>;

/** A number within the range of its flag; without one typed, the default. */
export function readNumber(name: keyof typeof numbers, typed: unknown): number {
  const option = numbers[name];
  return typed === undefined ? option.default : (read(name, option, typed) as number);
}

/** The error for a word that is none of a few; it suggests the nearest. */
export function badChoice(flag: string, value: string, choices: readonly string[], where = ''): Exit {
  const message = `${flag} expects one of ${choices.join(', ')}${where} but got ${value}`;
  return new Exit(exitCodes.usage, message + didYouMean(nearest(value, choices)));
}

function read(name: string, option: Option, typed: unknown): unknown {
  try {
    return parseOption(name, option, typed);
  } catch (error) {
    if (error instanceof OptionError) throw badOption(error);
    throw error;
  }
}

const RELAXED = 'relaxed-simd';

const relaxedRemoved = (what: string) =>
  new Exit(
    exitCodes.usage,
    `${what} is not supported any more: its results depended on the processor and could not be verified`,
    'all other variants give the same results everywhere; run the experiment again without --variant',
  );

/** Refuses to replay or resume a run that was made with a variant of earlier versions. */
export function checkReplayable(variant: Variant | 'relaxed-simd'): asserts variant is Variant {
  if (variant === RELAXED) throw relaxedRemoved('a run with the variant relaxed-simd');
}

/** Returns a variant that this engine runs; the fastest where none is named. */
export function readVariant(typed: string | undefined): Variant {
  const available = availableVariants();
  if (typed === undefined) return available[0] as Variant;
  if (typed === RELAXED) throw relaxedRemoved('--variant relaxed-simd');
  const variant = read(
    'variant',
    { kind: 'enum', choices: Object.keys(variants), default: '', ...noText },
    typed,
  ) as Variant;
  if (available.includes(variant)) return variant;
  throw variantMissing(variant, available);
}

export function readExperiment(name: string): Experiment {
  try {
    return findExperiment(name);
  } catch (error) {
    if (!(error instanceof UnknownExperimentError)) throw error;
    throw unknownExperiment(
      name,
      error.nearest,
      experiments.map((experiment) => experiment.name),
    );
  }
}

/** The value that follows a flag, before anything is parsed. */
export function peek(args: readonly string[], flag: string): string | undefined {
  const at = args.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  return args[at]?.includes('=') ? args[at]?.slice(flag.length + 1) : args[at + 1];
}
