// The builds of the kernels, fastest first. All give the same bits.

import { checkArguments } from '../check.ts';

/** A build of the kernels. */
export type Variant = 'simd128' | 'scalar' | 'reference';

/** What is known of a variant before it is loaded. */
export interface VariantInfo {
  /** The smallest module that only an engine with the feature accepts; none for plain TypeScript. */
  readonly probe?: Uint8Array<ArrayBuffer>;
}

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];

/** Fastest first. */
export const variants: Readonly<Record<Variant, VariantInfo>> = {
  simd128: {
    // (module (func (result v128) i32.const 0 i8x16.splat))
    probe: Uint8Array.from([...HEADER, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11]),
  },
  scalar: { probe: Uint8Array.from(HEADER) },
  reference: {},
};

/** Whether this engine runs a variant. */
export function isAvailable(variant: Variant): boolean {
  const { probe } = variants[variant];
  return probe === undefined || (typeof WebAssembly === 'object' && WebAssembly.validate(probe));
}

/** The variants that this engine runs, fastest first. */
export function availableVariants(): Variant[] {
  checkArguments('availableVariants', arguments, {});
  return (Object.keys(variants) as Variant[]).filter(isAvailable);
}
