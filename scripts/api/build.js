// `npm run docs:api` writes the API reference into docs/api (not committed), from the doc comments of what the libraries export.
// `--check` writes nothing. Both fail where a public name has no comment, names a type that is not exported, or has a broken link.
import { join } from 'node:path';
import { Application, LogLevel } from 'typedoc';
import { root } from '../setup.js';
import { entryPoints } from './entry-points.js';

const entries = entryPoints();
const packages = [...new Set(entries.map(({ package: name }) => name))];
const warnings = new Set();

const app = await Application.bootstrapWithPlugins({
  name: 'Descent',
  entryPoints: entries.map(({ source }) => source),
  packagesRequiringDocumentation: packages,
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
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
});
app.logger.log = (message, level) => {
  if (level < LogLevel.Warn || warnings.has(message)) return;
  warnings.add(message);
  process.stdout.write(`${message}\n`);
};
const project = await app.convert();
if (!project) throw new Error('[api] expected TypeDoc to read every entry point but it cannot');
// TypeDoc checks the types of one package only, the project's.
for (const name of packages) app.validate(Object.assign(project, { packageName: name }));
project.packageName = '@descent';
for (const { source, name } of entries) {
  const path = source.slice(join(root, 'packages').length + 1).replace(/(\/index)?\.ts$/, '');
  Object.assign(project.getChildByName([path]), { name: name.replace('@descent/', '').replaceAll('/', '-') });
}
if (!process.argv.includes('--check')) await app.generateOutputs(project);
process.exitCode = warnings.size === 0 ? 0 : 1;
