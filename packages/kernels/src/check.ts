// Checks of arguments, the same in every package: a table of name → rule for each function. In a constructor, or a function that runs once:
//   checkArguments('Dropout', arguments, { p: optional(probability), options: optionsOf<DropoutOptions>({ scaleIn: choice('training', 'evaluation') }) });
// In a training step, which allocates nothing: `check('SGD', 'lr', lr, nonNegative)` and `checkCount('SGD.step', arguments.length, 0)`.
// A new option is one more line of its table. A wrong type is a TypeError, a number out of range a RangeError; both name the argument.

/** Throws unless a value is what the argument `name` of `who` must be. */
export type Rule = (who: string, name: string, value: unknown) => void;

/** A rule for each name. */
export type Rules<T = Record<string, unknown>> = { readonly [K in keyof T]-?: Rule };

/** Checks one value. Allocates nothing where it is right. */
export function check(who: string, name: string, value: unknown, rule: Rule): void {
  rule(who, name, value);
}

/**
 * Checks all arguments of a call against the rules of its parameters, in their order.
 * @throws TypeError where there are more arguments than rules
 */
export function checkArguments(who: string, given: ArrayLike<unknown>, rules: Rules): void {
  const names = Object.keys(rules);
  names.forEach((name, index) => {
    rules[name]?.(who, name, given[index]);
  });
  if (given.length <= names.length) return;
  throw new TypeError(
    `[${who}] expected ${names.length === 0 ? 'no arguments' : `at most ${names.length}, ${names.join(', ')},`} ` +
      `but got a surplus argument: ${describe(given[names.length])}`,
  );
}

/** @throws TypeError where more than `most` arguments were given */
export function checkCount(who: string, given: number, most: number): void {
  if (given <= most) return;
  throw new TypeError(
    `[${who}] expected ${most || 'no'} argument${most === 1 ? '' : 's'} but got ${given}: one is surplus`,
  );
}

/**
 * A plain object with these options and no others; one that is undefined takes its default.
 * @param required names of those that have no default
 */
export function optionsOf<T extends object>(rules: Rules<T>, required: readonly (keyof T)[] = []): Rule {
  const known = rules as Rules;
  return (who, name, value = {}) => {
    const names = Object.keys(known);
    if (!isPlain(value)) refuse(TypeError, who, `${name}, { ${names.join(', ')} },`, value);
    for (const key in value) {
      if (!Object.hasOwn(known, key)) {
        throw new TypeError(`[${who}] expected the options ${names.join(', ')} but got ${key}`);
      }
    }
    for (const key of names) {
      if (value[key] !== undefined || required.includes(key as keyof T)) known[key]?.(who, key, value[key]);
    }
  };
}

/** The same, or undefined. */
export function optional(rule: Rule): Rule {
  return (who, name, value) => {
    if (value !== undefined) rule(who, name, value);
  };
}

/** The same, or null. */
export function nullable(rule: Rule): Rule {
  return (who, name, value) => {
    if (value !== null) rule(who, name, value);
  };
}

/** A number in a range. */
export function numeric(wanted: string, isInRange: (value: number) => boolean): Rule {
  return (who, name, value) => {
    if (typeof value === 'number' && isInRange(value)) return;
    refuse(typeof value === 'number' ? RangeError : TypeError, who, `${name} to be ${wanted}`, value);
  };
}

/** A value of a type, told by a function. */
export function kind(wanted: string, is: (value: unknown) => boolean): Rule {
  return (who, name, value) => {
    if (!is(value)) refuse(TypeError, who, `${name} to be ${wanted}`, value);
  };
}

/** A whole number from low to high. */
export function integer(low: number, high: number): Rule {
  return numeric(
    `a whole number from ${low} to ${high}`,
    (value) => Number.isInteger(value) && value >= low && value <= high,
  );
}

/** Whole numbers from 0 on: counts of epochs. */
export const counter = integer(0, Number.MAX_SAFE_INTEGER);
/** Whole numbers below 2³²: seeds, steps. */
export const uint32 = integer(0, 2 ** 32 - 1);

