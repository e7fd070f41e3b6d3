// The kernels suite: workloads, refusal of wrong kernels, peak loops, report.
import { setImmediate as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { WrongKernelError } from '../src/bench/call.ts';
import { createInputs } from '../src/bench/inputs.ts';
import { BYTES, benchKernels } from '../src/bench/kernels.ts';
import { loadPeakLoops } from '../src/bench/roofline.ts';
import { shapeOfCall, toShape, workloads } from '../src/bench/workloads.ts';
import { availableVariants, type Device, type DeviceOptions, type Kernels, loadDevice } from '../src/index.ts';
import { isArray, opSpecs } from '../src/op-specs.ts';

const host = {
  clock: () => performance.now(),
  pause: async () => void (await pause()),
  environment: { runtime: 'test' },
};

describe('workloads', () => {
  test('cover every op', () => {
    expect(new Set(workloads().map(({ spec }) => spec.op))).toEqual(new Set(opSpecs.map(({ op }) => op)));
    expect(workloads(true).length).toBeGreaterThan(opSpecs.length);
  });

  test('fit into the memory of the suite', () => {
    const bytes = workloads().flatMap(({ spec, sizes }) =>
      spec.arguments.map((argument) => (isArray(argument) ? 4 * argument.count(sizes) + 16 : 0)),
    );
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(BYTES);
  });

  test('have the shape [M, K, N], [M, N] or [N]', () => {
    expect(toShape({ m: 128, n: 100, k: 784 })).toEqual([128, 784, 100]);
    expect(shapeOfCall('linear', [128, 100, 784, 1, 65_536])).toEqual([128, 784, 100]);
    expect(shapeOfCall('transpose', [3, 4, 65_536])).toEqual([3, 4]);
    expect(shapeOfCall('sgd', [5, 0.1])).toEqual([5]);
  });

  test('have the densities of MNIST and of ReLU', () => {
    for (const workload of workloads().filter(({ zeros }) => zeros)) {
      expect(createInputs(workload, 1).density).toBeCloseTo(workload.zeros === 'relu' ? 0.5 : 0.19, 1);
    }
  });
});

test.each<[string, (kernels: Kernels) => Partial<Kernels>, RegExp]>([
  [
    'matmul',
    ({ matmul }) => ({ matmul: (m, n, k, a, b, out) => matmul(m, n, k - 1, a, b, out) }),
    /matmul of scalar at 128×784×100 .* out\[0\] = /,
  ],
  ['sum', ({ sum }) => ({ sum: (n, x) => sum(n - 1, x) }), /sum of scalar at 12800 .* the value /],
])('benchKernels refuses a wrong %s before it measures', async (only, change, message) => {
  const load = async (options: DeviceOptions): Promise<Device> => {
    const device = await loadDevice(options);
    if (device.variant !== 'scalar') return device;
    return { ...device, kernels: { ...device.kernels, ...change(device.kernels) } };
  };
  const run = benchKernels(host, { variants: ['scalar'], quick: true, only, load });
  await expect(run).rejects.toThrow(WrongKernelError);
  await expect(run).rejects.toThrow(message);
});

test.each(availableVariants())('peak loops of %s execute the operations that are counted', async (variant) => {
  const device = await loadDevice({ variant, bytes: 2 ** 16 });
  const { registers, tile, triad } = await loadPeakLoops(device);
  const { arena } = device;
  for (const [name, loop] of Object.entries(registers)) {
    const count = Number(name.replace(/\D+/, ''));
    // A step of a chain halves the distance to 1/2, a step of a pair adds 1/4; Wasm unrolls two steps.
    const steps = variant === 'reference' ? 1 : 2;
    const one = name.startsWith('pairs') ? 0.25 * (1 + steps) : steps === 1 ? 0.375 : 0.4375;
    expect(loop(1, name.startsWith('pairs') ? 1 : 0.5, 0.25), name).toBe(one * count);
  }
  const lanes = variant.includes('simd') ? 4 : 1;
  const at = arena.allocate(4 * 64);
  arena.f32(at, 64).fill(0.5);
  // 4 rows × 2 lanes, of which the first elements are returned; 4 rows × 2 numbers in JavaScript.
  expect(tile(3, 4, at, at)).toBe(3 * 4 * 0.25 * 8);
  triad(4 * lanes, 0.5, at, at, at + 128);
  expect([...arena.f32(at + 128, 4 * lanes)]).toEqual(Array(4 * lanes).fill(0.75));
});

describe('benchKernels', () => {
  test('returns descent-bench/1', async () => {
    const report = await benchKernels(host, { variants: ['scalar'], quick: true, only: 'countEqual' });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    const { environment } = host;
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
    }
  });

  test('measures nothing if no name matches', async () => {
    expect((await benchKernels({ ...host, clock: () => Number.NaN }, { only: 'nothing' })).rows).toEqual([]);
  });
});
