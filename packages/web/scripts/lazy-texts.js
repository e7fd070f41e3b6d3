// Replaces the Korean and Japanese texts in the bundles by empty objects. The page loads text/<lang>.json when it is needed.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param {Readonly<Record<string, string>>} folders with the texts of each package, by its name
 * @param {string} out folder in which text/<lang>.json are written
 */
export async function lazyTexts(folders, out) {
  await mkdir(join(out, 'text'), { recursive: true });
  for (const lang of ['ko', 'ja']) {
    const entries = Object.entries(folders).map(async ([name, folder]) => [
      name,
      JSON.parse(await readFile(join(folder, `${lang}.json`), 'utf8')),
    ]);
    await writeFile(join(out, 'text', `${lang}.json`), JSON.stringify(Object.fromEntries(await Promise.all(entries))));
  }
  return {
    name: 'lazy-texts',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]i18n[\\/](ko|ja)\.json$/ }, () => ({ contents: '{}', loader: 'json' }));
    },
  };
}
