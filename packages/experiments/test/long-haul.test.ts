// A long training: memory grows only by the recorded curve, and late steps take as long as early ones.
// LONG_HAUL=1000000 sets the number of steps and prints the measurements for docs/robustness.md.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Training } from '../src/training/training.ts';
import { classifier, optimizers, tinyContext } from './bench.ts';

const steps = Number(process.env.LONG_HAUL ?? 20_000);
const SAMPLES = 20;
/** Bytes per step of a curve: its step and its value, and the spare capacity of arrays. */
const BYTES_PER_STEP = 24;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

// State that grows or accumulates: momenta and their powers, running statistics, dropout masks, the curve.
const spec = classifier({ norm: 'batch', dropout: 0.2, optimizer: optimizers.Adam, steps }, 'long');

/** Returns CPU microseconds of this process, which do not depend on other processes. */
function getCpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

test(`${steps} steps keep memory and speed constant`, { timeout: 3_600_000 }, async () => {
  const context = await tinyContext('simd128');
  const training = new Training(spec, context);
  const samples: { heap: number; wasm: number; microsecondsPerStep: number }[] = [];
  let start = getCpuTime();
  for (const _ of training.run()) {
    if (training.step % (steps / SAMPLES) !== 0) continue;
    const microsecondsPerStep = ((getCpuTime() - start) * SAMPLES) / steps;
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const wasm = context.device.arena.memory.buffer.byteLength;
    samples.push({ heap: heapUsed + arrayBuffers, wasm, microsecondsPerStep });
    start = getCpuTime();
  }
  const [early, late] = [samples.slice(1, SAMPLES / 2), samples.slice(SAMPLES / 2)];
  const speeds = [early, late].map((part) => median(part.map(({ microsecondsPerStep }) => microsecondsPerStep)));
  // biome-ignore lint/suspicious/noConsole: printed on request
  if (process.env.LONG_HAUL) console.log(JSON.stringify({ samples, speeds }, null, 1));
  const [first, last] = [early[0], late.at(-1)] as [(typeof samples)[0], (typeof samples)[0]];
  expect(last.heap - first.heap).toBeLessThan(BYTES_PER_STEP * steps + 2 ** 17);
  expect(last.wasm).toBe(first.wasm);
  expect(speeds[1]).toBeLessThan(2 * (speeds[0] as number));
});
