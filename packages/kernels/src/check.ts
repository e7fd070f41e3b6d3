// Checks of arguments for all packages: each function has a table of name → rule. In constructors and setup functions:
//   checkArguments('Dropout', arguments, {
//     p: optional(probability),
//     options: optionsOf<DropoutOptions>({ scaleIn: choice('training', 'evaluation') }),
//   });
// In training steps, which must not allocate memory: `check('SGD', 'lr', lr, nonNegative)` and
// `checkCount('SGD.step', arguments.length, 0)`. Errors name the argument: TypeError for a wrong type, RangeError for a
// number out of range.

/** Throws an error if `value` is not valid for the argument `name` of `owner`, a function or class. */
export type Rule = (owner: string, name: string, value: unknown) => void;

/** Rules by name. */
export type Rules<T = Record<string, unknown>> = { readonly [K in keyof T]-?: Rule };

/** Checks one value. Allocates no memory if it is valid. */
export function check(owner: string, name: string, value: unknown, rule: Rule): void {
  rule(owner, name, value);
}

/**
 * Checks the arguments of a call with one rule per parameter, in their order.
 * @throws TypeError also if there are more arguments than rules
 */
export function checkArguments(owner: string, given: ArrayLike<unknown>, rules: Rules): void {
  const names = Object.keys(rules);
  names.forEach((name, index) => {
    rules[name]?.(owner, name, given[index]);
  });
  if (given.length <= names.length) return;
  throw new TypeError(
    `[${owner}] expected ${names.length === 0 ? 'no arguments' : `at most ${names.length}, ${names.join(', ')},`} ` +
      `but got a surplus argument: ${describe(given[names.length])}`,
  );
}

/** @throws TypeError if a call has more than `max` arguments */
export function checkCount(owner: string, given: number, max: number): void {
  if (given <= max) return;
  throw new TypeError(
    `[${owner}] expected ${max || 'no'} argument${max === 1 ? '' : 's'} but got ${given}: one is surplus`,
  );
}

/**
 * Returns a rule for a plain object with these options and no others. An option may be undefined unless it is required.
 * @param required names of options without a default
 */
export function optionsOf<T extends object>(rules: Rules<T>, required: readonly (keyof T)[] = []): Rule {
  const known = rules as Rules;
  return (owner, name, value = {}) => {
    const names = Object.keys(known);
    if (!isPlain(value)) refuse(TypeError, owner, `${name}, { ${names.join(', ')} },`, value);
    for (const key in value) {
      if (!Object.hasOwn(known, key)) {
        throw new TypeError(`[${owner}] expected the options ${names.join(', ')} but got ${key}`);
      }
    }
    for (const key of names) {
      if (value[key] !== undefined || required.includes(key as keyof T)) known[key]?.(owner, key, value[key]);
    }
  };
}

/** Returns a rule that also allows undefined. */
export function optional(rule: Rule): Rule {
  return (owner, name, value) => {
    if (value !== undefined) rule(owner, name, value);
  };
}

/** Returns a rule that also allows null. */
export function nullable(rule: Rule): Rule {
  return (owner, name, value) => {
    if (value !== null) rule(owner, name, value);
  };
}

/** Returns a rule for numbers. `wanted` describes them in errors. */
export function numeric(wanted: string, isInRange: (value: number) => boolean): Rule {
  return (owner, name, value) => {
    if (typeof value === 'number' && isInRange(value)) return;
    refuse(typeof value === 'number' ? RangeError : TypeError, owner, `${name} to be ${wanted}`, value);
  };
}

/** Returns a rule for values of a type. `wanted` describes them in errors. */
export function kind(wanted: string, is: (value: unknown) => boolean): Rule {
  return (owner, name, value) => {
    if (!is(value)) refuse(TypeError, owner, `${name} to be ${wanted}`, value);
  };
}

/** Returns a rule for whole numbers from low to high. */
export function integer(low: number, high: number): Rule {
  return numeric(
    `a whole number from ${low} to ${high}`,
    (value) => Number.isInteger(value) && value >= low && value <= high,
  );
}

