// `npm run docs:api` writes the API reference into docs/api (not committed). `--check` writes nothing. Both fail if a public
// export has no doc comment, uses a type that is not exported, or has a broken link.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, LogLevel } from 'typedoc';
import { root } from '../setup.js';

/** All import paths of the libraries, with their source files. */
const entries = ['kernels', 'nn', 'experiments'].flatMap((library) => {
  const folder = join(root, 'packages', library);
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.entries(exports).map(([path, { '@descent/source': file }]) => ({
    library: name,
    name: join(name, path).replace('@descent/', '').replaceAll('/', '-'),
    source: join(folder, file),
  }));
});
const libraries = [...new Set(entries.map(({ library }) => library))];
const table = 'table';

const app = await Application.bootstrapWithPlugins({
  name: 'Descent',
  entryPoints: entries.map(({ source }) => source),
  packagesRequiringDocumentation: libraries,
  tsconfig: join(root, 'scripts/api/tsconfig.json'),
  plugin: ['typedoc-plugin-markdown'],
  outputs: [{ name: 'markdown', path: join(root, 'docs/api') }],
  logLevel: 'Warn',
  readme: 'none',
  // `npm run check -- types` finds type errors.
  skipErrorChecking: true,
  disableSources: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeInternal: true,
  sort: ['alphabetical'],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  router: 'module',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  parametersFormat: table,
  interfacePropertiesFormat: table,
  classPropertiesFormat: table,
  propertyMembersFormat: table,
  typeDeclarationFormat: table,
});
const warnings = new Set();
app.logger.log = (message, level) => {
  // Members of object literals need no comment if the export has one.
  if (level < LogLevel.Warn || warnings.has(message) || message.includes('.__type.')) return;
  warnings.add(message);
  console.log(message);
};
const project = await app.convert();
if (!project) throw new Error('TypeDoc could not read the entry points');
// TypeDoc validates only the package that the project is named after.
for (const packageName of libraries) app.validate(Object.assign(project, { packageName }));
project.packageName = '@descent';
for (const { source, name } of entries) {
  const path = source.slice(join(root, 'packages').length + 1).replace(/(\/index)?\.ts$/, '');
  Object.assign(project.getChildByName([path]), { name });
}
if (!process.argv.includes('--check')) await app.generateOutputs(project);
process.exitCode = warnings.size === 0 ? 0 : 1;
