// Formulas are valid TeX, written where GitHub renders them.
import katex from 'katex';
import { expect, test } from 'vitest';
import { codeBlocks, markdownFiles, read, withoutBlocks } from './markdown.ts';

const files = markdownFiles();

/** Lists the formulas in blocks, then those in lines. */
function formulasIn(markdown: string): string[] {
  const blocks = codeBlocks(markdown).filter(({ language }) => language === 'math');
  const inline = withoutBlocks(markdown).matchAll(/\$`([^`\n]+)`\$/g);
  return [...blocks.map(({ code }) => code), ...[...inline].map(([, code = '']) => code)];
}

test.each(files.filter((file) => formulasIn(read(file)).length > 0))('formulas of %s are valid', (file) => {
  for (const formula of formulasIn(read(file))) katex.renderToString(formula, { strict: 'error' });
});

test('an invalid formula is found', () => {
  expect(() => katex.renderToString('\\frac{1}{2', { strict: 'error' })).toThrow('parse error');
});

// GitHub renders $x$ only between spaces. It renders $`x`$ also before a particle or a comma, but not after a letter.
test.each(files)('formulas of %s have the form $`…`$ and follow no letter', (file) => {
  const text = withoutBlocks(read(file)).replace(/\$`[^`\n]+`\$/g, '∎');
  const problems = text.split('\n').flatMap((line, i) => {
    const followsLetter = /[\p{L}\p{N}]∎/u.test(line);
    const lacksBackticks = /\$[^$`\s][^$`]*\$/.test(line.replace(/`[^`]*`/g, ''));
    return followsLetter || lacksBackticks ? [`${file}:${i + 1} ${line.trim().slice(0, 80)}`] : [];
  });
  expect(problems).toEqual([]);
});
