// Student's t: what the mean over seeds may be worth.
import { mean } from './series.ts';

/** The 0.975 quantile by degrees of freedom, from 1. */
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * The 95 % interval of the mean: m ± t · s / √n, with t for n − 1 degrees of freedom (beyond 30 that of 30, which is a
 * little wide). Of a single value, and of equal ones, that value twice.
 */
export function confidenceInterval(values: readonly number[]): [low: number, high: number] {
  const { length } = values;
  const center = mean(values);
  if (length < 2) return [center, center];
  let squares = 0;
  for (const value of values) squares += (value - center) * (value - center);
  const quantile = QUANTILES[Math.min(length - 1, QUANTILES.length) - 1] as number;
  const reach = quantile * Math.sqrt(squares / (length - 1) / length);
  return [center - reach, center + reach];
}
