// `npm run docs:api`: the reference in docs/api, from the doc comments of what the libraries export; one page an entry point of their
// packages, and an index. `--check` writes nothing: it fails where a page is not what the comments say now. Both fail where something
// public has no comment, where a public type names one that is not, or where a link leads nowhere.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Application, LogLevel, Renderer } from 'typedoc';
import { root } from '../setup.js';
import { entryPoints } from './entry-points.js';
import { indexOf } from './index-page.js';

const isCheck = process.argv.includes('--check');
const folder = join(root, 'docs/api');
const faults = new Set();

const pages = await render(entryPoints());
for (const [file, text] of Object.entries(pages)) compareOrWrite(file, text);
for (const file of existsSync(folder) ? readdirSync(folder) : []) {
  if (file in pages) continue;
  if (isCheck) complain(`docs/api/${file} is of no entry point; npm run docs:api removes it`);
  else rmSync(join(folder, file), { recursive: true });
}
process.exitCode = faults.size === 0 ? 0 : 1;

function complain(text) {
  if (!faults.has(text)) process.stdout.write(`${text}\n`);
  faults.add(text);
}

function packagesOf(entries) {
  return [...new Set(entries.map(({ package: name }) => name))];
}

function compareOrWrite(name, text) {
  const file = join(folder, name);
  if (!isCheck) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    complain(`docs/api/${name} is not what the doc comments say; npm run docs:api writes it anew`);
  }
}

/** All pages by their file. One program for all of them: the links from one to another come out right, and it takes half as long. */
async function render(entries) {
  const scratch = mkdtempSync(join(tmpdir(), 'descent-api-'));
  try {
    const app = await Application.bootstrapWithPlugins(settings(entries, scratch));
    app.logger.log = (message, level) => {
      if (level >= LogLevel.Warn) complain(message);
    };
    const project = await app.convert();
    if (!project) throw new Error('[api] expected TypeDoc to read every entry point but it cannot');
    // TypeDoc asks only of one package whether all types that it names are exported.
    for (const name of packagesOf(entries)) app.validate(Object.assign(project, { packageName: name }));
    // A page is named after its module.
    const modules = entries.map(({ source, page }) => {
      const path = relative(join(root, 'packages'), source).replace(/(\/index)?\.ts$/, '');
      return Object.assign(project.getChildByName([path]), { name: page });
    });
    let index = '';
    app.renderer.on(Renderer.EVENT_END, () => {
      index = indexOf(entries, modules, (reflection) => app.renderer.router.getFullUrl(reflection));
    });
    await app.generateOutputs(project);
    const texts = entries.map(({ name, page, about }) => {
      const [, ...lines] = readFileSync(join(scratch, `${page}.md`), 'utf8').split('\n');
      return [`${page}.md`, tidied([`# ${name}`, '', about, ...lines].join('\n'))];
    });
    return { 'README.md': index, ...Object.fromEntries(texts) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function settings(entries, out) {
  return {
    name: 'Descent',
    entryPoints: entries.map(({ source }) => source),
    packagesRequiringDocumentation: packagesOf(entries),
    tsconfig: join(root, 'scripts/api/tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    outputs: [{ name: 'markdown', path: out }],
    logLevel: 'Warn',
    readme: 'none',
    // `npm run check -- types` looks for those.
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
    // Its own numbers of headings that are called alike are not always GitHub's.
    useHTMLAnchors: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    propertyMembersFormat: 'table',
    typeDeclarationFormat: 'table',
  };
}

/** An argument that is taken apart where it comes in has no name of its own. */
function tidied(text) {
  const plain = text.replaceAll('__namedParameters', 'options').replaceAll(/[ \t]+$/gm, '');
  const seen = new Map();
  return plain.replaceAll(/(?:<a id="([^"]+)"><\/a>\n\n)?^(#+ .+)$/gm, (whole, id, heading) => {
    const slug = slugOf(heading, seen);
    return id === slug ? heading : whole;
  });
}

/** The anchor that GitHub gives a heading; those that are called alike are numbered. */
function slugOf(heading, seen) {
  const words = heading.replace(/^#+ /, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  const slug = words
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
  const times = seen.get(slug) ?? 0;
  seen.set(slug, times + 1);
  return times === 0 ? slug : `${slug}-${times}`;
}
