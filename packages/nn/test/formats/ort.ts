// onnxruntime, to which our networks must give the same answers.
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';

/** Runs a file on some rows. @returns its one output */
export async function runOnnx(
  file: Uint8Array,
  x: Float32Array,
  shape: readonly number[],
): Promise<{ data: Float32Array; dims: readonly number[]; name: string }> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  const results = await session.run({ input: new OrtTensor('float32', x, shape) });
  const [name = ''] = session.outputNames;
  const { data, dims } = results[name] as OrtTensor;
  await session.release();
  return { data: data as Float32Array, dims, name };
}

/** The greatest difference of two arrays of one length; NaN where one has a NaN. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] as number))), 0);
}

/** The place of the greatest of each row, the first of equals. */
export function classesOf(logits: Float32Array, classes: number): number[] {
  return Array.from({ length: logits.length / classes }, (_, row) => {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    return values.indexOf(Math.max(...values));
  });
}
