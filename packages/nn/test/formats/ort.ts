// onnxruntime, an independent implementation of ONNX. `node scripts/onnxruntime.js` installs it.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The used part of its interface. */
interface OrtTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}
interface Session {
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}
interface Runtime {
  readonly InferenceSession: { create(file: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OrtTensor;
}

const missing = 'onnxruntime is not installed; run node scripts/onnxruntime.js (113 MB)';
const runtime = load();

/** Whether it is installed, which CI requires. */
export const hasRuntime = runtime !== undefined;
if (!hasRuntime) {
  if (process.env.CI) throw new Error(missing);
  process.stdout.write(`skipped: ${missing}\n`);
}

function load(): Runtime | undefined {
  const cache = fileURLToPath(new URL('../../../../node_modules/.cache/', import.meta.url));
  const name = existsSync(cache) && readdirSync(cache).find((each) => each.startsWith('onnxruntime-node-'));
  return name ? createRequire(`${cache}${name}/`)('onnxruntime-node') : undefined;
}

/** Runs a model. Returns its output. */
export async function runOnnx(
  file: Uint8Array,
  x: Float32Array,
  shape: readonly number[],
): Promise<{ data: Float32Array; dims: readonly number[]; name: string }> {
  const { InferenceSession, Tensor } = runtime as Runtime;
  const session = await InferenceSession.create(file, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  const results = await session.run({ input: new Tensor('float32', x, shape) });
  const [name = ''] = session.outputNames;
  const { data, dims } = results[name] as OrtTensor;
  await session.release();
  return { data, dims, name };
}

/** Returns the greatest absolute difference of two arrays, NaN if one has a NaN, Infinity if the lengths differ. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((greatest, value, at) => Math.max(greatest, Math.abs(value - (b[at] as number))), 0);
}

/** Returns the index of the greatest value per row, the first of equals. */
export function argmaxRows(logits: Float32Array, classes: number): number[] {
  return Array.from({ length: logits.length / classes }, (_, row) => {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    return values.indexOf(Math.max(...values));
  });
}
