// Tests of nn that mutation testing runs: all but those that measure time or memory.
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions: ['@descent/source', ...defaultClientConditions] },
  ssr: { resolve: { conditions: ['@descent/source', ...defaultServerConditions] } },
  test: {
    include: ['packages/nn/test/**/*.test.ts'],
    exclude: ['**/allocation.test.ts', '**/bench.test.ts'],
    testTimeout: 30_000,
  },
});
