// Expected outputs of ops in float64, from their formulas alone: oracles share no code with the kernels or the reference.
import type { Sizes } from '../../src/op-specs.ts';

export type Arrays = Readonly<Record<string, ArrayLike<number>>>;

/** An expected element, and the sum of the absolute values of its terms, which limits the rounding error. */
export type Expected = readonly [value: number, magnitude: number];

export interface Oracle {
  /** Returns the expected outputs by name, and the value of a function as `returned`. `values` are sizes and scalars. */
  readonly of: (values: Sizes, inputs: Arrays) => Readonly<Record<string, readonly Expected[]>>;
  /** The allowed error in units of 2⁻²⁴ of the magnitude. Default: 0. */
  readonly units?: (values: Sizes) => number;
  /** Whether the op only adds, subtracts and multiplies, so that it must be exact for small integers. */
  readonly isPolynomial?: true;
  /** Numbers of inputs that random numbers do not fit. */
  readonly inputs?: Readonly<Record<string, (i: number) => number>>;
}

/** Returns `count` values of a function of the index. */
export const table = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

/** Returns the values of a function of row and column, row by row. */
export const grid = <T>(rows: number, columns: number, of: (i: number, j: number) => T): T[] =>
  table(rows * columns, (place) => of(Math.floor(place / columns), place % columns));

export const exact = (value: number): Expected => [value, Math.abs(value)];

/** Returns max(value, 0) if `relu` is 1. */
export const applyRelu = (relu: number, [value, magnitude]: Expected): Expected => [
  relu ? Math.max(0, value) : value,
  magnitude,
];

/** Returns the sum of terms and of their absolute values. */
export function sum(count: number, term: (i: number) => number): Expected {
  let [value, magnitude] = [0, 0];
  for (let i = 0; i < count; i++) {
    value += term(i);
    magnitude += Math.abs(term(i));
  }
  return [value, magnitude];
}

/** An elementwise op with one input, x. */
export const unary = (f: (x: number, values: Sizes) => number, units = 0): Oracle => ({
  of: (values, { x }) => ({ out: table(values.n, (i) => exact(f(x[i], values))) }),
  units: () => units,
});

/** An elementwise op with two inputs. */
export const binary = (
  names: readonly [a: string, b: string],
  f: (a: number, b: number, values: Sizes) => Expected,
  rest: Partial<Oracle> = {},
): Oracle => ({
  of: (values, { [names[0]]: a, [names[1]]: b }) => ({ out: table(values.n, (i) => f(a[i], b[i], values)) }),
  ...rest,
});

export const fewUnits = { units: () => 8 };
export const polynomial = { isPolynomial: true } as const;
export const sumOverK = { units: ({ k }: Sizes) => k + 2, ...polynomial };
export const sumOverN = { units: ({ n }: Sizes) => n + 2, ...polynomial };
/** Numbers from 0.25 to 2.25, for inputs under a square root. */
export const positive = (i: number): number => 0.25 + (i % 7) / 3;
