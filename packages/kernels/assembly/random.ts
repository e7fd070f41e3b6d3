// Random numbers by Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy
// as 1, 2, 3". Each number is a hash of (seed, stream, step, index), so it does not depend on numbers drawn before.
import { normalDeviate } from './functions';
import {
  add, addBits, bits, convert, F32, float, load, loadTail, mul, orBits, selectLess, shiftLeft, shiftRight,
  shiftRightZero, splat, splatBits, store, storeTail, STRIDE, W, xorBits,
} from './lane';

const PARITY: i32 = 0x1bd11bda;

/** Returns (b rotated left) xor a: the second half of a round. */
@inline function mix(b: Bits, a: Bits, by: i32): Bits {
  return xorBits(orBits(shiftLeft(b, by), shiftRightZero(b, 32 - by)), a);
}

/** Returns 0, 1, … W − 1. */
@inline function laneIndices(): Bits {
  if (ASC_FEATURE_SIMD) return i32x4(0, 1, 2, 3);
  else return 0;
}

/** Stores the first `room` of W words. */
@inline function storeWords(out: usize, x: Bits, room: i32): void {
  if (room >= W) store(out, float(x));
  else if (room > 0) storeTail(out, float(x), room);
}

/**
 * Encrypts the counters (first, step) … (first + W − 1, step). Words 0 go to element i of out, words 1 to i + 4.
 * The counters from `first` + 4 run at the same time and go to i + 8 and i + 12: each round waits for the one before,
 * so a single chain of rounds would leave the processor idle.
 */
function threefry(n: i32, i: i32, first: i32, k0: i32, k1: i32, step: i32, out: usize): void {
  const s0 = splatBits(k0);
  const s1 = splatBits(k1);
  const s2 = splatBits(k0 ^ k1 ^ PARITY);
  const t1 = addBits(s2, splatBits(1));
  const t2 = addBits(s0, splatBits(2));
  const t3 = addBits(s1, splatBits(3));
  const t4 = addBits(s2, splatBits(4));
  const t5 = addBits(s0, splatBits(5));
  let a = addBits(addBits(splatBits(first), laneIndices()), s0);
  let b = addBits(splatBits(step), s1);
  let c = addBits(a, splatBits(4));
  let d = b;
  a = addBits(a, b); b = mix(b, a, 13); c = addBits(c, d); d = mix(d, c, 13);
  a = addBits(a, b); b = mix(b, a, 15); c = addBits(c, d); d = mix(d, c, 15);
  a = addBits(a, b); b = mix(b, a, 26); c = addBits(c, d); d = mix(d, c, 26);
  a = addBits(a, b); b = mix(b, a, 6); c = addBits(c, d); d = mix(d, c, 6);
  a = addBits(a, s1); b = addBits(b, t1); c = addBits(c, s1); d = addBits(d, t1);
  a = addBits(a, b); b = mix(b, a, 17); c = addBits(c, d); d = mix(d, c, 17);
  a = addBits(a, b); b = mix(b, a, 29); c = addBits(c, d); d = mix(d, c, 29);
  a = addBits(a, b); b = mix(b, a, 16); c = addBits(c, d); d = mix(d, c, 16);
  a = addBits(a, b); b = mix(b, a, 24); c = addBits(c, d); d = mix(d, c, 24);
  a = addBits(a, s2); b = addBits(b, t2); c = addBits(c, s2); d = addBits(d, t2);
  a = addBits(a, b); b = mix(b, a, 13); c = addBits(c, d); d = mix(d, c, 13);
  a = addBits(a, b); b = mix(b, a, 15); c = addBits(c, d); d = mix(d, c, 15);
  a = addBits(a, b); b = mix(b, a, 26); c = addBits(c, d); d = mix(d, c, 26);
  a = addBits(a, b); b = mix(b, a, 6); c = addBits(c, d); d = mix(d, c, 6);
  a = addBits(a, s0); b = addBits(b, t3); c = addBits(c, s0); d = addBits(d, t3);
  a = addBits(a, b); b = mix(b, a, 17); c = addBits(c, d); d = mix(d, c, 17);
  a = addBits(a, b); b = mix(b, a, 29); c = addBits(c, d); d = mix(d, c, 29);
  a = addBits(a, b); b = mix(b, a, 16); c = addBits(c, d); d = mix(d, c, 16);
  a = addBits(a, b); b = mix(b, a, 24); c = addBits(c, d); d = mix(d, c, 24);
  a = addBits(a, s1); b = addBits(b, t4); c = addBits(c, s1); d = addBits(d, t4);
  a = addBits(a, b); b = mix(b, a, 13); c = addBits(c, d); d = mix(d, c, 13);
  a = addBits(a, b); b = mix(b, a, 15); c = addBits(c, d); d = mix(d, c, 15);
  a = addBits(a, b); b = mix(b, a, 26); c = addBits(c, d); d = mix(d, c, 26);
  a = addBits(a, b); b = mix(b, a, 6); c = addBits(c, d); d = mix(d, c, 6);
  a = addBits(a, s2); b = addBits(b, t5); c = addBits(c, s2); d = addBits(d, t5);
  const to = out + ((<usize>i) << F32);
  storeWords(to, a, n - i);
  storeWords(to + 16, b, n - i - 4);
  storeWords(to + 32, c, n - i - 8);
  storeWords(to + 48, d, n - i - 12);
}

