// onnxruntime, to which our networks must give the same answers. `node scripts/onnxruntime.js` brings it.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What we use of its interface. */
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

const missing = 'onnxruntime is not here; node scripts/onnxruntime.js brings it (113 MB)';
const runtime = load();

/** Whether it is there. In CI it must be. */
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

/** Runs a file on some rows. @returns its one output */
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
