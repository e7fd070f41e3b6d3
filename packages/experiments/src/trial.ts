// What a trial of a random search draws.
import { type Device, Rng, streamOf, Tensor } from '@descent/nn';
import type { TrialSpec } from './arm.ts';

const { fround } = Math;
const LN10 = fround(Math.LN10);

export interface TrialDraw {
  readonly lr: number;
  readonly weightDecay: number;
  /** Their logarithms to base 10, which is what is drawn. */
  readonly lrExponent: number;
  readonly weightDecayExponent: number;
}

/** Depends on the seed and the trial's index alone, so that trials can be run in any order. */
export function drawTrial(
  { index, lrExponents, weightDecayExponents }: TrialSpec,
  seed: number,
  device: Device,
): TrialDraw {
  const numbers = Tensor.zeros(device, [2]);
  new Rng(device, seed).uniform(numbers, { stream: streamOf('trials'), step: index });
  const exponents = numbers.data.map((u, i) => {
    const [low, high] = i === 0 ? lrExponents : weightDecayExponents;
    return fround(low + fround(fround(high - low) * u));
  });
  numbers.data.set(exponents.map((exponent) => fround(exponent * LN10)));
  device.kernels.exp(2, numbers.pointer, numbers.pointer);
  const [lrExponent, weightDecayExponent] = exponents as unknown as [number, number];
  const [lr, weightDecay] = numbers.data as unknown as [number, number];
  return { lr, weightDecay, lrExponent, weightDecayExponent };
}
