// Every link within the repository leads to an existing file, and every anchor to a heading.
import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsIn, linksIn, markdownFiles, read, root } from './markdown.ts';

const files = markdownFiles();

/** Returns the problem of a link, or undefined. */
function checkLink(from: string, target: string): string | undefined {
  if (/^(?:https?:|mailto:)/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : posix.normalize(posix.join(posix.dirname(from), decodeURI(path)));
  if (file.startsWith('..')) return 'leaves the repository';
  if (!existsSync(join(root, file))) return 'is broken';
  if (anchor === undefined || statSync(join(root, file)).isDirectory()) return undefined;
  if (file.endsWith('.md') && anchorsIn(read(file)).has(decodeURIComponent(anchor))) return undefined;
  return `has no heading #${anchor} in ${file}`;
}

test.each(files)('links of %s work', (file) => {
  const problems = linksIn(read(file)).flatMap(({ target, line }) => {
    const problem = checkLink(file, target);
    return problem === undefined ? [] : [`${file}:${line} ${target} ${problem}`];
  });
  expect(problems).toEqual([]);
});

test('docs/README.md links to every page of its folder', () => {
  const targets = linksIn(read('docs/README.md')).map(({ target }) => target);
  const pages = files.filter((file) => /^docs\/[a-z-]+\.md$/.test(file)).map((file) => file.replace('docs/', ''));
  expect(pages.filter((page) => !targets.includes(page))).toEqual([]);
});

test.each([
  ['README.md', 'docs/nothing.md', 'is broken'],
  ['README.md', '../elsewhere.md', 'leaves the repository'],
  ['docs/names.md', '#no-such-heading', 'has no heading #no-such-heading in docs/names.md'],
  ['docs/names.md', '#two-dialects', undefined],
])('a link from %s to %s: %s', (from, target, problem) => {
  expect(checkLink(from, target)).toBe(problem);
});
