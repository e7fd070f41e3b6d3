// Checks of arguments: one table of name → rule for each function. How to write one is at the top of kernels/src/check.ts.
import { describe, having, type Rule, refuse } from '@descent/kernels/check';

export * from '@descent/kernels/check';

/** What the checks ask of a tensor. */
interface Checked {
  readonly dtype?: string;
  readonly device?: { readonly arena: object };
  readonly isReleased?: boolean;
}

/** A tensor of one of some types, whose memory nobody has released. */
export function tensorOf(...dtypes: readonly string[]): Rule {
  const wanted = `a tensor of ${dtypes.join(' or ')}`;
  const call = `Tensor.from(device, numbers, shape${dtypes.includes('float32') ? '' : `, '${dtypes[0]}'`})`;
  return (who, name, value) => {
    const { dtype, isReleased } = (value ?? {}) as Checked;
    if (isReleased === undefined || !dtypes.includes(dtype as string)) {
      const got = isReleased === undefined ? describe(value) : `one of ${dtype}`;
      throw new TypeError(`[${who}] expected ${name} to be ${wanted} but got ${got}; ${call} makes one`);
    }
    if (!isReleased) return;
    const cause = 'but its memory was released, or model.to(device, …) was called since';
    throw new RangeError(`[${who}] expected ${name} to be in memory, ${cause}`);
  };
}

/** An array of parameters, each once. Allocates nothing where it is right. */
export const parametersLike: Rule = (who, name, value) => {
  if (!Array.isArray(value)) refuse(TypeError, who, `${name} to be an array, as model.parameters() gives it,`, value);
  for (let index = 0; index < value.length; index++) {
    const parameter: unknown = value[index];
    parameterLike(who, 'a parameter', parameter);
    if (value.indexOf(parameter, index + 1) < 0) continue;
    throw new RangeError(
      `[${who}] expected every parameter once but got ${(parameter as { name: string }).name} twice`,
    );
  }
};

const parameterLike = having('requiresGrad', 'one of model.parameters()');

/** A Sequential, with memory or without. */
export const modelLike = having('outputShapes', 'a model, new Sequential(…),');

/** Raw numbers of state. */
export const floatsLike: Rule = (who, name, value) => {
  if (!(value instanceof Float32Array)) refuse(TypeError, who, `${name} to be a Float32Array`, value);
};

/** What a schedule sets the rate of. */
export const optimizerLike = having('paramGroups', 'an optimizer');

/**
 * Kernels of one device would read the memory of another.
 * @throws RangeError unless the tensor is in the memory of the device
 */
export function checkSameDevice(who: string, device: { readonly arena: object }, { device: other }: Checked): void {
  if (other?.arena === device.arena) return;
  throw new RangeError(`[${who}] expected a tensor of its own device but got one of another; load one device for all`);
}

// Old forms, to be replaced by tables.

/** @throws RangeError unless value is a whole number from low to high */
export function checkInteger(who: string, name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`[${who}] expected ${name} to be a whole number from ${low} to ${high} but got ${value}`);
}

/** @throws RangeError unless value is finite and not negative */
export function checkNotNegative(who: string, name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new RangeError(`[${who}] expected ${name} to be a finite number of 0 or more but got ${value}`);
}

/** @throws RangeError unless 0 ≤ value ≤ 1 */
export function checkProbability(who: string, name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new RangeError(`[${who}] expected ${name} to be from 0 to 1 but got ${value}`);
}

/** @throws RangeError unless 0 ≤ value < 1 */
export function checkFraction(who: string, name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new RangeError(`[${who}] expected ${name} to be at least 0 and less than 1 but got ${value}`);
}

/** @throws TypeError unless value is a number, which may be NaN */
export function checkNumber(who: string, what: string, value: number): void {
  if (typeof value !== 'number') throw new TypeError(`[${who}] expected ${what} but got ${describe(value)}`);
}

/** @throws TypeError unless value is one of the choices */
export function checkChoice(who: string, name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new TypeError(`[${who}] expected ${name} to be ${choices.join(' or ')} but got ${describe(value)}`);
}

/** @throws TypeError where options are no object, or a name among them is misspelt or another library's */
export function checkOptions<T extends object>(who: string, options: T, known: Readonly<Record<keyof T, 1>>): void {
  const names = Object.keys(known);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`[${who}] expected options, { ${names.join(', ')} }, but got ${describe(options)}`);
  }
  const stranger = Object.keys(options).find((name) => !names.includes(name));
  if (stranger === undefined) return;
  const got = describe(options).startsWith('an object') ? stranger : describe(options);
  throw new TypeError(`[${who}] expected the options ${names.join(', ')} but got ${got}`);
}

/** @throws TypeError unless value has the key of what it should be */
export function checkKind(who: string, value: unknown, key: string, wanted: string): void {
  if (typeof value === 'object' && value !== null && key in value) return;
  throw new TypeError(`[${who}] expected ${wanted} but got ${describe(value)}`);
}

/** @throws TypeError where an initialiser is no function, or gave one: it was to be called */
export function checkFilled(who: string, initialiser: unknown, left: unknown): void {
  if (left === undefined) return;
  const way = typeof initialiser === 'function' ? '; call it' : '';
  throw new TypeError(
    `[${who}] expected an initialiser, such as kaimingNormal(), but got ${describe(initialiser)}${way}`,
  );
}

/** @throws TypeError where something among the values is no number */
export function checkNumbers(who: string, values: ArrayLike<unknown>): void {
  if (!Array.isArray(values)) return;
  const at = values.findIndex((value) => typeof value !== 'number');
  if (at < 0) return;
  const way = Array.isArray(values[at]) ? '; values.flat() makes one list of rows' : '';
  throw new TypeError(`[${who}] expected numbers but got ${describe(values[at])} among them${way}`);
}
