// Modules of Node that take long to load; each is loaded when it is needed.
import { createRequire } from 'node:module';
import type { Sha256 } from '@descent/experiments';

interface Builtins {
  readonly crypto: typeof import('node:crypto');
  readonly zlib: typeof import('node:zlib');
}

const require = createRequire(import.meta.url);

export function builtin<N extends keyof Builtins>(name: N): Builtins[N] {
  return require(`node:${name}`);
}

/** Computes SHA-256 with node:crypto, many times as fast as the portable implementation. */
export const sha256: Sha256 = (bytes) => builtin('crypto').createHash('sha256').update(bytes).digest();
