// Texts outside the bundles, as text/<lang>.json: all Korean and Japanese ones, and the English ones that no first view shows.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Claims and lessons are below the figure, help is behind a button, the network is shown after a run, and the benchmark
 * is another page.
 */
const SHOWN_LATER = [
  /\.(lesson\.|text$|otherwise$)/,
  /help/,
  /^(activations|answers?|draw|examined|given|gradients|label|look-into|mistakes|no-weights|replay|weights(-of)?|wrong)$/,
  /^bench\.(?!title|suites)/,
];
const isShownLater = (key) => SHOWN_LATER.some((pattern) => pattern.test(key));

/**
 * @param {Readonly<Record<string, string>>} folders with the texts of each package, by its name
 * @param {string} out folder in which text/<lang>.json are written
 */
export async function lazyTexts(folders, out) {
  await mkdir(join(out, 'text'), { recursive: true });
  for (const lang of ['en', 'ko', 'ja']) {
    const entries = Object.entries(folders).map(async ([name, folder]) => [
      name,
      await readTexts(join(folder, `${lang}.json`), (key) => lang !== 'en' || isShownLater(key)),
    ]);
    await writeFile(join(out, 'text', `${lang}.json`), JSON.stringify(Object.fromEntries(await Promise.all(entries))));
  }
  return {
    name: 'lazy-texts',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]i18n[\\/](en|ko|ja)\.json$/ }, async ({ path }) => {
        const texts = await readTexts(path, (key) => path.endsWith('en.json') && !isShownLater(key));
        return { contents: JSON.stringify(texts), loader: 'json' };
      });
    },
  };
}

/** Reads the texts whose keys are wanted. */
async function readTexts(file, isWanted) {
  const entries = Object.entries(JSON.parse(await readFile(file, 'utf8')));
  return Object.fromEntries(entries.filter(([key]) => isWanted(key)));
}
