// The values of a slider: about a hundred, on a linear or a logarithmic scale.
import type { FloatOption } from '@descent/experiments';

/** Values per decade of a logarithmic slider. */
const MANTISSAS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
const MAX_STEPS = 100;

/** Returns the values of the slider of an option, ascending. */
export function sliderValues({ min, max, slider: [low, high] = [min, max], scale }: FloatOption): readonly number[] {
  if (scale !== 'log') return linearValues(low, high);
  const decades = Array.from(
    { length: Math.round(Math.log10(high / low)) + 1 },
    (_, i) => Math.round(Math.log10(low)) + i,
  );
  const values = decades.flatMap((exponent) => MANTISSAS.map((mantissa) => toDecimal(mantissa * 10 ** exponent)));
  // Zero has no logarithm. It is left of all other values.
  return [...(min === 0 ? [0] : []), ...values.filter((value) => value >= low && value <= high)];
}

function linearValues(low: number, high: number): readonly number[] {
  const magnitude = 10 ** Math.floor(Math.log10((high - low) / MAX_STEPS));
  const step = magnitude * ([1, 2, 5, 10].find((each) => (each * magnitude * MAX_STEPS) / (high - low) > 0.999) ?? 10);
  const count = Math.floor((high - low) / step + 1e-9);
  const values = Array.from({ length: count + 1 }, (_, i) => toDecimal(low + i * step));
  return values.at(-1) === high ? values : [...values, high];
}

/** Removes the error of binary fractions: 0.30000000000000004 → 0.3. */
const toDecimal = (value: number) => Number(value.toPrecision(6));

/** Returns the position of the value that is closest to a given one. */
export function findPosition(values: readonly number[], value: number): number {
  const above = values.findIndex((each) => each >= value);
  if (above <= 0) return above < 0 ? values.length - 1 : 0;
  const [left, right] = [values[above - 1] as number, values[above] as number];
  return value - left < right - value ? above - 1 : above;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly scale?: 'log';
}

/** Returns the next value of a stepper: half or twice the value, or 1 less or more, in the range of the option. */
export function nextCount({ min, max, scale }: Range, value: number, direction: -1 | 1): number {
  const next = scale === 'log' ? (direction < 0 ? Math.floor(value / 2) : 2 * value) : value + direction;
  return Math.min(max, Math.max(min, next));
}
