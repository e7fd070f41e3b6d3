// docs/guide.md lists every folder of the sources, and every path named in docs/guide.md and CONTRIBUTING.md exists.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeSpans, read, root } from './markdown.ts';

/** Paths in code spans; those with a part to fill in (`<name>`, `…`) are left out. */
function pathsIn(page: string): string[] {
  return codeSpans(read(page)).filter((code) =>
    /^(?:packages|test|test-data|scripts|docs|examples|\.ci)\/[\w./-]+$/.test(code),
  );
}

test.each(readdirSync(join(root, 'packages')))('docs/guide.md lists the folders of packages/%s/src', (name) => {
  const folders = readdirSync(join(root, 'packages', name, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'generated')
    .map((entry) => `packages/${name}/src/${entry.name}/`);
  const listed = pathsIn('docs/guide.md');
  expect(folders.filter((folder) => !listed.includes(folder))).toEqual([]);
});

test.each(['docs/guide.md', 'CONTRIBUTING.md'])('every path named in %s exists', (page) => {
  expect(pathsIn(page).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
