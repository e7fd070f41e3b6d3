// Every link within the repository leads somewhere, and every anchor to a heading.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, linksOf, markdownFiles, read, resolveLink, root } from './markdown.ts';

const files = markdownFiles();

const anchors = new Map<string, Set<string>>();

function anchorsIn(file: string): Set<string> {
  const known = anchors.get(file) ?? anchorsOf(read(file));
  anchors.set(file, known);
  return known;
}

/** What is wrong with a link; undefined where nothing is. */
function faultOf(from: string, target: string): string | undefined {
  if (/^(?:https?:|mailto:)/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : resolveLink(from, path);
  if (file.startsWith('..')) return 'leaves the repository';
  if (!existsSync(join(root, file))) return 'leads nowhere';
  if (anchor === undefined || statSync(join(root, file)).isDirectory()) return undefined;
  if (!file.endsWith('.md')) return `has an anchor in ${file}, which has no headings`;
  return anchorsIn(file).has(decodeURIComponent(anchor)) ? undefined : `finds no heading #${anchor} in ${file}`;
}

describe('links', () => {
  test.each(files)('%s', (file) => {
    const faults = linksOf(read(file)).flatMap(({ target, line }) => {
      const fault = faultOf(file, target);
      return fault === undefined ? [] : [`${file}:${line} ${target} ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  test('docs/README.md leads to every page beside it', () => {
    const targets = linksOf(read('docs/README.md')).map(({ target }) => target);
    const pages = files.filter((file) => /^docs\/[a-z-]+\.md$/.test(file)).map((file) => file.replace('docs/', ''));
    expect(pages.filter((page) => !targets.includes(page))).toEqual([]);
  });

  test('a link that leads nowhere, and an anchor, are found', () => {
    expect(faultOf('README.md', 'docs/nothing.md')).toBe('leads nowhere');
    expect(faultOf('README.md', '../elsewhere.md')).toBe('leaves the repository');
    expect(faultOf('docs/names.md', '#no-such-heading')).toMatch('finds no heading');
    expect(faultOf('docs/names.md', '#two-dialects')).toBeUndefined();
  });
});
