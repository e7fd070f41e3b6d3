// The same bits in every engine: one bundle, real MNIST, every arm.
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type HarnessResult, runHarness, thisNode } from './engines.ts';
import { createHarness, type HarnessFixture } from './harness-fixture.ts';

const STEPS = 100;
const others = inject('engines').filter(({ name }) => name !== thisNode.name);
let harness: HarnessFixture;

beforeAll(async () => {
  harness = await createHarness();
  return () => harness.close();
});

describe(`optimizer_compare_mnist, ${STEPS} steps`, () => {
  let expected: HarnessResult;

  beforeAll(async () => {
    expected = await runHarness(thisNode, harness, { steps: STEPS });
  });

  test('the loss falls in this version of Node', () => {
    expect(expected.arms).toHaveLength(4);
    for (const { losses } of expected.arms) {
      expect(losses).toHaveLength(STEPS);
      expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    }
  });

  for (const engine of others) {
    const isInstalled = 'executable' in engine;
    // In CI a missing engine fails; elsewhere setup.ts lists it at the end.
    test.skipIf(!isInstalled && !process.env.CI)(`gives the same bits in ${engine.name}`, async () => {
      if (!isInstalled) throw new Error(`${engine.name} is not installed: ${engine.install}`);
      const result = await runHarness(engine, harness, { steps: STEPS });
      expect(findDifference(result, expected), result.runtime).toBeUndefined();
    });
  }
});

/** Returns the first arm and step at which two results differ. */
function findDifference(result: HarnessResult, { arms }: HarnessResult): string | undefined {
  for (const [index, { name, digest, losses }] of arms.entries()) {
    const other = result.arms[index];
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
