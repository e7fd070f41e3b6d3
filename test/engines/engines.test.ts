// The same bits in every engine and of every variant: one bundle, real MNIST, every arm.
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Outcome, perform, thisNode } from './engines.ts';
import { raise, type Theatre } from './stage.ts';

const engines = inject('engines');
let theatre: Theatre;

beforeAll(async () => {
  theatre = await raise();
  return () => theatre.close();
});

describe('optimizer_compare_mnist, 200 steps', () => {
  let expected: Outcome;

  beforeAll(async () => {
    expected = await perform(thisNode, theatre, { steps: 200 });
  });

  test('learns in this Node', () => {
    expect(expected.arms).toHaveLength(4);
    for (const { losses } of expected.arms) {
      expect(losses).toHaveLength(200);
      expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    }
  });

  for (const engine of engines) {
    const isHere = 'executable' in engine;
    // In CI an engine that is missing is a fault; elsewhere setup.ts names it at the end.
    test.skipIf(!isHere && !process.env.CI)(`gives the same bits in ${engine.name}`, async () => {
      if (!isHere) throw new Error(`${engine.name} is not on this machine: ${engine.leftOut}`);
      const outcome = await perform(engine, theatre, { steps: 200 });
      expect(differenceOf(outcome, expected), outcome.runtime).toBeUndefined();
    });
  }
});

test.each(['scalar', 'reference'] as const)('gives the same bits with %s kernels, 20 steps', async (variant) => {
  const [best, other] = await Promise.all([
    perform(thisNode, theatre, { steps: 20 }),
    perform(thisNode, theatre, { steps: 20, variant }),
  ]);
  expect(differenceOf(other, best)).toBeUndefined();
});

/** The first arm and step at which two outcomes differ. */
function differenceOf(outcome: Outcome, { arms }: Outcome): string | undefined {
  for (const [index, { name, digest, losses }] of arms.entries()) {
    const other = outcome.arms[index];
    if (other?.digest === digest && other.name === name) continue;
    const step = losses.findIndex((loss, at) => !Object.is(loss, other?.losses[at]));
    const where =
      step < 0
        ? 'in its weights or optimizer state'
        : `at step ${step + 1}: ${other?.losses[step]}, not ${losses[step]}`;
    return `${name} differs first ${where}`;
  }
  return undefined;
}
