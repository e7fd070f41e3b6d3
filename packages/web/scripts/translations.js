// Takes Korean and Japanese out of the bundles: nobody reads three languages at once. A page fetches what its reader reads
// (text/<lang>.json), and the others when it has nothing else to do.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

const STRING = /(?:'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/.source;
/** `{ en: '…', ko: '…', ja: '…' }`, and `text('…', '…', '…')`: texts without gaps to fill. */
const TEXTS = new RegExp(
  `\\{\\s*en:\\s*(${STRING}),\\s*ko:\\s*(${STRING}),\\s*ja:\\s*(${STRING}),?\\s*\\}` +
    `|\\btext\\(\\s*(${STRING}),\\s*(${STRING}),\\s*(${STRING}),?\\s*\\)`,
  'g',
);

/**
 * @param {readonly string[]} folders with the sources whose texts are taken out
 * @param {string} home of the module whose `translated` brings them back
 * @param {string} out where text/<lang>.json are written
 */
export async function takeOutTexts(folders, home, out) {
  const files = (await Promise.all(folders.map(sourcesIn))).flat();
  const places = new Map();
  for (const file of files) {
    for (const texts of (await readFile(file, 'utf8')).matchAll(TEXTS)) {
      const key = keyOf(texts);
      if (!places.has(key)) places.set(key, places.size);
    }
  }
  const all = [...places.keys()].map((key) => JSON.parse(key));
  await mkdir(join(out, 'text'), { recursive: true });
  await Promise.all(
    ['ko', 'ja'].map((lang, i) =>
      writeFile(join(out, 'text', `${lang}.json`), JSON.stringify(all.map((texts) => texts[i + 1]))),
    ),
  );
  const known = new Set(files);
  return {
    name: 'translations',
    setup({ onLoad }) {
      onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        if (!known.has(path)) return undefined;
        const source = await readFile(path, 'utf8');
        const contents = source.replace(TEXTS, (...texts) => {
          const key = keyOf(texts);
          return `translated(${JSON.stringify(JSON.parse(key)[0])}, ${places.get(key)})`;
        });
        if (contents === source) return undefined;
        // A path from here, for it comes into source maps, and the bundle must not depend on where the tree lies.
        const from = relative(dirname(path), home).replaceAll(sep, '/');
        const prelude = `import { translated } from ${JSON.stringify(from.startsWith('.') ? from : `./${from}`)};\n`;
        return { contents: prelude + contents, loader: path.endsWith('x') ? 'tsx' : 'ts' };
      });
    },
  };
}

function keyOf([, a, b, c, d, e, f]) {
  // What stands in our own sources, between quotes, is a string literal.
  return JSON.stringify([a ?? d, b ?? e, c ?? f].map((literal) => new Function(`return ${literal}`)()));
}

async function sourcesIn(folder) {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((entry) => /\.tsx?$/.test(entry))
    .map((entry) => join(folder, entry))
    .sort();
}
