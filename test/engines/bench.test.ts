// `descent bench` in a browser: the suites run there as they do in Node, check their answers first and give the same report.
import type { KernelsReport, StepReport } from '@descent/experiments/bench';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { runHarness, thisNode } from './engines.ts';
import { createHarness, type HarnessFixture } from './harness-fixture.ts';

export interface BenchOutcome {
  readonly runtime: string;
  readonly kernels: KernelsReport;
  readonly step: StepReport;
}

let harness: HarnessFixture;

beforeAll(async () => {
  harness = await createHarness('bench-harness.ts');
});

afterAll(() => harness?.close());

const chromium = inject('engines').find(({ name }) => name === 'Chromium');

describe.each([thisNode, ...(chromium ? [chromium] : [])])('the benchmark in $name', (engine) => {
  const isHere = 'executable' in engine;

  test.skipIf(!isHere && !process.env.CI)('reports a roof, products and a step', async () => {
    if (!isHere) throw new Error(`${engine.name} is not on this machine: ${engine.install}`);
    const { kernels, step } = await runHarness<BenchOutcome>(engine, harness, { quick: true });
    expect(kernels.format).toBe('descent-bench/1');
    expect(kernels.roof.simd128?.gflops).toBeGreaterThan(0);
    const shapes = kernels.rows.filter(({ op, variant }) => op === 'matmul' && variant === 'simd128');
    expect(shapes.map(({ shape }) => shape.join())).toContain('128,784,100');
    for (const { medianUs, roofFraction } of shapes) {
      expect(medianUs).toBeGreaterThan(0);
      expect(roofFraction).toBeLessThanOrEqual(1);
    }
    expect(step.rows.map(({ network, optimizer }) => `${network} ${optimizer}`)).toContain('784-100x4-10 SGD');
  });
});