/** A whole number of at least 0, such as a number of epochs. */
export const counter = integer(0, Number.MAX_SAFE_INTEGER);
/** A whole number below 2³², such as a seed or a step. */
export const uint32 = integer(0, 2 ** 32 - 1);

/** Returns whether rounding to float32 makes a number neither 0 nor infinite. */
export function fitsFloat32(value: number): boolean {
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) && (rounded !== 0 || value === 0);
}

const LIMITS = 'from 1.4e-45 to 3.4e+38, the limits of float32';

/** A number of at least 0, such as a learning rate. */
export const nonNegative = numeric(`0 or a number ${LIMITS},`, (value) => value >= 0 && fitsFloat32(value));
/** A finite number. */
export const finite = numeric(`0 or a number whose absolute value is ${LIMITS},`, fitsFloat32);
/** A number from 0 to 1. */
export const probability = numeric('from 0 to 1', (value) => value >= 0 && value <= 1 && fitsFloat32(value));
/** A number of at least 0 that is less than 1 in float32. */
export const fraction = numeric(
  'at least 0 and less than 1 (in float32: at most 0.99999994)',
  (value) => value >= 0 && Math.fround(value) < 1 && fitsFloat32(value),
);
/** A number. It may be NaN or infinite. */
export const number = numeric('a number', () => true);
/** True or false. */
export const boolean = kind('true or false', (value) => typeof value === 'boolean');
/** A string. */
export const string = kind('a string', (value) => typeof value === 'string');

/** Returns a rule for functions. */
export function callable(wanted = 'a function'): Rule {
  return kind(wanted, (value) => typeof value === 'function');
}

/** Returns a rule for one of some strings. */
export function choice(...choices: readonly string[]): Rule {
  return kind(choices.join(' or '), (value) => choices.includes(value as string));
}

/** Returns a rule for arrays, with a rule for their elements. */
export function listOf(wanted: string, rule: Rule): Rule {
  const isList = kind(wanted, Array.isArray);
  return (owner, name, value) => {
    isList(owner, name, value);
    for (const [index, element] of (value as unknown[]).entries()) rule(owner, `${name}[${index}]`, element);
  };
}

/** A shape. */
export const shapeLike = listOf('an array of whole numbers, such as [2, 3],', integer(0, 2 ** 32 - 1));

/** Returns a rule for objects that have a property `key`. */
export function having(key: string, wanted: string): Rule {
  return kind(wanted, (value) => typeof value === 'object' && value !== null && key in value);
}

/** A device. */
export const deviceLike = having('arena', 'a device from await loadDevice()');
/** Bytes. */
export const bytesLike = kind('a Uint8Array', (value) => value instanceof Uint8Array);

/** Returns a rule for plain objects, with a rule for their values. */
export function recordOf(wanted: string, rule: Rule): Rule {
  const isRecord = kind(wanted, isPlain);
  return (owner, name, value) => {
    isRecord(owner, name, value);
    for (const [key, element] of Object.entries(value as object)) rule(owner, `${name}.${key}`, element);
  };
}

/** A plain object of strings. */
export const strings = recordOf('an object of strings', string);

/** Throws an error of the given class with the expected and the given value. */
export function refuse(ErrorType: ErrorConstructor, owner: string, expected: string, got: unknown, way = ''): never {
  throw new ErrorType(`[${owner}] expected ${expected} but got ${describe(got)}${way}`);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return (value.constructor?.name ?? 'Object') === 'Object';
}

/** The name of the method whose result `console.log` prints in Node. */
export const inspectSymbol: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Returns `Name(key: value, …)`, the text of an object for `inspectSymbol`, without undefined values. */
export function inspectText(name: string, values: object): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  const texts = entries.map(([key, value]) => `${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`);
  return `${name}(${texts.join(', ')})`;
}

/** Returns a short description of a value for errors: the value itself, or its type. */
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
