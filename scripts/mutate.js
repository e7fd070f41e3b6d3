// `npm run mutate -- "packages/nn/src/optim/*.ts"` runs Stryker on a copy of the repository and prints the surviving mutants.
// Without a pattern it mutates all of nn.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree, runIn } from './copy-tree.js';
import { build, install } from './setup.js';

/** Installed into the copy only, because they take 27 MB and are rarely used. */
const tools = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1'];
const patterns = process.argv.slice(2);

await install();
await build('@descent/kernels');
const copy = copyTree();
try {
  runIn(copy, 'pnpm', ['add', '--workspace-root', '--save-dev', '--save-exact', ...tools]);
  runIn(copy, 'turbo', ['run', 'build', '--filter=@descent/kernels', '--output-logs=errors-only']);
  const config = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation.config.ts' },
    mutate: patterns.length > 0 ? patterns : ['packages/nn/src/**/*.ts', '!**/index.ts', '!packages/nn/src/bench/**'],
    inPlace: true,
    disableTypeChecks: false,
    coverageAnalysis: 'perTest',
    // Static mutants run while a file is loaded, so they cannot be tried per test.
    ignoreStatic: true,
    reporters: ['clear-text', 'progress-append-only'],
  };
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(config));
  runIn(copy, 'stryker', ['run'], 'inherit');
} finally {
  rmSync(copy, { recursive: true, force: true });
}
