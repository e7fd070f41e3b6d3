// Modules of Node that take their time to load: each is asked for when it is needed, be that after the first steps or never.
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

/** SHA-256 by node:crypto, many times as fast as the portable one. */
export const sha256: Sha256 = (bytes) => builtin('crypto').createHash('sha256').update(bytes).digest();
