// The benchmark itself: what it times, that it refuses wrong kernels, that its loops do what they are counted for.
import { setImmediate as soon } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { WrongKernelError } from '../src/bench/call.ts';
import { createInputs } from '../src/bench/inputs.ts';
import { BYTES, benchKernels } from '../src/bench/kernels.ts';
import { loadPeakLoops } from '../src/bench/roofline.ts';
import { shapeOfCall, toShape, workloads } from '../src/bench/workloads.ts';
import { availableVariants, type Device, type DeviceOptions, type Kernels, loadDevice } from '../src/index.ts';
import { isArray, opSpecs } from '../src/op-specs.ts';

const host = { clock: () => performance.now(), pause: async () => void (await soon()) };

/** A loader that slips kernels into one variant. */
function slipping(variant: string, wrong: (kernels: Kernels) => Partial<Kernels>) {
  return async (options: DeviceOptions): Promise<Device> => {
    const device = await loadDevice(options);
    return device.variant === variant
      ? { ...device, kernels: { ...device.kernels, ...wrong(device.kernels) } }
      : device;
  };
}

describe('bouts', () => {
  test('every op of the table is timed', () => {
    expect(new Set(workloads().map(({ row }) => row.op))).toEqual(new Set(opSpecs.map(({ op }) => op)));
    expect(workloads({ quick: true }).length).toBeGreaterThan(opSpecs.length);
  });

  test('there is room for all of them', () => {
    const bytes = workloads().flatMap(({ row, sizes }) =>
      row.arguments.map((argument) => (isArray(argument) ? 4 * argument.count(sizes) + 16 : 0)),
    );
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(BYTES);
  });

  test('a product has the shape [M, K, N], other ops [M, N] or [N]', () => {
    expect(toShape({ m: 128, n: 100, k: 784 })).toEqual([128, 784, 100]);
    expect(shapeOfCall('linear', [128, 100, 784, 1, 65_536])).toEqual([128, 784, 100]);
    expect(shapeOfCall('transpose', [3, 4, 65_536])).toEqual([3, 4]);
    expect(shapeOfCall('sgd', [5, 0.1])).toEqual([5]);
  });

  test('zeros are as many as in MNIST and behind a ReLU', () => {
    for (const bout of workloads().filter(({ zeros }) => zeros)) {
      const { density } = createInputs(bout, 1);
      expect(density).toBeCloseTo(bout.zeros === 'relu' ? 0.5 : 0.19, 1);
    }
  });
});

describe('a wrong kernel', () => {
  test('is refused by name, before anything is timed', async () => {
    const load = slipping('scalar', ({ matmul }) => ({
      matmul: (m, n, k, a, b, out) => matmul(m, n, k - 1, a, b, out),
    }));
    const run = benchKernels(host, { variants: ['scalar'], quick: true, only: 'matmul', load });
    await expect(run).rejects.toThrow(WrongKernelError);
    await expect(run).rejects.toThrow(/matmul of scalar at 128×784×100 .* out\[0\] = .* is not timed/);
  });

  test('is refused for its value too', async () => {
    const load = slipping('scalar', ({ sum }) => ({ sum: (n, x) => sum(n - 1, x) }));
    const run = benchKernels(host, { variants: ['scalar'], quick: true, only: 'sum', load });
    await expect(run).rejects.toThrow(/sum of scalar at 12800 .* its value = /);
  });
});

describe.each(availableVariants())('the roof of %s', (variant) => {
  test('its loops do what they are counted for', async () => {
    const device = await loadDevice({ variant, bytes: 2 ** 16 });
    const { registers, tile, triad } = await loadPeakLoops(device);
    const { arena } = device;
    for (const [name, loop] of Object.entries(registers)) {
      const count = Number(name.replace(/\D+/, ''));
      // A step of a chain goes half the way to 1/2, a step of a pair adds 1/4; wasm does two a turn.
      const steps = variant === 'reference' ? 1 : 2;
      const one = name.startsWith('pairs') ? 0.25 * (1 + steps) : steps === 1 ? 0.375 : 0.4375;
      expect(loop(1, name.startsWith('pairs') ? 1 : 0.5, 0.25), name).toBe(one * count);
    }
    const lanes = variant.includes('simd') ? 4 : 1;
    const at = arena.allocate(4 * 64);
    arena.f32(at, 64).fill(0.5);
    // 4 rows × 2 Lanes, of which the first places come out; a tile of JavaScript has 4 rows × 2 floats.
    expect(tile(3, 4, at, at)).toBe(3 * 4 * 0.25 * 8);
    triad(4 * lanes, 0.5, at, at, at + 128);
    expect([...arena.f32(at + 128, 4 * lanes)]).toEqual(Array(4 * lanes).fill(0.75));
  });
});

describe('the report', () => {
  test('has what DESIGN promises of it', async () => {
    const environment = { runtime: 'test' };
    const report = await benchKernels(host, { variants: ['scalar'], quick: true, only: 'countEqual', environment });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({
      format: 'descent-bench/1',
      suite: 'kernels',
      environment,
      notes: expect.any(Array),
    });
    expect(report.rows.map(({ op, shape, variant }) => [op, shape, variant])).toEqual([
      ['countEqual', [128], 'reference'],
      ['countEqual', [128], 'scalar'],
    ]);
    for (const { medianUs, ci95Us, leastUs, roofFraction, speedupOverReference } of report.rows) {
      expect(ci95Us[0]).toBeLessThanOrEqual(medianUs);
      expect(ci95Us[1]).toBeGreaterThanOrEqual(medianUs);
      expect(leastUs).toBeLessThanOrEqual(ci95Us[0]);
      expect(roofFraction).toBeGreaterThan(0);
      expect(roofFraction).toBeLessThanOrEqual(1);
      expect(speedupOverReference).toBeGreaterThan(0);
    }
    for (const { gflops, loop, gbps, loops, streams } of Object.values(report.roof)) {
      expect(gflops).toBe(Math.max(...loops.map((one) => one.gflops)));
      expect(loops.find((one) => one.gflops === gflops)?.loop).toBe(loop);
      expect(gbps).toBe(streams.at(-1)?.gbps);
      expect(loops.length).toBeGreaterThan(3);
    }
  });
});
