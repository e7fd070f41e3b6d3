// The options of an experiment. Flags, form fields, links, validation and docs follow from their schema.
import { message } from '../i18n/index.ts';
import { didYouMean, nearest } from '../nearest.ts';
import type { Lang, Text } from '../text.ts';

/** The groups of options in forms and in `--help`. Those of `main` come first and are always open. */
export const optionGroups = ['main', 'network', 'training', 'optimizer'] as const;
/** A group of options. */
export type OptionGroup = (typeof optionGroups)[number];

interface Described {
  /** Two or three words, as next to a form field. */
  readonly label: Text;
  /** One sentence, as in `--help`. */
  readonly help: Text;
  /** Default `training`. */
  readonly group?: OptionGroup;
  /** Returns whether the option can change the results of a run with these options; if missing, it always can. */
  readonly when?: (options: Readonly<Record<string, unknown>>) => boolean;
}

interface WithDefault<T> extends Described {
  /** The value if none is given. */
  readonly default: T;
  /** The default under `--dialect book`, if the book's value differs. */
  readonly book?: T;
  /** Defaults per choice of the option `preset`, if the schema has one. They take precedence over the book's. */
  readonly presets?: Readonly<Record<string, T>>;
}

/** An integer. */
export interface IntOption extends WithDefault<number> {
  /** The discriminant. */
  readonly kind: 'int';
  /** The smallest allowed value. */
  readonly min: number;
  /** The largest allowed value. */
  readonly max: number;
  /** `log` if its stepper doubles and halves it. By default it adds and subtracts 1. */
  readonly scale?: 'log';
}

/** A number. */
export interface FloatOption extends WithDefault<number> {
  /** The discriminant. */
  readonly kind: 'float';
  /** The smallest allowed value. */
  readonly min: number;
  /** The largest allowed value. */
  readonly max: number;
  /** The ends of its slider [default: min and max]. Other allowed values can be typed. */
  readonly slider?: readonly [low: number, high: number];
  /** The scale of its slider, by default linear. */
  readonly scale?: 'log';
}

/** One of several names. */
export interface EnumOption<C extends string = string> extends WithDefault<C> {
  /** The discriminant. */
  readonly kind: 'enum';
  /** The allowed values. */
  readonly choices: readonly C[];
}

/** A list of integers: `100,100,50`, `100x4` for four times 100, or `none`. `min` and `max` bound each of them. */
export interface IntsOption extends WithDefault<readonly number[]> {
  /** The discriminant. */
  readonly kind: 'ints';
  /** The smallest allowed item. */
  readonly min: number;
  /** The largest allowed item. */
  readonly max: number;
  /** The least number of items. */
  readonly minLength: number;
  /** The greatest number of items. */
  readonly maxLength: number;
}

/** True or false. */
export interface BooleanOption extends WithDefault<boolean> {
  /** The discriminant. */
  readonly kind: 'boolean';
}

/** One or more of several names: `SGD,Adam`. */
export interface NamesOption<C extends string = string> extends WithDefault<readonly C[]> {
  /** The discriminant. */
  readonly kind: 'names';
  /** The allowed names. A value has them in this order. */
  readonly choices: readonly C[];
}

/** An option of an experiment. */
export type Option = IntOption | FloatOption | EnumOption | IntsOption | BooleanOption | NamesOption;
/** A value of an option: JSON, as in a record. */
export type OptionValue = number | string | boolean | readonly number[] | readonly string[];

/** Options by name in camelCase. */
export type Schema = Readonly<Record<string, Option>>;

/** The type of a value of an option. */
export type ValueOf<T extends Option> =
  T extends EnumOption<infer C>
    ? C
    : T extends NamesOption<infer C>
      ? readonly C[]
      : T extends IntsOption
        ? readonly number[]
        : T extends BooleanOption
          ? boolean
          : number;

/** The values that a schema describes. */
export type Options<S extends Schema = Schema> = { readonly [K in keyof S]: ValueOf<S[K]> };

type Fields<T> = Omit<T, 'kind'>;
export const int = (fields: Fields<IntOption>): IntOption => ({ kind: 'int', ...fields });
export const float = (fields: Fields<FloatOption>): FloatOption => ({ kind: 'float', ...fields });
export const ints = (fields: Fields<IntsOption>): IntsOption => ({ kind: 'ints', ...fields });
export const boolean = (fields: Fields<BooleanOption>): BooleanOption => ({ kind: 'boolean', ...fields });
export const choice = <const C extends string>(fields: Fields<EnumOption<C>>): EnumOption<C> => ({
  kind: 'enum',
  ...fields,
});

