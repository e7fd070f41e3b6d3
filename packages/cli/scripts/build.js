// Bundles the commands with our packages and most libraries, because each file that Node does not have to find makes
// the start faster. Packages in `dependencies` are not bundled: they contain fonts, data or wasm files.
import { readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { noticesOf } from '../../../scripts/notices.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dependencies, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * Removes two modules. Commander loads node:child_process, in 4 ms, only for commands that are other programs. With
 * DEBUG set, ioredis prints every command, including the password.
 */
const withoutModules = {
  name: 'without-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'absent' } : undefined,
    );
    onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /^debug$/, namespace: 'absent' }, () => ({ contents: 'exports.default = () => () => {};' }));
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { descent: 'src/main.ts', 'arm-worker': 'src/run/arm-worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['@descent/source'],
  external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
  minifySyntax: true,
  minifyWhitespace: true,
  // Some libraries are CommonJS and load modules of Node by `require`.
  banner: {
    js: "import{createRequire as createRequireForBundle}from'node:module';const require=createRequireForBundle(import.meta.url);",
  },
  define: { DESCENT_VERSION: JSON.stringify(version) },
  plugins: [withoutModules],
  metafile: true,
  logLevel: 'warning',
});

await writeFile(new URL('../dist/licenses.txt', import.meta.url), noticesOf(metafile, root));

// Chunks of earlier builds are removed last, because a command may still be loading them.
const fresh = new Set(['dist/licenses.txt', ...Object.keys(metafile.outputs)]);
for (const file of await readdir(new URL('../dist', import.meta.url))) {
  if (!fresh.has(`dist/${file}`)) await rm(new URL(`../dist/${file}`, import.meta.url), { recursive: true });
}
