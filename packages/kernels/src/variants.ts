// The builds of the kernels, best deterministic one first.

/** A build of the kernels. All but `relaxed-simd` give the same bits. */
export type Variant = 'simd128' | 'scalar' | 'reference' | 'relaxed-simd';

/** What is known of a variant before it is loaded. */
export interface VariantInfo {
  /** Whether it agrees bit for bit with the reference. */
  readonly deterministic: boolean;
  /** The smallest module that only an engine with the feature accepts; none for plain TypeScript. */
  readonly probe?: Uint8Array<ArrayBuffer>;
}

// (module (func (result v128) i32.const 0 i8x16.splat …)) and the like, as bytes.
const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const FUNCTION_OF_V128 = [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0];

/** Best deterministic first; `relaxed-simd` is never chosen by itself. */
export const variants: Readonly<Record<Variant, VariantInfo>> = {
  simd128: {
    deterministic: true,
    // i32.const 0 · i8x16.splat
    probe: Uint8Array.from([...HEADER, ...FUNCTION_OF_V128, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11]),
  },
  scalar: { deterministic: true, probe: Uint8Array.from(HEADER) },
  reference: { deterministic: true },
  'relaxed-simd': {
    deterministic: false,
    // three times (i32.const 0 · i8x16.splat), then f32x4.relaxed_madd
    probe: Uint8Array.from([
      ...HEADER,
      ...FUNCTION_OF_V128,
      ...[10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
    ]),
  },
};

/** Whether this engine runs a variant. */
export function isAvailable(variant: Variant): boolean {
  const { probe } = variants[variant];
  return probe === undefined || (typeof WebAssembly === 'object' && WebAssembly.validate(probe));
}

/** The variants that this engine runs, best deterministic first. */
export function availableVariants(): Variant[] {
  return (Object.keys(variants) as Variant[]).filter(isAvailable);
}
