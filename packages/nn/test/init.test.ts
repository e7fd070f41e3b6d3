// Initializers: their moments, and the very numbers of one seed.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import {
  constant,
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  normal,
  ones,
  Rng,
  streamOf,
  Tensor,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
} from '../src/index.ts';
import { device, devices } from './devices.ts';

const fanIn = 400;
const fanOut = 250;

function draw(init: Initializer, on = device, seed = 1): Float32Array<ArrayBuffer> {
  const mark = on.arena.mark();
  const tensor = Tensor.zeros(on, [fanIn, fanOut]);
  init(tensor, { fanIn, fanOut, rng: new Rng(on, seed), stream: streamOf('weights') });
  const data = tensor.data.slice();
  on.arena.release(mark);
  return data;
}

const digest = ({ buffer }: Float32Array<ArrayBuffer>): string => bytesToHex(sha256(new Uint8Array(buffer)));

/** Fourth moment over squared variance, which says how far a sample variance strays. */
const kurtosis = { normal: 3, uniform: 1.8 };

const random: [string, Initializer, keyof typeof kurtosis, number, number][] = [
  ['normal()', normal(), 'normal', 0, 1],
  ['normal(3, 0.01)', normal({ mean: 3, std: 0.01 }), 'normal', 3, 1e-4],
  ['uniform()', uniform(), 'uniform', 0.5, 1 / 12],
  ['uniform(−2, 4)', uniform({ low: -2, high: 4 }), 'uniform', 1, 3],
  ['kaimingNormal', kaimingNormal(), 'normal', 0, 2 / 400],
  ['kaimingUniform', kaimingUniform(), 'uniform', 0, 2 / 400],
  ['xavierNormal', xavierNormal(), 'normal', 0, 2 / 650],
  ['xavierUniform', xavierUniform(), 'uniform', 0, 2 / 650],
  ['lecunNormal', lecunNormal(), 'normal', 0, 1 / 400],
];

describe.each(random)('%s', (_, init, kind, mean, variance) => {
  const n = fanIn * fanOut;

  test('has its mean and variance within five standard errors', () => {
    const data = draw(init);
    const m = data.reduce((sum, value) => sum + value, 0) / n;
    const v = data.reduce((sum, value) => sum + (value - m) ** 2, 0) / n;
    expect(Math.abs(m - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
    expect(Math.abs(v / variance - 1)).toBeLessThan(5 * Math.sqrt((kurtosis[kind] - 1) / n));
  });

  test(`has the tails of a ${kind} distribution`, () => {
    const reach = draw(init).reduce((greatest, value) => Math.max(greatest, Math.abs(value - mean)), 0);
    const sigmas = reach / Math.sqrt(variance);
    if (kind === 'uniform') expect(sigmas).toBeLessThanOrEqual(Math.sqrt(3) * (1 + 1e-6));
    if (kind === 'uniform') expect(sigmas).toBeGreaterThan(1.73);
    if (kind === 'normal') expect(sigmas).toBeGreaterThan(3.5);
    if (kind === 'normal') expect(sigmas).toBeLessThan(6);
  });

  test('gives the same bits on every variant', () => {
    for (const on of devices) expect(digest(draw(init, on))).toBe(digest(draw(init)));
  });

  test('follows the seed', () => {
    expect(digest(draw(init, device, 2))).not.toBe(digest(draw(init)));
  });
});

test.each([
  ['zeros', zeros(), 0],
  ['ones', ones(), 1],
  ['constant', constant(-0.25), -0.25],
])('%s', (_, init, value) => {
  expect(draw(init).every((element) => element === value)).toBe(true);
});

test.each<[string, Initializer, number[]]>([
  ['kaimingNormal', kaimingNormal(), [-0.027910424, 0.025596453, -0.084554195, 0.054311264, 0.065212116, 0.06336395]],
  ['uniform', uniform(), [0.84652734, 0.14131963, 0.6158918, 0.27877933, 0.3217979, 0.3149007]],
])('the first numbers of %s at seed 1 stay what they are: records depend on them', (_, init, first) => {
  expect([...draw(init).subarray(0, 6)]).toEqual(first.map(Math.fround));
});
