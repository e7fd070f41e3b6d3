// Whether a build of the kernels differs from the reference anywhere in a list of calls: what a mutant must do.
import fc from 'fast-check';
import { type Device, loadDevice } from '../src/index.ts';
import { opSpecs } from '../src/op-specs.ts';
import { Arena } from '../src/runtime/memory.ts';
import { type Call, isSame, type Outcome, run } from './bits.ts';
import { callsOf, inBlocks } from './calls.ts';

const BYTES = 8 * 2 ** 20;

export interface KernelChecker {
  /** The first op that a module gets wrong, or undefined where it gets all right. `ops`: only these. */
  judge(wasm: BufferSource, ops?: ReadonlySet<string>): Promise<string | undefined>;
}

/** @param runs calls an op */
export async function createKernelChecker(runs: number): Promise<KernelChecker> {
  const reference = await loadDevice({ variant: 'reference', bytes: BYTES });
  const calls: readonly Call[] = [
    ...opSpecs.flatMap((row) => fc.sample(callsOf(row), { numRuns: runs, seed: 1 })),
    ...inBlocks,
  ];
  const answers: Outcome[] = calls.map((call) => run(reference, call));
  return {
    async judge(wasm, ops) {
      const arena = new Arena(BYTES);
      const { instance } = await WebAssembly.instantiate(wasm, { env: { memory: arena.memory } });
      const device: Device = { variant: 'simd128', kernels: instance.exports as never, arena };
      for (const [index, call] of calls.entries()) {
        if (ops && !ops.has(call.row.op)) continue;
        const mark = arena.mark();
        try {
          if (!isSame(run(device, call), answers[index] as Outcome)) return call.row.op;
        } catch {
          return call.row.op;
        }
        arena.release(mark);
      }
      return undefined;
    },
  };
}
