// The libraries tell a JavaScript user what was passed for what, and which number is out of range. The page is TypeScript, so that its compiler has
// asked the one, and its numbers come from options whose schema has bounds: such calls are left out of its bundles (1.5 kB gzipped).
import { readFile } from 'node:fs/promises';

const kinds = [
  'Options',
  'Kind',
  'Choice',
  'Number',
  'Numbers',
  'Filled',
  'Floats',
  'Home',
  'Labels',
  'Classes',
  'Parameters',
];
const ranges = ['Integer', 'NotNegative', 'Probability', 'Fraction'];
const names = [...kinds, ...ranges].join('|');
const checks = new RegExp(`^((?:export )?function check(?:${names})\\b)[\\s\\S]*?^\\}`, 'gm');

export const withoutKindChecks = {
  name: 'without-kind-checks',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]nn[\\/]src[\\/](?:check|layer|loss|optim[\\/]optimizer)\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      // Calls of a function without a body are left out, wherever they stand.
      return { contents: source.replace(checks, '$1() {}'), loader: 'ts' };
    });
  },
};
