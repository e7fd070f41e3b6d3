// Changes the AssemblyScript kernels in one place at a time and asks whether the tests' calls notice. `node scripts/mutate.js
// [--sample 200] [--seed 1] [--only matmul] [--runs 12] [--json FILE]`: a mutant that nobody notices is a gap in the tests, or makes no difference.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: '12' },
    json: { type: 'string' },
  },
});

/** Longer than any call of a mutant that ends. */
const PATIENCE = 20_000;

/** What is changed into what; each place where the left side stands is a mutant. */
const changes = [
  [/ \+ /g, ' - '],
  [/ - /g, ' + '],
  [/ \* /g, ' + '],
  [/ \/ /g, ' * '],
  [/ < /g, ' <= '],
  [/ <= /g, ' < '],
  [/ > /g, ' >= '],
  [/ >= /g, ' > '],
  [/ == /g, ' != '],
  [/ != /g, ' == '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ << /g, ' >> '],
  [/ >>>? /g, ' << '],
  [/ \+= /g, ' -= '],
  [/ -= /g, ' += '],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  [/\bmin\(/g, 'max('],
  [/\bmax\(/g, 'min('],
  [/\badd\(/g, 'sub('],
  [/\bsub\(/g, 'add('],
  [/\bmul\(/g, 'add('],
  [/\bdiv\(/g, 'mul('],
  [/(?<=[ (=])(\d+)(?=[;,) ])/g, (number) => String(Number(number) + 1)],
  // A call that stands alone, such as a store, is left out.
  [/^\s+\w+(?:\.\w+)*\(.*\);$/g, ';'],
];

const mutants = sample(
  readdirSync('assembly', { recursive: true })
    .filter(
      (file) =>
        file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.startsWith('roof') && file.includes(values.only),
    )
    .sort()
    .flatMap(mutantsOf),
  Number(values.sample),
);
const judge = await startJudge();
const outcomes = { noticed: 0, timeout: 0, invalid: 0, survived: 0 };
const survivors = [];
for (const [index, mutant] of mutants.entries()) {
  const outcome = await tryOut(mutant);
  outcomes[outcome]++;
  if (outcome === 'survived') {
    survivors.push(mutant);
    console.log(`${mutant.file}:${mutant.line} ${mutant.before.trim()}  →  ${mutant.after.trim()}`);
  }
  if (index % 25 === 24) console.error(`${index + 1} of ${mutants.length}`, outcomes);
}
await judge.close();
console.log(JSON.stringify(outcomes));
if (values.json) writeFileSync(values.json, JSON.stringify({ outcomes, survivors }, null, 2));

function mutantsOf(file) {
  const lines = readFileSync(join('assembly', file), 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    if (/^\s*(?:\/\/|\/?\*|@|import|export \{|export function|$)/.test(text)) return [];
    const code = text.replace(/\/\/.*$/, (comment) => ' '.repeat(comment.length));
    return changes.flatMap(([pattern, to]) =>
      [...code.matchAll(pattern)].map((match) => {
        const made = typeof to === 'string' ? to : to(match[0]);
        const after = text.slice(0, match.index) + made + text.slice(match.index + match[0].length);
        return { file, line: index + 1, before: text, after };
      }),
    );
  });
}

/** Some of all, by lot. */
function sample(all, count) {
  let state = Number(values.seed);
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const keyed = all.map((mutant) => ({ mutant, key: next() })).sort((a, b) => a.key - b.key);
  console.error(`${Math.min(count, all.length)} of ${all.length} mutants`);
  return keyed.slice(0, count).map(({ mutant }) => mutant);
}

/** Lines for one width of a Lane are not in the build for the other: both are asked. */
async function tryOut(mutant) {
  for (const target of ['simd128', 'scalar']) {
    const wasm = await compile(mutant, target);
    if (!wasm) return 'invalid';
    const answer = await judge.ask(wasm);
    if (answer !== undefined) return answer === 'timeout' ? 'timeout' : 'noticed';
  }
  return 'survived';
}

async function compile({ file, line, after }, target) {
  let wasm;
  const { error } = await asc.main(
    ['assembly/index.ts', '--config', 'asconfig.json', '--target', target, '-o', 'mutant.wasm', '--noColors'],
    {
      readFile(name, folder) {
        let text;
        try {
          text = readFileSync(join(folder, name), 'utf8');
        } catch {
          return null;
        }
        if (name.replaceAll('\\', '/') !== `assembly/${file}`) return text;
        return text
          .split('\n')
          .with(line - 1, after)
          .join('\n');
      },
      writeFile(name, contents) {
        if (name === 'mutant.wasm') wasm = contents;
      },
      stderr: { write() {} },
      stdout: { write() {} },
    },
  );
  return error ? undefined : wasm;
}

/** In a thread of its own, which is ended where a mutant runs on and on. */
async function startJudge() {
  const script = join(tmpdir(), `descent-judge-${process.pid}.mjs`);
  await build({
    stdin: {
      contents: `import { parentPort } from 'node:worker_threads';
import { createJudge } from './test/check-kernel.ts';
const { judge } = await createJudge(${values.runs});
parentPort.on('message', async (wasm) => parentPort.postMessage({ wrong: await judge(wasm).catch(() => 'start') }));
parentPort.postMessage('ready');`,
      resolveDir: '.',
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@descent/source'],
    outfile: script,
    logLevel: 'error',
  });
  const open = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(script);
      worker.once('error', reject);
      worker.once('message', () => resolve(worker));
    });
  let worker = await open();
  return {
    async ask(wasm) {
      let timer;
      const answer = await Promise.race([
        new Promise((resolve) => {
          worker.once('message', ({ wrong }) => resolve(wrong));
          worker.postMessage(wasm);
        }),
        new Promise((resolve) => {
          timer = setTimeout(() => resolve('timeout'), PATIENCE);
        }),
      ]);
      clearTimeout(timer);
      if (answer === 'timeout') {
        await worker.terminate();
        worker = await open();
      }
      return answer;
    },
    close: () => worker.terminate(),
  };
}
