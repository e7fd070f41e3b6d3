// Replaces all functions of Math whose rounding engines may choose. A result that needs one of them throws.
// Digests alone are not enough: two exp that differ in the last bit of a float64 are nearly always equal as float32.

// Node's decompression calls Math.pow when it is first used, without an effect on results: use it before the replacement.
new DecompressionStream('gzip');

const exact = new Set('abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' '));

for (const name of Object.getOwnPropertyNames(Math)) {
  if (exact.has(name) || typeof Math[name as keyof Math] !== 'function') continue;
  const value = () => {
    throw new TypeError(`Math.${name} was called: results must come from kernels; see docs/determinism.md`);
  };
  Object.defineProperty(Math, name, { value });
}