export function randomBits(n: i32, seed: i32, stream: i32, step: i32, out: usize): void {
  for (let i = 0, counter = 0; i < n; i += 16, counter += 8) {
    for (let j = 0; j < 4 && i + j < n; j += W) threefry(n, i + j, counter + j, seed, stream, step, out);
  }
}

/** Returns the upper 24 bits as u in [0, 1). */
@inline function toUniform(word: Lane): Lane {
  return mul(convert(shiftRightZero(bits(word), 8)), splat(5.9604644775390625e-8));
}

/** Converts the upper 24 bits to an odd multiple of 2⁻²⁴ in (−1, 1), and this to a normal number. */
@inline function toNormal(word: Lane): Lane {
  const odd = orBits(shiftLeft(shiftRight(bits(word), 8), 1), splatBits(1));
  return normalDeviate(mul(convert(odd), splat(5.9604644775390625e-8)));
}

export function randomUniform(n: i32, seed: i32, stream: i32, step: i32, low: f32, high: f32, out: usize): void {
  randomBits(n, seed, stream, step, out);
  const base = splat(low), range = splat(high - low);
  let i = 0;
  for (; i + W <= n; i += W, out += STRIDE) store(out, add(base, mul(range, toUniform(load(out)))));
  if (i < n) storeTail(out, add(base, mul(range, toUniform(loadTail(out, n - i)))), n - i);
}

export function randomNormal(n: i32, seed: i32, stream: i32, step: i32, mean: f32, std: f32, out: usize): void {
  randomBits(n, seed, stream, step, out);
  const m = splat(mean), s = splat(std);
  let i = 0;
  for (; i + W <= n; i += W, out += STRIDE) store(out, add(m, mul(s, toNormal(load(out)))));
  if (i < n) storeTail(out, add(m, mul(s, toNormal(loadTail(out, n - i)))), n - i);
}

export function randomIntegers(n: i32, seed: i32, stream: i32, step: i32, bound: i32, out: usize): void {
  randomBits(n, seed, stream, step, out);
  for (let i = 0; i < n; i++, out += 4) i32.store(out, <i32>((i64.load32_u(out) * <i64>bound) >>> 32));
}

/** Returns 0 where the upper 24 bits are below the threshold, else `value`. */
@inline function dropOrKeep(word: Lane, threshold: Lane, value: Lane): Lane {
  return selectLess(convert(shiftRightZero(bits(word), 8)), threshold, splat(0), value);
}

export function dropoutMask(n: i32, seed: i32, stream: i32, step: i32, p: f32, value: f32, out: usize): void {
  randomBits(n, seed, stream, step, out);
  const threshold = splat(p * 16777216);
  const v = splat(value);
  let i = 0;
  for (; i + W <= n; i += W, out += STRIDE) store(out, dropOrKeep(load(out), threshold, v));
  if (i < n) storeTail(out, dropOrKeep(loadTail(out, n - i), threshold, v), n - i);
}
