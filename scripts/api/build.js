// `npm run docs:api`: the reference in docs/api, from the doc comments of what the libraries export; one page an entry point.
// `--check` writes nothing: it fails where a page is not what the comments say now. Both fail where an export of kernels or nn has
// no comment, or a link leads nowhere.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, LogLevel } from 'typedoc';
import { root } from '../setup.js';

const pages = {
  kernels: { name: '@descent/kernels', entry: 'packages/kernels/src/index.ts' },
  nn: { name: '@descent/nn', entry: 'packages/nn/src/index.ts' },
  'nn-formats': { name: '@descent/nn/formats', entry: 'packages/nn/src/formats/index.ts' },
  experiments: { name: '@descent/experiments', entry: 'packages/experiments/src/index.ts' },
};

/** Keys of a table that tell themselves; types that are derived; what experiments say of themselves is data, with texts of its own. */
const silent =
  /\.__type\.|has multiple declarations with a comment|@descent\/experiments\/src\S* ?,? does not have any doc/;

const isCheck = process.argv.includes('--check');
const folder = join(root, 'docs/api');
const scratch = mkdtempSync(join(tmpdir(), 'descent-api-'));
let faults = 0;
try {
  for (const [page, { name, entry }] of Object.entries(pages)) {
    const text = await render(name, entry);
    const file = join(folder, `${page}.md`);
    if (!isCheck) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      complain(`docs/api/${page}.md is not what the doc comments say; npm run docs:api writes it anew`);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = faults === 0 ? 0 : 1;

function complain(text) {
  process.stdout.write(`${text}\n`);
  faults++;
}

/** The page of an entry point. */
async function render(name, entry) {
  const out = join(scratch, name.replaceAll('/', '-'));
  const app = await Application.bootstrapWithPlugins({
    name,
    entryPoints: [join(root, entry)],
    tsconfig: join(root, 'scripts/api/tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    outputs: [{ name: 'markdown', path: out }],
    logLevel: 'Warn',
    readme: 'none',
    skipErrorChecking: true,
    disableSources: true,
    excludePrivate: true,
    excludeProtected: true,
    sort: ['alphabetical'],
    validation: { notExported: false, invalidLink: true, notDocumented: true },
    router: 'module',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    propertyMembersFormat: 'table',
    typeDeclarationFormat: 'table',
  });
  app.logger.log = (message, level) => {
    if (level >= LogLevel.Warn && !silent.test(message)) complain(message);
  };
  const project = await app.convert();
  if (!project) throw new Error(`[api] expected TypeDoc to read ${entry} but it cannot`);
  app.validate(project);
  await app.generateOutputs(project);
  return tidied(readFileSync(join(out, 'README.md'), 'utf8'));
}

/** An argument that is taken apart where it comes in has no name of its own. */
function tidied(text) {
  return text.replaceAll('__namedParameters', 'options').replaceAll(/[ \t]+$/gm, '');
}
