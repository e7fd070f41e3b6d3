// The license texts of the third-party code in a bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Returns name, version, license and license text of every third-party package, sorted by name.
 * @param metafile of esbuild
 * @param folder that the paths of the metafile are relative to
 */
export function noticesOf({ inputs }, folder) {
  const packages = Object.keys(inputs).flatMap((file) => packageFolder(resolve(folder, file)));
  const notices = [...new Set(packages)].map(readNotice).sort((a, b) => (a.title < b.title ? -1 : 1));
  return notices.map(({ title, text }) => `${title}\n\n${text.trim()}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

/** Returns the folder of the package behind the last node_modules, or nothing. */
function packageFolder(file) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.slice(0, 1) ?? [];
}

function readNotice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)(?:\.\w+)?$/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8') : `License: ${license}`;
  return { title: `${name} ${version} (${license})`, text };
}
