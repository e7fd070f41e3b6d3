// Running statistics.
import type { Kernels, Pointer } from '@descent/kernels';

/** running ← (1 − momentum) · running + momentum · factor · batch, n numbers. */
export function updateRunningStats(
  kernels: Kernels,
  n: number,
  momentum: number,
  factor: number,
  batch: Pointer,
  running: Pointer,
): void {
  kernels.updateRunning(n, momentum, factor, batch, running);
}

/** What makes the variance of a batch of `rows` an unbiased one; 1 for a single row, whose variance is 0. */
export function besselCorrection(rows: number): number {
  return rows > 1 ? rows / (rows - 1) : 1;
}
