// The licenses of what a bundle contains, for a file that is shipped beside it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * @param metafile of esbuild
 * @param folder that its paths start from
 * @returns name, version and license of every package of others, in the order of their names, each with its text
 */
export function noticesOf({ inputs }, folder) {
  const folders = new Set(Object.keys(inputs).flatMap((file) => packageOf(resolve(folder, file))));
  const notices = [...folders].map(noticeOf).sort((a, b) => (a.title < b.title ? -1 : 1));
  return notices.map(({ title, text }) => `${title}\n\n${text.trim()}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder after the last node_modules, where there is one. */
function packageOf(file) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.slice(0, 1) ?? [];
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)(?:\.\w+)?$/i.test(entry));
  const text =
    file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : `License: ${license}`;
  return { title: `${name} ${version} (${license})`, text };
}
