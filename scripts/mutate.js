// `npm run mutate -- "packages/nn/src/optim/*.ts"`: changes the code in one place at a time, in a copy of the tree, and names the
// changes that no test notices. Without a pattern all of nn.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree, runIn } from './copy-tree.js';
import { build, install } from './setup.js';

/** Stryker is brought when it is asked for: it is 27 MB, and hardly anybody asks. */
const tools = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1'];
const patterns = process.argv.slice(2);
const all = ['packages/nn/src/**/*.ts', '!packages/nn/src/**/index.ts', '!packages/nn/src/bench/**'];

/** Changes of texts are told last: most are words of messages. */
const isText = ({ mutatorName }) => mutatorName === 'StringLiteral';

await install();
await build('@descent/kernels');
const copy = copyTree();
try {
  runIn(copy, 'pnpm', ['add', '--workspace-root', '--save-dev', '--save-exact', ...tools]);
  runIn(copy, 'turbo', ['run', 'build', '--filter=@descent/kernels', '--output-logs=errors-only']);
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(settings(patterns.length > 0 ? patterns : all)));
  runIn(copy, 'stryker', ['run'], 'inherit');
  tell(JSON.parse(readFileSync(join(copy, 'mutation.json'), 'utf8')));
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function settings(mutate) {
  return {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation.config.ts' },
    mutate,
    inPlace: true,
    disableTypeChecks: false,
    coverageAnalysis: 'perTest',
    // What is computed once, when a file is loaded, cannot be changed for one test alone.
    ignoreStatic: true,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: 'mutation.json' },
  };
}

function tell({ files }) {
  const counts = {};
  const lines = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.flatMap((mutant) => {
      counts[mutant.status] = (counts[mutant.status] ?? 0) + 1;
      if (mutant.status !== 'Survived' && mutant.status !== 'NoCoverage') return [];
      const { start } = mutant.location;
      const code = source.split('\n')[start.line - 1].trim();
      const text = `${file}:${start.line} ${mutant.mutatorName} → ${mutant.replacement?.replaceAll('\n', ' ')}   in   ${code}`;
      return [{ text, isLast: isText(mutant) }];
    }),
  );
  for (const { text } of lines.sort((a, b) => Number(a.isLast) - Number(b.isLast))) console.log(text);
  console.log(JSON.stringify(counts));
}
