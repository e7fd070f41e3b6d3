// The libraries tell a JavaScript user what was passed for what. The page is TypeScript, so that its compiler has asked already: such calls are
// left out of its bundles (2 kB gzipped). What depends on a reader's numbers is checked by others.
import { readFile } from 'node:fs/promises';

export const withoutKindChecks = {
  name: 'without-kind-checks',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]nn[\\/]src[\\/]check\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const kinds = /^(export function check(?:Options|Kind|Choice|Number)\b)[\s\S]*?^\}/gm;
      // Calls of a function without a body are left out, wherever they stand.
      return { contents: source.replace(kinds, '$1() {}'), loader: 'ts' };
    });
  },
};