export const names = <const C extends string>(fields: Fields<NamesOption<C>>): NamesOption<C> => ({
  kind: 'names',
  ...fields,
});

/** An option that does not exist or has an invalid value. */
export class OptionError extends Error {
  /** 'OptionError'. */
  override readonly name = 'OptionError';
  /** The option as a flag: `--hidden-sizes`. */
  readonly flag: string;
  constructor(
    /** Name in camelCase, as in a schema. */
    readonly option: string,
    message: string,
    /** The valid name or choice that is most similar to the given one, if one is similar. */
    readonly nearest?: string,
    /** The message in every language, if values conflict. */
    readonly text?: Text,
  ) {
    super(message);
    this.flag = toFlag(option);
  }
}

/** @throws OptionError if there is a conflict between values that are valid on their own */
export function rejectIf(isConflict: boolean, option: string, text: Text): void {
  if (isConflict) throw new OptionError(option, `[options] ${text.en}`, undefined, text);
}

/** `hiddenSizes` → `--hidden-sizes`. */
export function toFlag(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `hidden-sizes`, as in a flag, → `hiddenSizes`. A name in camelCase is unchanged. */
export function toOption(name: string): string {
  return name.replace(/^--/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Parses and validates the value of every option of a schema. A missing value takes its default: that of the chosen
 * preset, or the book's under `dialect: 'book'`.
 * @param raw values as strings (flags, links) or as JSON (configuration, records), named `hiddenSizes` or
 * `hidden-sizes`; `undefined` is a missing value
 * @throws OptionError
 */
export function parseOptions<S extends Schema>(schema: S, raw: Readonly<Record<string, unknown>>): Options<S> {
  const given: Record<string, unknown> = {};
  for (const [typed, value] of Object.entries(raw)) {
    const name = toOption(typed);
    if (!Object.hasOwn(schema, name)) throw unknownOption(schema, typed);
    if (Object.hasOwn(given, name)) throw new OptionError(name, `[options] ${toFlag(name)} is given twice`);
    given[name] = value;
  }
  const entries = Object.entries(schema).map(([name, option]) => {
    const value = given[name];
    return [name, value === undefined ? getDefault(option, given) : parseOption(name, option, value)];
  });
  return Object.fromEntries(entries) as Options<S>;
}

function getDefault(option: Option, { dialect, preset }: Readonly<Record<string, unknown>>): OptionValue {
  const chosen = option.presets?.[String(preset)];
  return chosen ?? (dialect === 'book' ? option.book : undefined) ?? option.default;
}

/** Returns a copy of an option with a different default. */
export function withDefault<T extends Option>(
  option: T,
  value: T['default'],
  presets?: Readonly<Record<string, T['default']>>,
): T {
  return { ...option, default: value, ...(presets && { presets }) };
}

/** Returns a schema whose options are in a group. */
export function inGroup<S extends Schema>(group: OptionGroup, schema: S): S {
  return Object.fromEntries(Object.entries(schema).map(([name, option]) => [name, { ...option, group }])) as S;
}

/** Returns a schema in which the named options, which a reader should try first, are in the main group. */
export function withMain<S extends Schema>(schema: S, main: readonly (keyof S & string)[]): S {
  return { ...schema, ...inGroup('main', Object.fromEntries(main.map((name) => [name, schema[name] as Option]))) };
}

/** Returns whether an option can change the results of a run with these options. */
export function hasEffect({ when }: Option, options: Readonly<Record<string, unknown>>): boolean {
  return when?.(options) ?? true;
}

/** The condition of an option that never changes the results of an experiment but is accepted. */
export const never = () => false;

function unknownOption(schema: Schema, name: string): OptionError {
  const meant = nearest(toOption(name), Object.keys(schema));
  const hint = didYouMean(meant && toFlag(meant));
  return new OptionError(name, `[options] ${quote(name)} is not an option of this experiment${hint}`, meant);
}

/**
 * Parses and validates one value.
 * @throws OptionError with the flag, the range and the given value
 */
export function parseOption<T extends Option>(name: string, option: T, raw: unknown): ValueOf<T> {
  const value = parsers[option.kind](option as never, raw);
  const shown = quote(raw);
  const underflows = option.kind === 'float' && value !== 0 && Math.fround(Number(value)) === 0;
  rejectIf(underflows, name, message('options.error.underflow', { name: toFlag(name), shown }));
  if (value !== undefined) return value as ValueOf<T>;
  const meant = 'choices' in option && typeof raw === 'string' ? nearestChoice(option.choices, raw) : undefined;
  const hint = didYouMean(meant);
  const text = `[options] expected ${toFlag(name)} to be ${describeRange(option)} but got ${shown}${hint}`;
  throw new OptionError(name, text, meant);
}

/** Formats a given value for a message: not nested, at most 100 characters. */
function quote(raw: unknown): string {
  const isNested = typeof raw === 'object' && Object.values(raw ?? {}).some((item) => item instanceof Object);
  const text = isNested ? 'a nested value' : (JSON.stringify(raw) ?? String(raw));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Suggests a choice for the first of the given names that is not allowed. */
function nearestChoice(choices: readonly string[], typed: string): string | undefined {
  const invalid = typed.split(',').find((name) => !choices.includes(name.trim()));
  return nearest((invalid ?? typed).trim(), choices);
}

/** Formats a value so that `parseOption` can parse it. */
export function formatOption(value: OptionValue): string {
  return Array.isArray(value) && value.length === 0 ? 'none' : String(value);
}

/** Describes the allowed values of an option: `a number from 0 to 1000`. */
export function describeRange(option: Option, lang: Lang = 'en'): string {
  return formatRange(option)[lang];
}

function formatRange(option: Option): Text {
  switch (option.kind) {
    case 'int':
    case 'float':
      return message(`options.range.${option.kind}`, { min: option.min, max: option.max });
    case 'enum':
      return message('options.range.choice', { list: option.choices.join(', ') });
    case 'names':
      return message('options.range.names', { list: option.choices.join(', ') });
    case 'boolean':
      return message('options.range.bool');
    case 'ints': {
      const { min, max, minLength, maxLength } = option;
      const none = minLength === 0 ? message('options.range.none-or') : '';
      return message('options.range.ints', { none, least: Math.max(1, minLength), maxLength, min, max });
    }
  }
}

/** Each parser returns the value, or undefined if the raw value is not allowed. */
const parsers = {
  int: (option: IntOption, raw: unknown) => integerInRange(option, parseNumber(raw)),
  float: (option: FloatOption, raw: unknown) => inRange(option, parseNumber(raw)),
  enum: (option: EnumOption, raw: unknown) => option.choices.find((name) => name === raw),
  boolean: (_: BooleanOption, raw: unknown) => booleans.get(raw),
  names: ({ choices }: NamesOption, raw: unknown) => {
    const list = typeof raw === 'string' ? raw.split(',').map((name) => name.trim()) : raw;
    if (!Array.isArray(list) || list.length === 0 || !list.every((name) => choices.includes(name))) return undefined;
    return choices.filter((name) => list.includes(name));
  },
  ints: (option: IntsOption, raw: unknown) => {
    const list = parseList(option, raw)?.map((item) => integerInRange(option, parseNumber(item)));
    if (list === undefined || list.length < option.minLength || list.length > option.maxLength) return undefined;
    return list.includes(undefined) ? undefined : (list as number[]);
  },
};

const booleans = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
]);

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function parseNumber(raw: unknown): number | undefined {
  if (typeof raw !== 'string') return typeof raw === 'number' ? raw : undefined;
  if (!DECIMAL.test(raw.trim())) return undefined;
  const value = Number(raw);
  // 1e-400 underflows to 0, but it was not given as 0.
  return value === 0 && /^\D*[0.]*[1-9]/.test(raw) ? Number.MIN_VALUE : value;
}

function inRange({ min, max }: { min: number; max: number }, value: number | undefined): number | undefined {
  // JSON has no −0: a record would replay with 0.
  return value !== undefined && value >= min && value <= max ? value + 0 : undefined;
}

function integerInRange(range: { min: number; max: number }, value: number | undefined): number | undefined {
  return Number.isInteger(value) ? inRange(range, value) : undefined;
}

function parseList({ maxLength }: IntsOption, raw: unknown): readonly unknown[] | undefined {
  if (Array.isArray(raw)) return raw;
  if (typeof raw === 'number') return [raw];
  if (typeof raw !== 'string') return undefined;
  const repeated = /^\s*(\d+)\s*[x×]\s*0*([1-9]\d*)\s*$/.exec(raw);
  // A count is limited to one more than the greatest length, so that `1x999999999` is rejected without allocating it.
  if (repeated) return new Array(Math.min(Number(repeated[2]), maxLength + 1)).fill(repeated[1]);
  return raw.trim() === 'none' ? [] : raw.split(',');
}