/** Whether float32, in which kernels calculate, makes neither 0 nor infinity of a number. */
export function fitsFloat32(value: number): boolean {
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) && (rounded !== 0 || value === 0);
}

const LIMITS = 'from 1.4e-45 to 3.4e+38, the limits of float32';

/** Learning rates, ε. */
export const nonNegative = numeric(`0 or a number ${LIMITS},`, (value) => value >= 0 && fitsFloat32(value));
/** A number of any sign. */
export const finite = numeric(`0 or a number whose absolute value is ${LIMITS},`, fitsFloat32);
/** From 0 to 1. */
export const probability = numeric('from 0 to 1', (value) => value >= 0 && value <= 1 && fitsFloat32(value));
/** From 0 up to, not including, 1; it stays below 1 in float32. */
export const fraction = numeric(
  'at least 0 and less than 1 (in float32: at most 0.99999994)',
  (value) => value >= 0 && Math.fround(value) < 1 && fitsFloat32(value),
);
/** A number, which may be NaN or infinite. */
export const number = numeric('a number', () => true);
/** True or false. */
export const boolean = kind('true or false', (value) => typeof value === 'boolean');
/** A string. */
export const string = kind('a string', (value) => typeof value === 'string');

/** A function, such as `wanted`. */
export function callable(wanted = 'a function'): Rule {
  return kind(wanted, (value) => typeof value === 'function');
}

/** One of some strings. */
export function choice(...choices: readonly string[]): Rule {
  return kind(choices.join(' or '), (value) => choices.includes(value as string));
}

/** An array whose elements all follow a rule. */
export function listOf(wanted: string, rule: Rule): Rule {
  const isList = kind(wanted, Array.isArray);
  return (who, name, value) => {
    isList(who, name, value);
    for (const [index, element] of (value as unknown[]).entries()) rule(who, `${name}[${index}]`, element);
  };
}

/** The dimensions of an array. */
export const shapeLike = listOf('an array of whole numbers, such as [2, 3],', integer(0, 2 ** 32 - 1));

/** An object, told by a member that all of its kind have. */
export function having(key: string, wanted: string): Rule {
  return kind(wanted, (value) => typeof value === 'object' && value !== null && key in value);
}

/** What `loadDevice` gives. */
export const deviceLike = having('arena', 'what await loadDevice() gives');
/** Raw bytes. */
export const bytesLike = kind('a Uint8Array', (value) => value instanceof Uint8Array);
/** A plain object whose values, by any name, all follow a rule. */
export function recordOf(wanted: string, rule: Rule): Rule {
  const isRecord = kind(wanted, isPlain);
  return (who, name, value) => {
    isRecord(who, name, value);
    for (const [key, element] of Object.entries(value as object)) rule(who, `${name}.${key}`, element);
  };
}

/** Strings by name. */
export const strings = recordOf('an object of strings', string);

/** @throws of the given class: what was expected, what came */
export function refuse(kindOfError: ErrorConstructor, who: string, expected: string, got: unknown, way = ''): never {
  throw new kindOfError(`[${who}] expected ${expected} but got ${describe(got)}${way}`);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return (value.constructor?.name ?? 'Object') === 'Object';
}

/** The name of the method whose result `console.log` prints in Node. */
export const inspectSymbol: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Returns `Name(key: value, …)`, the text of an object for `inspectSymbol`. Values that are undefined are left out. */
export function inspectText(name: string, values: object): string {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  const texts = known.map(([key, value]) => `${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`);
  return `${name}(${texts.join(', ')})`;
}

/** A value in a word or two: itself where it is short, otherwise what it is. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return value === undefined ? 'nothing' : String(value);
  if (Array.isArray(value)) return 'an array';
  if (isPlain(value)) return `an object { ${Object.keys(value).slice(0, 5).join(', ')} }`.replace('{  }', '{}');
  const name = value.constructor?.name || 'object';
  return /^[AEIOaeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}
