// Finds arithmetic whose bits differ between engines, in the packages where results are made: see docs/determinism.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { root } from './setup.js';

/** Exact by IEEE 754 or by nature, as is 2 ** 20; every other member of Math differs somewhere. */
const exact =
  'abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|PI|E|LN2|LN10|LOG2E|LOG10E|SQRT2|SQRT1_2'.split('|');

/** Files that draw what is already a result: nothing comes back from them. */
const drawing = ['packages/experiments/src/figure/svg/axes.ts'];

const names = exact.join('|');
const rules = [
  // `Math.sqrt(x)` and `const { sqrt } = Math` are fine; `const { exp } = Math` and `const m = Math` are not.
  {
    pattern: new RegExp(`(?<!\\{[ \\n]*(?:(?:${names}),?[ \\n]*)+\\} = )\\bMath\\b(?!\\.(?:${names})\\b).?\\w*`, 'g'),
    way: 'use a kernel',
  },
  { pattern: /(?<!\b2 )\*\*=?|\*\*(?! -?\d+\b)=?/g, way: 'multiply, or use a kernel' },
  { pattern: /\.toLocale\w*|\bIntl\b/g, way: 'texts of a locale belong to the front ends' },
];

let found = 0;
for (const folder of ['packages/kernels/src', 'packages/nn/src', 'packages/experiments/src']) {
  for (const name of readdirSync(join(root, folder), { recursive: true })) {
    const file = `${folder}/${String(name).replaceAll(sep, '/')}`;
    if (!file.endsWith('.ts') || drawing.includes(file) || file.includes('/generated/')) continue;
    const code = withoutCommentsAndStrings(readFileSync(join(root, file), 'utf8'));
    for (const { pattern, way } of rules) {
      for (const { 0: what, index } of code.matchAll(pattern)) {
        console.log(`${file}:${code.slice(0, index).split('\n').length} ${what}: not the same in every engine; ${way}`);
        found++;
      }
    }
  }
}
for (const file of drawing) readFileSync(join(root, file));
process.exitCode = found === 0 ? 0 : 1;

/** The same lines with comments and quoted strings blanked. */
function withoutCommentsAndStrings(code) {
  const blank = (text) => text.replaceAll(/[^\n]/g, ' ');
  return code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, blank);
}
