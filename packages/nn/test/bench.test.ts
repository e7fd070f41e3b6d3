// The step suite on images of our own: its rows, its profile, and that it refuses steps that do not agree.
import { setImmediate as soon } from 'node:timers/promises';
import { type Device, loadDevice } from '@descent/kernels';
import { WrongKernelError } from '@descent/kernels/bench';
import { expect, test } from 'vitest';
import { benchStep, profileStep } from '../src/bench/index.ts';
import { Tensor, TensorDataset } from '../src/index.ts';

const host = { clock: () => performance.now(), pause: async () => void (await soon()) };

/** A third of the pixels is bright, which third depends on the label. */
function images(device: Device) {
  const labels = Uint8Array.from({ length: 256 }, (_, i) => i % 10);
  const pixels = Uint8Array.from({ length: 256 * 784 }, (_, i) => (Math.floor(i / 784 + i) % 10 < 3 ? 200 : 0));
  const inputs = Tensor.from(device, pixels, [256, 784], 'uint8');
  const set = new TensorDataset({ inputs, labels: Tensor.from(device, labels, [256], 'uint8') });
  return { train: set, test: set.slice(0, 200), sha256: '' };
}

const options = { quick: true, only: '4-10 Adam', data: 'stripes', images };

test('a row a network, optimizer and variant; a profile of the first', async () => {
  const report = await benchStep(host, {
    ...options,
    variants: ['simd128'],
    profile: profileStep,
    environment: { cpu: 'c' },
  });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report).toMatchObject({ format: 'descent-bench/1', suite: 'step', environment: { cpu: 'c' } });
  expect(report.rows).toEqual([
    expect.objectContaining({
      network: '784-100x4-10',
      optimizer: 'Adam',
      batch: 128,
      data: 'stripes',
      variant: 'simd128',
      medianUs: expect.any(Number),
      ci95Us: [expect.any(Number), expect.any(Number)],
    }),
  ]);
  const ops = report.profile?.ops ?? [];
  expect(new Set(ops.map(({ phase }) => phase))).toEqual(new Set(['batch', 'forward', 'loss', 'backward', 'update']));
  expect(ops).toContainEqual(expect.objectContaining({ phase: 'update', op: 'adam', shape: [109_810], calls: 1 }));
  expect(ops).toContainEqual(expect.objectContaining({ phase: 'batch', op: 'randomIntegers', shape: [128] }));
  const { evaluation } = report.profile ?? {};
  expect(evaluation?.images).toBe(200);
  expect(evaluation?.ops).toContainEqual(expect.objectContaining({ op: 'argmaxRows', shape: [72, 10], calls: 1 }));
});

test('variants whose steps do not agree are refused', async () => {
  const load = async (wanted: Parameters<typeof loadDevice>[0]) => {
    const device = await loadDevice(wanted);
    const { adam } = device.kernels;
    const wrong: typeof adam = (n, stepSize, ...rest) => adam(n, stepSize * 1.001, ...rest);
    return device.variant === 'scalar' ? { ...device, kernels: { ...device.kernels, adam: wrong } } : device;
  };
  const run = benchStep(host, { ...options, variants: ['simd128', 'scalar'], load });
  await expect(run).rejects.toThrow(WrongKernelError);
  await expect(run).rejects.toThrow(/784-100x4-10 under Adam .* simd128 and scalar, but parameter \d+ is/);
});
