// Formulas in pages are TeX that sets, and stand where GitHub sets it.
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { codeBlocks, markdownFiles, read, withoutBlocks } from './markdown.ts';

const files = markdownFiles();

/** What is displayed, then what stands in lines. */
function formulasOf(markdown: string): string[] {
  const displayed = codeBlocks(markdown).filter(({ language }) => language === 'math');
  const inLines = withoutBlocks(markdown).matchAll(/\$`([^`\n]+)`\$/g);
  return [...displayed.map(({ code }) => code), ...[...inLines].map(([, code = '']) => code)];
}

describe('formulas', () => {
  test.each(files.filter((file) => formulasOf(read(file)).length > 0))('of %s', (file) => {
    for (const formula of formulasOf(read(file))) katex.renderToString(formula, { strict: 'error' });
  });

  test('that are wrong are found', () => {
    expect(() => katex.renderToString('\\frac{1}{2', { strict: 'error' })).toThrow('parse error');
  });

  // GitHub reads $x$ only between blanks; $`x`$ also before a particle or a comma, where no letter stands before it.
  test.each(files)('%s is written so that GitHub sets it', (file) => {
    const text = withoutBlocks(read(file)).replace(/\$`[^`\n]+`\$/g, '∎');
    const faults = text.split('\n').flatMap((line, i) => {
      const isGlued = /[\p{L}\p{N}]∎/u.test(line);
      const isPlain = /\$[^$`\s][^$`]*\$/.test(line.replace(/`[^`]*`/g, ''));
      return isGlued || isPlain ? [`${file}:${i + 1} ${line.trim().slice(0, 80)}`] : [];
    });
    expect(faults).toEqual([]);
  });
});
