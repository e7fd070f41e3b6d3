// Fuzzing: each reader accepts good inputs, and accepts or rejects damaged ones quickly and with a clear message.
// Each test run tries a few inputs; `npm run fuzz` tries 100,000 per reader with a new seed.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLines, journals } from './command-line.ts';
import { idx, safetensors } from './files.ts';
import { permalinks, queueMessages } from './messages.ts';
import { exports, records } from './records.ts';
import type { Target } from './target.ts';

const numRuns = Number(process.env.FUZZ_RUNS ?? 100);
const seed = Number(process.env.FUZZ_SEED ?? 1);
const timeout = numRuns > 1_000 ? 24 * 3_600_000 : 60_000;
const MAX_MS = 1_000;
const MAX_LEAK_BYTES = 256 * 2 ** 20;

const targets = [
  idx,
  safetensors,
  records,
  exports,
  journals,
  permalinks,
  commandLines,
  queueMessages,
] as unknown as readonly Target[];

describe.each(targets)('$name', ({ seeds, mutate, refusals, run }) => {
  test('good inputs are accepted', async () => {
    for (const input of await seeds()) await run(input);
  });

  test(`${numRuns} damaged inputs are accepted or rejected`, { timeout }, async () => {
    const good = await seeds();
    const before = usedBytes();
    const property = fc.asyncProperty(mutate(good), async (input) => {
      const start = process.cpuUsage();
      try {
        await run(input);
      } catch (error) {
        if (!refusals.some((refusal) => error instanceof refusal)) throw error;
        checkMessage((error as Error).message);
      }
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1_000).toBeLessThan(MAX_MS);
    });
    await fc.assert(property, { numRuns, seed, asyncReporter: reportFailure });
    expect(usedBytes() - before).toBeLessThan(MAX_LEAK_BYTES);
  });
});

/** Throws with the seed, the error and the first 1,000 characters of the input. */
async function reportFailure<T>({ failed, seed: used, counterexample, errorInstance }: fc.RunDetails<T>) {
  if (!failed) return;
  const input = fc.stringify(counterexample).slice(0, 1_000);
  throw new Error(`FUZZ_SEED=${used}\n${(errorInstance as Error)?.stack}\n${input}`);
}

/** Fails for a message that is empty, a page long, or the engine's text about a missing value. */
function checkMessage(message: string): void {
  expect(message.length).toBeGreaterThan(10);
  expect(message.length).toBeLessThan(3_000);
  expect(message).not.toMatch(/undefined is not|of undefined/);
}

/** Bytes in use after a garbage collection. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
