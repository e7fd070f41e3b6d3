// What an op should give, in float64 and from its formula alone: no line is shared with a kernel or with its twin.
import type { Sizes } from '../../src/op-specs.ts';

export type Inputs = Readonly<Record<string, ArrayLike<number>>>;

/** An element as it should be, and the size of the terms that it is made of: what an error is measured by. */
export type Expected = readonly [value: number, magnitude: number];

export interface Oracle {
  /** Outputs by name; under `returned` what the op returns. */
  readonly of: (sizes: Sizes, scalars: Sizes, inputs: Inputs) => Record<string, Expected[]>;
  /** Error allowed, in units of 2⁻²⁴ of the magnitude; by the sizes where terms add up. Missing: none. */
  readonly units?: (sizes: Sizes) => number;
  /** Whether it is made of + − × alone, so that it must be exact where every number is a small integer. */
  readonly polynomial?: true;
  /** Contents of inputs that must not be any number. */
  readonly inputs?: Readonly<Record<string, (i: number) => number>>;
}

const { abs } = Math;
export const size = (s: Sizes, name: string): number => s[name] as number;
export const at = (array: ArrayLike<number> | undefined, i: number): number => array?.[i] as number;
export const table = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
export const plain = (value: number): Expected => [value, abs(value)];

/** Σ of terms and of their absolute values. */
export function sum(count: number, term: (i: number) => number): Expected {
  let [value, magnitude] = [0, 0];
  for (let i = 0; i < count; i++) {
    const x = term(i);
    value += x;
    magnitude += abs(x);
  }
  return [value, magnitude];
}

/** Element by element, from one input. */
export const each = (f: (x: number, s: Sizes, c: Sizes) => number, units?: number): Oracle => ({
  of: (s, c, { x }) => ({ out: table(size(s, 'n'), (i) => plain(f(at(x, i), s, c))) }),
  ...(units && { units: () => units }),
});
/** Element by element, from two. */
export const pair = (
  out: string,
  names: readonly [string, string],
  f: (a: number, b: number, c: Sizes) => Expected,
  rest: Partial<Oracle> = {},
): Oracle => ({
  of: (s, c, inputs) => ({
    [out]: table(size(s, 'n'), (i) => f(at(inputs[names[0]], i), at(inputs[names[1]], i), c)),
  }),
  ...rest,
});
export const few = { units: () => 8 };
export const whole = { polynomial: true } as const;
export const alongK = { units: (s: Sizes) => size(s, 'k') + 2, ...whole };
export const alongN = { units: (s: Sizes) => size(s, 'n') + 2, ...whole };
