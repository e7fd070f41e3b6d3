// A device: kernels of one variant over one arena. What `.to(device)` means in the layers above.

import { callable, checkArguments, choice, inspectSymbol, inspectText, integer, optionsOf } from '../check.ts';
import type { Kernels } from '../ops.ts';
import { Arena } from './memory.ts';
import { type Gunzip, type PackedWasm, unpack } from './unpack.ts';
import { availableVariants, isAvailable, type Variant, variants } from './variants.ts';

/** Loaded when asked for: a page fetches the one variant that it runs. */
const modules: Readonly<Record<Exclude<Variant, 'reference'>, () => Promise<PackedWasm>>> = {
  simd128: () => import('../generated/simd128.ts'),
  scalar: () => import('../generated/scalar.ts'),
};

/** Kernels and the memory they work on. */
export interface Device {
  /** Which build the kernels are. */
  readonly variant: Variant;
  /** Every operation on the arena's memory. */
  readonly kernels: Kernels;
  /** The memory, and who has which part of it. */
  readonly arena: Arena;
}

/** What `loadDevice` is asked for. */
export interface DeviceOptions {
  /** A build by name; the fastest that this engine runs where none is named. */
  variant?: Variant;
  /** Memory to reserve at once, in bytes. Default 192 MiB: MNIST and any network of the experiments. */
  bytes?: number;
  /** A faster way to unpack than the engine's streams, such as node:zlib's, which saves Node 20 some 30 ms. */
  gunzip?: Gunzip | undefined;
}

/**
 * Compiles a variant and gives it memory.
 * @throws TypeError where the variant is unknown, RangeError where this engine does not run it or has no memory
 */
export async function loadDevice(options: DeviceOptions = {}): Promise<Device> {
  checkArguments('loadDevice', arguments, {
    options: optionsOf<DeviceOptions>({
      variant: choice(...Object.keys(variants)),
      bytes: integer(0, Number.MAX_SAFE_INTEGER),
      gunzip: callable(),
    }),
  });
  const { variant, bytes = 192 * 2 ** 20, gunzip } = options;
  const chosen = variant ?? (availableVariants()[0] as Variant);
  if (!isAvailable(chosen)) throw new RangeError(`[loadDevice] ${unavailable(chosen)}`);
  assertLittleEndian();
  const arena = new Arena(bytes);
  if (chosen === 'reference') {
    const { createReference } = await import('../reference/index.ts');
    return createDevice(chosen, createReference(arena), arena);
  }
  const module = await WebAssembly.compile(await unpack(await modules[chosen](), gunzip));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: arena.memory } });
  return createDevice(chosen, exports as unknown as Kernels, arena);
}

/** A device that `console.log` prints in one line rather than with all of its kernels. */
function createDevice(variant: Variant, kernels: Kernels, arena: Arena): Device {
  const value = () => inspectText('Device', { variant, bytes: arena.capacity, usedBytes: arena.used });
  return Object.defineProperty({ variant, kernels, arena }, inspectSymbol, { value });
}

function unavailable(variant: Variant): string {
  return `this engine does not run the variant ${variant}; use one of ${availableVariants().join(', ')}`;
}

function assertLittleEndian(): void {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) {
    throw new RangeError(
      '[loadDevice] expected a little-endian machine; wasm memory and typed arrays differ on this one',
    );
  }
}
