// What stands in the form: texts as they are typed, read and checked by the option schema of the experiment.
import {
  describeRange,
  type Experiment,
  formatOption,
  type Lang,
  type Option,
  OptionError,
  type Options,
  type OptionValue,
  parseOption,
  parseOptions,
  type Schema,
  seedOption,
} from '@descent/experiments';
import { words } from '../text/words.ts';

export type Typed = Readonly<Record<string, string>>;

/** What a control shows of one option, and whom it tells of what is typed. */
export interface FieldProps<O extends Option = Option> {
  readonly name: string;
  readonly option: O;
  readonly fault: string | undefined;
  readonly onType: (value: string) => void;
}

/** What a run can be asked for: the seed, and the experiment's own. */
export function schemaOf(experiment: Experiment): Schema {
  return { seed: seedOption, ...experiment.options };
}

export function typedFrom(options: Readonly<Record<string, OptionValue>>): Typed {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, formatOption(value)]));
}

/** The defaults, under a dialect or preset where the schema has these. */
export function defaultsOf(schema: Schema, typed: Typed = {}): Typed {
  const choices = ['dialect', 'preset'].filter((name) => name in schema && typed[name] !== undefined);
  return typedFrom(parseOptions(schema, Object.fromEntries(choices.map((name) => [name, typed[name]]))));
}

/**
 * One value typed. Where it is the dialect, what stood at its default goes to the new default; a preset sets all that it has
 * a default for.
 */
export function withTyped(schema: Schema, typed: Typed, name: string, value: string): Typed {
  const next = { ...typed, [name]: value };
  if (name !== 'dialect' && name !== 'preset') return next;
  const [before, after] = [defaultsOf(schema, typed), defaultsOf(schema, next)];
  const moved = Object.entries(schema).flatMap(([key, option]) => {
    const isSet = name === 'preset' && option.presets !== undefined;
    return key !== name && (isSet || typed[key] === before[key]) ? [key] : [];
  });
  return { ...next, ...Object.fromEntries(moved.map((key) => [key, after[key] as string])) };
}

/** Options whose text is out of range, or does not fit the others, each with a sentence. */
export function faultsOf(experiment: Experiment, typed: Typed, lang: Lang = 'en'): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const collect = (check: () => void, range?: string) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      faults.set(error.option, error.text?.[lang] ?? words.expected(range ?? error.message)[lang]);
    }
  };
  for (const [name, option] of Object.entries(schemaOf(experiment)))
    collect(() => parseOption(name, option, typed[name]), describeRange(option, lang));
  if (faults.size === 0) collect(() => experiment.check?.(readTyped(experiment, typed).options as never));
  return faults;
}

/** @throws OptionError where a text is out of range */
export function readTyped(experiment: Experiment, typed: Typed): { options: Options; seed: number } {
  const { seed, ...options } = parseOptions(schemaOf(experiment), typed) as Options & { seed: number };
  return { options, seed };
}
