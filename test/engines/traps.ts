// Takes from Math, before anything else is loaded, all that engines are free to round as they like: a result that needs it throws.
// Digests alone would not do: two exp that differ in the last bit of a float64 are nearly always the same float32.
// Node loads its decompression when it is first asked for, with a Math.pow of its own that has no part in a result: ask now.
new DecompressionStream('gzip');

const exact = new Set('abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' '));

for (const name of Object.getOwnPropertyNames(Math)) {
  if (exact.has(name) || typeof Math[name as keyof Math] !== 'function') continue;
  const trap = () => {
    throw new TypeError(
      `[traps] expected results to come from kernels but Math.${name} was called; see docs/determinism.md`,
    );
  };
  Object.defineProperty(Math, name, { value: trap });
}
