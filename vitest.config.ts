// Tests run on the sources of every package; only the kernels' wasm needs a build first.
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

/** Started inside a package, vitest takes that package alone. */
const here = relative(root, process.cwd());
const chosen = folders.filter((folder) => folder === here);

/** Whose tests run on a memory that detaches all its views at each allocation: a view that is kept across one fails. */
const detaching = ['packages/nn', 'packages/experiments', 'packages/cli'];

export default defineConfig({
  root,
  resolve: { conditions: ['@descent/source', ...defaultClientConditions] },
  ssr: { resolve: { conditions: ['@descent/source', ...defaultServerConditions] } },
  test: {
    // Two even on two cores: half of the longest files wait for browsers, Redis and child processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    coverage: {
      include: ['packages/kernels/src/**', 'packages/nn/src/**'],
      exclude: ['**/generated/**', '**/index.ts'],
      thresholds: { lines: 97, branches: 90 },
    },
    projects: (chosen.length > 0 ? chosen : folders).map((folder) => ({
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
