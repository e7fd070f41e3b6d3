// Tests run on the sources of every package. Only the wasm of the kernels must be built first.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const root = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/packages/cli/package.json`, 'utf8'));
const folders = [
  'packages/kernels',
  'packages/nn',
  'packages/experiments',
  'packages/cli',
  'packages/web',
  'test/engines',
  'test/packages',
  'test/fuzz',
  'test/docs',
];

/** In the folder of a package, vitest runs only the tests of that package. */
const current = relative(root, process.cwd());
const selected = folders.includes(current) ? [current] : folders;

/** Tests of these run on memory that detaches its views at each allocation, which finds views that are kept too long. */
const detaching = ['packages/nn', 'packages/experiments', 'packages/cli'];

export default defineConfig({
  root,
  resolve: { conditions: ['@descent/source', ...defaultClientConditions] },
  ssr: { resolve: { conditions: ['@descent/source', ...defaultServerConditions] } },
  test: {
    // Two workers on two cores, because many tests wait for browsers, Redis and child processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    coverage: {
      include: ['packages/kernels/src/**', 'packages/nn/src/**'],
      exclude: ['**/generated/**', '**/index.ts'],
      thresholds: { lines: 97, branches: 90 },
    },
    projects: selected.map((folder) => ({
      extends: true,
      // As in the bundle of the command line: runs of the sources and of the bundle can resume each other.
      define: { DESCENT_VERSION: JSON.stringify(version) },
      test: {
        name: basename(folder),
        root: `${root}/${folder}`,
        include: ['test/**/*.test.ts', 'src/**/*.test.ts', '*.test.ts'],
        testTimeout: 30_000,
        ...(detaching.includes(folder) && { setupFiles: [`${root}/test/detach-on-allocate.ts`] }),
        ...(folder === 'test/engines' && {
          globalSetup: `${root}/test/engines/setup.ts`,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        }),
      },
    })),
  },
});
