// One schema for the settings of an experiment: flags, form, permalink, validation and docs are all made from it.
import { message } from '../i18n/index.ts';
import { didYouMean, nearest } from '../nearest.ts';
import type { Lang, Text } from '../text.ts';

interface Described {
  /** Two or three words, as beside a form field. */
  readonly label: Text;
  /** One sentence, as in `--help`. */
  readonly help: Text;
}

interface WithDefault<T> extends Described {
  /** What holds where nothing is said. */
  readonly default: T;
  /** The default under `--dialect book`, where the book's own value differs. */
  readonly book?: T;
  /** Defaults under the choices of the option `preset`, where the schema has one; they go before the book's. */
  readonly presets?: Readonly<Record<string, T>>;
}

/** A whole number. */
export interface IntOption extends WithDefault<number> {
  /** What tells options apart. */
  readonly kind: 'int';
  /** The least value. */
  readonly min: number;
  /** The greatest value. */
  readonly max: number;
}

/** A number. */
export interface FloatOption extends WithDefault<number> {
  /** What tells options apart. */
  readonly kind: 'float';
  /** The least value. */
  readonly min: number;
  /** The greatest value. */
  readonly max: number;
}

/** One of several names. */
export interface EnumOption<C extends string = string> extends WithDefault<C> {
  /** What tells options apart. */
  readonly kind: 'enum';
  /** All that may be chosen. */
  readonly choices: readonly C[];
}

/** A list of integers: `100,100,50`, `100x4` for four times 100, or `none`. `min` and `max` bound each of them. */
export interface IntsOption extends WithDefault<readonly number[]> {
  /** What tells options apart. */
  readonly kind: 'ints';
  /** The least that each may be. */
  readonly min: number;
  /** The greatest that each may be. */
  readonly max: number;
  /** How many there must be. */
  readonly minLength: number;
  /** How many there may be. */
  readonly maxLength: number;
}

/** Yes or no. */
export interface BooleanOption extends WithDefault<boolean> {
  /** What tells options apart. */
  readonly kind: 'boolean';
}

/** One or more of several names: `SGD,Adam`. A value has them in the order of `choices`. */
export interface NamesOption<C extends string = string> extends WithDefault<readonly C[]> {
  /** What tells options apart. */
  readonly kind: 'names';
  /** All that may be chosen, in the order in which a value has them. */
  readonly choices: readonly C[];
}

/** One setting of an experiment, told apart by `kind`. */
export type Option = IntOption | FloatOption | EnumOption | IntsOption | BooleanOption | NamesOption;
/** What a setting can be: JSON, as in a record. */
export type OptionValue = number | string | boolean | readonly number[] | readonly string[];

/** Option name in camelCase → what it is. */
export type Schema = Readonly<Record<string, Option>>;

/** What a value of an option is. */
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

/** A setting that does not exist or is out of range. `option` is its camelCase name, `flag` the same as a flag. */
export class OptionError extends Error {
  /** 'OptionError'. */
  override readonly name = 'OptionError';
  /** As it is typed: `--hidden-sizes`. */
  readonly flag: string;
  constructor(
    /** In camelCase, as in a schema. */
    readonly option: string,
    message: string,
    /** The valid name or choice nearest to what came, if one is near. */
    readonly nearest?: string,
    /** The message in every language, of values that do not fit together. */
    readonly text?: Text,
  ) {
    super(message);
    this.flag = toFlag(option);
  }
}

/** @throws OptionError about values that are valid one by one but cannot work together */
export function rejectIf(isConflict: boolean, option: string, text: Text): void {
  if (isConflict) throw new OptionError(option, `[options] ${text.en}`, undefined, text);
}

