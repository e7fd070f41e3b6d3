// A training that goes on and on: what it holds is its curve and no more, a step late takes as long as one early, and a hundred
// interruptions on the way leave no trace. LONG_HAUL=1000000 sets the steps and prints what docs/robustness.md has of them.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Training } from '../src/training/training.ts';
import { classifier, optimizers, tinyContext } from './bench.ts';

const steps = Number(process.env.LONG_HAUL ?? 20_000);
const RESUMES = 100;
const LOOKS = 20;
/** Bytes of a curve: the place and the value of each step, and half as much again where an array has room to grow. */
const CURVE = 24;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

// Whatever a step may carry on: momenta and their powers, running statistics, masks by their address, a curve that grows.
const spec = classifier({ norm: 'batch', dropout: 0.2, optimizer: optimizers.Adam, steps }, 'long');
const context = await tinyContext('simd128');

interface Look {
  /** Bytes in use when all that is not has been collected: in JavaScript, and the memory of the kernels. */
  readonly heap: number;
  readonly wasm: number;
  /** Of the processor, since the last look: what others do on the machine does not count. */
  readonly microsecondsAStep: number;
}

function look(microseconds: number): Look {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const wasm = context.device.arena.memory.buffer.byteLength;
  return { heap: heapUsed + arrayBuffers, wasm, microsecondsAStep: (microseconds * LOOKS) / steps };
}

/** Microseconds that this process has had of the processor. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function inOneGo() {
  const training = new Training(spec, context);
  const looks: Look[] = [];
  let began = cpu();
  for (const _ of training.run()) {
    if (training.step % (steps / LOOKS) !== 0) continue;
    looks.push(look(cpu() - began));
    began = cpu();
  }
  const { digest } = training.record();
  training.release();
  return { digest, looks };
}

/** The same, taken down and set up again from a checkpoint a hundred times. */
function inLegs() {
  const every = Math.floor(steps / (RESUMES + 1));
  let training = new Training(spec, context);
  let resumes = 0;
  while (resumes < RESUMES) {
    for (const _ of training.run()) if (training.step % every === 0) break;
    const checkpoint = training.snapshot();
    training.release();
    training = new Training(spec, context, checkpoint);
    resumes++;
  }
  for (const _ of training.run());
  const { digest } = training.record();
  training.release();
  return { digest, resumes };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

test(`${steps} steps`, { timeout: 3_600_000 }, () => {
  const { digest, looks } = inOneGo();
  const legs = inLegs();
  const [early, late] = [looks.slice(1, LOOKS / 2), looks.slice(LOOKS / 2)];
  const speeds = [early, late].map((part) => median(part.map(({ microsecondsAStep }) => microsecondsAStep)));
  // biome-ignore lint/suspicious/noConsole: whoever asked for it reads it
  if (process.env.LONG_HAUL) console.log(JSON.stringify({ looks, speeds, digest, legs }, null, 1));
  const [first, last] = [early[0], late.at(-1)] as [Look, Look];
  expect(last.heap - first.heap).toBeLessThan(CURVE * steps + 2 ** 17);
  expect(last.wasm).toBe(first.wasm);
  expect(speeds[1]).toBeLessThan(2 * (speeds[0] as number));
  expect(legs).toEqual({ digest, resumes: RESUMES });
});
