// The guide has every room of the house.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { read, root } from './markdown.ts';

/** The rooms of a package by the guide: from its name to that of the next. */
function roomsOf(folder: string): string {
  const [, ...parts] = read('docs/guide.md').split(/^\*\*(?=\w+\*\* · )/m);
  return parts.find((part) => part.startsWith(`${folder}**`)) ?? '';
}

test.each(readdirSync(join(root, 'packages')))('of %s', (folder) => {
  const rooms = readdirSync(join(root, 'packages', folder, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'generated')
    .map(({ name }) => name);
  expect(rooms.filter((name) => !roomsOf(folder).includes(`\`${name}/\``))).toEqual([]);
});
