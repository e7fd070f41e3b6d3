// Bundles the commands. In: our own packages and every library that is code only, for each file that Node need not look up
// is time saved at the start. Out: what stands in `dependencies`, packages with fonts, data and wasm files of their own.
import { readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { noticesOf } from '../../../scripts/notices.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dependencies, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * Commander can start commands that are programs of their own. We have none, and Node takes 4 ms to load what that needs.
 * ioredis prints every command under DEBUG, the one with the password too.
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
  // Some libraries are CommonJS and ask for Node's modules by `require`.
  banner: {
    js: "import{createRequire as createRequireForBundle}from'node:module';const require=createRequireForBundle(import.meta.url);",
  },
  define: { DESCENT_VERSION: JSON.stringify(version) },
  plugins: [withoutModules],
  metafile: true,
  logLevel: 'warning',
});

await writeFile(new URL('../dist/licenses.txt', import.meta.url), noticesOf(metafile, root));

// Chunks of earlier builds go last, so that a command started meanwhile finds its own.
const fresh = new Set(['dist/licenses.txt', ...Object.keys(metafile.outputs)]);
for (const file of await readdir(new URL('../dist', import.meta.url))) {
  if (!fresh.has(`dist/${file}`)) await rm(new URL(`../dist/${file}`, import.meta.url), { recursive: true });
}
