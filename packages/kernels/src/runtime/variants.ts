// The builds of the ops. All give the same bits.

import { checkArguments } from '../check.ts';

/** A build of the ops. */
export type Variant = 'simd128' | 'scalar' | 'reference';

/** Properties of a variant. */
export interface VariantInfo {
  /** A minimal module that is valid only in engines with the required features. Plain TypeScript has none. */
  readonly probe?: Uint8Array<ArrayBuffer>;
}

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];

/** The variants, fastest first. */
export const variants: Readonly<Record<Variant, VariantInfo>> = {
  simd128: {
    // (module (func (result v128) i32.const 0 i8x16.splat))
    probe: Uint8Array.from([...HEADER, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11]),
  },
  scalar: { probe: Uint8Array.from(HEADER) },
  reference: {},
};

/** Returns whether this engine supports a variant. */
export function isAvailable(variant: Variant): boolean {
  const { probe } = variants[variant];
  return probe === undefined || (typeof WebAssembly === 'object' && WebAssembly.validate(probe));
}

/** Returns the variants that this engine supports, fastest first. */
export function availableVariants(): Variant[] {
  checkArguments('availableVariants', arguments, {});
  return (Object.keys(variants) as Variant[]).filter(isAvailable);
}
