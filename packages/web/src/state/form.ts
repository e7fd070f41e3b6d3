// The values of the form as typed, parsed and checked by the option schema of the experiment.

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
import { message } from '../i18n/index.ts';

export type FormValues = Readonly<Record<string, string>>;

/** Props of the control of one option. */
export interface FieldProps<O extends Option = Option> {
  readonly name: string;
  readonly option: O;
  readonly error: string | undefined;
  readonly onInput: (value: string) => void;
}

/** Returns the options of the form: the seed and the options of the experiment. */
export function getFormSchema(experiment: Experiment): Schema {
  return { seed: seedOption, ...experiment.options };
}

export function toFormValues(options: Readonly<Record<string, OptionValue>>): FormValues {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, formatOption(value)]));
}

/** Returns the default values for the chosen dialect and preset, if the schema has these options. */
export function getDefaultValues(schema: Schema, typed: FormValues = {}): FormValues {
  const choices = ['dialect', 'preset'].filter((name) => name in schema && typed[name] !== undefined);
  return toFormValues(parseOptions(schema, Object.fromEntries(choices.map((name) => [name, typed[name]]))));
}

/**
 * Returns the values after one has changed. A new dialect moves values that were at their default to the new default.
 * A new preset sets every option that it defines.
 */
export function setFormValue(schema: Schema, typed: FormValues, name: string, value: string): FormValues {
  const next = { ...typed, [name]: value };
  if (name !== 'dialect' && name !== 'preset') return next;
  const [before, after] = [getDefaultValues(schema, typed), getDefaultValues(schema, next)];
  const moved = Object.entries(schema).flatMap(([key, option]) => {
    const isSet = name === 'preset' && option.presets !== undefined;
    return key !== name && (isSet || typed[key] === before[key]) ? [key] : [];
  });
  return { ...next, ...Object.fromEntries(moved.map((key) => [key, after[key] as string])) };
}

/** Returns an error message per option whose value is out of range or does not fit the other options. */
export function findErrors(experiment: Experiment, typed: FormValues, lang: Lang = 'en'): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const collect = (check: () => void, range?: string) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      faults.set(error.option, error.text?.[lang] ?? message('expected', { range: range ?? error.message })[lang]);
    }
  };
  for (const [name, option] of Object.entries(getFormSchema(experiment)))
    collect(() => parseOption(name, option, typed[name]), describeRange(option, lang));
  if (faults.size === 0) collect(() => experiment.check?.(parseForm(experiment, typed).options as never));
  return faults;
}

/** @throws OptionError if a value is out of range */
export function parseForm(experiment: Experiment, typed: FormValues): { options: Options; seed: number } {
  const { seed, ...options } = parseOptions(getFormSchema(experiment), typed) as Options & { seed: number };
  return { options, seed };
}
