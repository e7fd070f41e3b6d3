// Finds arithmetic whose bits differ between engines in the packages that compute results: see docs/determinism.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { root } from './setup.js';

/** Members of Math that are exact in every engine. */
const exact = 'abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|PI|E|LN2|LN10|LOG2E|LOG10E|SQRT2|SQRT1_2';

/** Files that only draw results. */
const exempt = ['packages/experiments/src/figure/svg/axes.ts'];

const rules = [
  // `Math.sqrt(x)` and `const { sqrt } = Math` are allowed; `const { exp } = Math` and `const m = Math` are not.
  {
    pattern: new RegExp(`(?<!\\{[ \\n]*(?:(?:${exact}),?[ \\n]*)+\\} = )\\bMath\\b(?!\\.(?:${exact})\\b).?\\w*`, 'g'),
    advice: 'use a kernel',
  },
  // 2 ** 20 is allowed.
  { pattern: /(?<!\b2 )\*\*=?|\*\*(?! -?\d+\b)=?/g, advice: 'multiply, or use a kernel' },
  { pattern: /\.toLocale\w*|\bIntl\b/g, advice: 'format text in the front ends' },
];

for (const folder of ['packages/kernels/src', 'packages/nn/src', 'packages/experiments/src']) {
  for (const name of readdirSync(join(root, folder), { recursive: true })) {
    const file = `${folder}/${String(name).replaceAll(sep, '/')}`;
    if (!file.endsWith('.ts') || exempt.includes(file) || file.includes('/generated/')) continue;
    const code = blankCommentsAndStrings(readFileSync(join(root, file), 'utf8'));
    for (const { pattern, advice } of rules) {
      for (const { 0: found, index } of code.matchAll(pattern)) {
        const line = code.slice(0, index).split('\n').length;
        console.log(`${file}:${line} ${found}: differs between engines; ${advice}`);
        process.exitCode = 1;
      }
    }
  }
}
// Fails if an exempt file no longer exists.
for (const file of exempt) readFileSync(join(root, file));

/** Replaces comments and quoted strings by spaces, so that line numbers stay the same. */
function blankCommentsAndStrings(code) {
  const blank = (text) => text.replaceAll(/[^\n]/g, ' ');
  return code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, blank);
}