/** `hiddenSizes` → `--hidden-sizes`. */
export function toFlag(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `hidden-sizes`, as a flag is spelled, → `hiddenSizes`; a name in camelCase stays as it is. */
export function toOption(name: string): string {
  return name.replace(/^--/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Every option of the schema, checked; what is missing takes its default: that of the chosen preset, or the book's under
 * `dialect: 'book'`.
 * @param raw values as strings (flags, permalinks) or as JSON (configuration, records), named `hiddenSizes` or `hidden-sizes`;
 * `undefined` counts as missing
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

/** The same option with another default. */
export function withDefault<T extends Option>(
  option: T,
  value: T['default'],
  presets?: Readonly<Record<string, T['default']>>,
): T {
  return { ...option, default: value, ...(presets && { presets }) };
}

function unknownOption(schema: Schema, name: string): OptionError {
  const meant = nearest(toOption(name), Object.keys(schema));
  const hint = didYouMean(meant && toFlag(meant));
  return new OptionError(name, `[options] ${quote(name)} is not an option of this experiment${hint}`, meant);
}

/**
 * One value, checked.
 * @throws OptionError that names the flag, the range and what came
 */
export function parseOption<T extends Option>(name: string, option: T, raw: unknown): ValueOf<T> {
  const value = parsers[option.kind](option as never, raw);
  const shown = quote(raw);
  rejectIf(option.kind === 'float' && value !== 0 && Math.fround(Number(value)) === 0, name, vanishing(name, shown));
  if (value !== undefined) return value as ValueOf<T>;
  const meant = 'choices' in option && typeof raw === 'string' ? nearestChoice(option.choices, raw) : undefined;
  const hint = didYouMean(meant);
  const message = `[options] expected ${toFlag(name)} to be ${describeRange(option)} but got ${shown}${hint}`;
  throw new OptionError(name, message, meant);
}

/** A number that the kernels could not tell from 0. */
const vanishing = (name: string, shown: string): Text =>
  message('options.error.underflow', { name: toFlag(name), shown });

/** A value that came, at no great length, and at no depth. */
function quote(raw: unknown): string {
  const isNested = typeof raw === 'object' && Object.values(raw ?? {}).some((item) => item instanceof Object);
  const text = isNested ? 'something nested' : (JSON.stringify(raw) ?? String(raw));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Of several names typed, the first that is none decides. */
function nearestChoice(choices: readonly string[], typed: string): string | undefined {
  const wrong = typed.split(',').find((name) => !choices.includes(name.trim()));
  return nearest((wrong ?? typed).trim(), choices);
}

/** A value as it is typed: `parseOption` reads it back. */
export function formatOption(value: OptionValue): string {
  return Array.isArray(value) && value.length === 0 ? 'none' : String(value);
}

/** What an option accepts, in words: `a number from 0 to 1000`. */
export function describeRange(option: Option, lang: Lang = 'en'): string {
  return formatRange(option)[lang];
}

function formatRange(option: Option): Text {
  switch (option.kind) {
    case 'int': {
      const { min, max } = option;
      return message('options.range.int', { min, max });
    }
    case 'float': {
      const { min, max } = option;
      return message('options.range.float', { min, max });
    }
    case 'enum': {
      const list = option.choices.join(', ');
      return message('options.range.choice', { list });
    }
    case 'names': {
      const list = option.choices.join(', ');
      return message('options.range.names', { list });
    }
    case 'boolean':
      return message('options.range.bool');
    case 'ints': {
      const { min, max, minLength, maxLength } = option;
      const least = Math.max(1, minLength);
      const [en, ko, ja] = minLength === 0 ? ['none, or ', 'none 또는 ', 'none、または '] : ['', '', ''];
      return {
        en: `${en}${least} to ${maxLength} whole numbers from ${min} to ${max}, as in 100,50 or 100x4`,
        ko: `${ko}${min} 이상 ${max} 이하의 정수 ${least}~${maxLength}개 (예: 100,50 또는 100x4)`,
        ja: `${ja}${min} 以上 ${max} 以下の整数 ${least}〜${maxLength} 個（例: 100,50 または 100x4）`,
      };
    }
  }
}

/** A reader gives the value, or undefined where the raw value is none of the option's. */
const parsers = {
  int: (option: IntOption, raw: unknown) => withinWhole(option, readNumber(raw)),
  float: (option: FloatOption, raw: unknown) => within(option, readNumber(raw)),
  enum: (option: EnumOption, raw: unknown) => option.choices.find((name) => name === raw),
  boolean: (_: BooleanOption, raw: unknown) => booleans.get(raw),
  names: ({ choices }: NamesOption, raw: unknown) => {
    const list = typeof raw === 'string' ? raw.split(',').map((name) => name.trim()) : raw;
    if (!Array.isArray(list) || list.length === 0 || !list.every((name) => choices.includes(name))) return undefined;
    return choices.filter((name) => list.includes(name));
  },
  ints: (option: IntsOption, raw: unknown) => {
    const list = readList(option, raw)?.map((item) => withinWhole(option, readNumber(item)));
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

function readNumber(raw: unknown): number | undefined {
  if (typeof raw !== 'string') return typeof raw === 'number' ? raw : undefined;
  if (!DECIMAL.test(raw.trim())) return undefined;
  const value = Number(raw);
  // 1e-400 is not 0, though there is no number for it.
  return value === 0 && /^\D*[0.]*[1-9]/.test(raw) ? Number.MIN_VALUE : value;
}

function within({ min, max }: { min: number; max: number }, value: number | undefined): number | undefined {
  // JSON has no −0: a record would replay with 0.
  return value !== undefined && value >= min && value <= max ? value + 0 : undefined;
}

function withinWhole(range: { min: number; max: number }, value: number | undefined): number | undefined {
  return Number.isInteger(value) ? within(range, value) : undefined;
}

function readList({ maxLength }: IntsOption, raw: unknown): readonly unknown[] | undefined {
  if (Array.isArray(raw)) return raw;
  if (typeof raw === 'number') return [raw];
  if (typeof raw !== 'string') return undefined;
  const repeated = /^\s*(\d+)\s*[x×]\s*0*([1-9]\d*)\s*$/.exec(raw);
  // A count beyond the longest list is cut just above it, so that `1x999999999` is refused and not built.
  if (repeated) return new Array(Math.min(Number(repeated[2]), maxLength + 1)).fill(repeated[1]);
  return raw.trim() === 'none' ? [] : raw.split(',');
}
