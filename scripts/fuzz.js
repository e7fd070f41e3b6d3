// `npm run fuzz`: 100,000 mutants for every target of test/fuzz; `npm run fuzz -- records --count 1000 --from 0` for one.
// A thread a target, so that one that hangs or eats all memory is found too: this one watches.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build as bundle } from 'esbuild';
import { build, install, root } from './setup.js';

/** Milliseconds at one input after which it counts as hanging. */
const PATIENCE = 30_000;

const { values, positionals } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, from: { type: 'string', default: '0' } },
  allowPositionals: true,
});
await install();
await build('@descent/kernels');
const main = join(root, 'node_modules', '.fuzz', 'main.mjs');
await bundle({
  entryPoints: [join(root, 'test/fuzz/main.ts')],
  outfile: main,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['@descent/source'],
  define: { DESCENT_VERSION: '"fuzz"' },
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
});

/** Runs the thread to its end; gives its message, or why there is none. */
function perform(name) {
  const at = new BigInt64Array(new SharedArrayBuffer(8));
  const workerData = { name, from: Number(values.from), count: Number(values.count), at };
  const worker = new Worker(pathToFileURL(main), { workerData, resourceLimits: { maxOldGenerationSizeMb: 1_024 } });
  return new Promise((resolve) => {
    const fail = (what) => {
      resolve({ tried: Number(at[0]) - workerData.from, findings: [{ target: name, index: Number(at[0]), what }] });
      void worker.terminate();
    };
    let last = -1n;
    const watch = setInterval(() => {
      if (at[0] === last) fail(`hangs for more than ${PATIENCE / 1_000} s`);
      last = at[0];
    }, PATIENCE);
    worker.on('message', resolve);
    worker.on('error', (error) => fail(error.stack ?? String(error)));
    worker.on('exit', () => clearInterval(watch));
  });
}

const names = positionals.length > 0 ? positionals : await perform(undefined);
if (!Array.isArray(names)) throw new Error(names.findings[0].what);
for (const name of names) {
  const started = performance.now();
  const { tried, accepted = 0, findings, slowest = [0, 0] } = await perform(name);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const facts = [
    `${tried} inputs`,
    `${accepted} taken`,
    `slowest ${slowest[0].toFixed(0)} ms at #${slowest[1]}`,
    `${seconds} s`,
  ];
  console.log(`${findings.length === 0 ? '✓' : '✗'} ${name.padEnd(16)} ${facts.join(' · ')}`);
  for (const { index, what, input } of findings) console.log(`  #${index} ${what}\n  ${input ?? ''}`);
  if (findings.length > 0) process.exitCode = 1;
}
rmSync(join(root, 'node_modules', '.fuzz'), { recursive: true, force: true });
