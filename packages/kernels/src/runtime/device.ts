// A device: the ops of one variant and their memory.

import { callable, checkArguments, choice, inspectSymbol, inspectText, integer, optionsOf } from '../check.ts';
import type { Kernels } from '../ops.ts';
import { Arena } from './memory.ts';
import { availableVariants, isAvailable, type Variant, variants } from './variants.ts';

/** The exports of a module in `generated/`. */
export interface PackedWasm {
  /** The wasm module, compressed with gzip and encoded in base64. */
  readonly wasm: string;
}

/** Decompresses gzip. */
export type Gunzip = (packed: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;

/** The compiled modules, loaded on demand: a page downloads only the variant that it runs. */
const modules: Readonly<Record<Exclude<Variant, 'reference'>, () => Promise<PackedWasm>>> = {
  simd128: () => import('../generated/simd128.ts'),
  scalar: () => import('../generated/scalar.ts'),
};

/** The ops of a variant and their memory. */
export interface Device {
  /** The build of the ops. */
  readonly variant: Variant;
  /** The ops. Their pointers are addresses in the arena. */
  readonly kernels: Kernels;
  /** The memory and its allocator. */
  readonly arena: Arena;
}

/** Options of `loadDevice`. */
export interface DeviceOptions {
  /** The variant. Default: the fastest one that this engine supports. */
  variant?: Variant;
  /** Initial memory in bytes. Default: 192 MiB, enough for MNIST and every network of the experiments. */
  bytes?: number;
  /** Decompresses gzip. Default: the streams of the engine. `node:zlib` saves about 30 ms in Node 20. */
  gunzip?: Gunzip | undefined;
}

/**
 * Compiles a variant and allocates its memory.
 * @throws TypeError if the variant is unknown, RangeError if this engine does not support it or lacks memory
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
  if (!isAvailable(chosen)) {
    const known = availableVariants().join(', ');
    throw new RangeError(`[loadDevice] this engine does not support the variant ${chosen}; use one of ${known}`);
  }
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

/** Returns a device that `console.log` prints in one line, without its ops. */
function createDevice(variant: Variant, kernels: Kernels, arena: Arena): Device {
  const value = () => inspectText('Device', { variant, bytes: arena.capacity, usedBytes: arena.used });
  return Object.defineProperty({ variant, kernels, arena }, inspectSymbol, { value });
}

function assertLittleEndian(): void {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) {
    throw new RangeError(
      '[loadDevice] expected a little-endian machine: WebAssembly and typed arrays must have the same byte order',
    );
  }
}

/** Returns the wasm bytes of a packed module. */
export async function unpack({ wasm }: PackedWasm, gunzip: Gunzip = decompress): Promise<Uint8Array<ArrayBuffer>> {
  return gunzip(Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0)));
}

async function decompress(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
