// In a package: its sources as ES modules and declarations in dist/, one file for one, for those who install it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { status, stdout, error } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
if (status !== 0) {
  process.stderr.write(`${stdout ?? error}\n`);
  process.exit(1);
}

// What an earlier build left of sources that are gone would be packed too.
for (const name of readdirSync('dist', { recursive: true })) {
  const source = /^(.+?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(String(name))?.[1];
  if (source !== undefined && !existsSync(join('src', `${source}.ts`)) && !existsSync(join('src', source)))
    rmSync(join('dist', String(name)));
}

// Node 20 warns of imports of JSON: in dist these are modules.
for (const name of readdirSync('dist', { recursive: true }).map(String)) {
  const file = join('dist', name);
  if (name.endsWith('.json')) {
    writeFileSync(`${file}.js`, `export default ${readFileSync(file, 'utf8').trimEnd()};\n`);
    writeFileSync(`${file}.d.ts`, 'declare const texts: Readonly<Record<string, string>>;\nexport default texts;\n');
    rmSync(file);
  } else if (/i18n.index\.(js|d\.ts)$/.test(name)) {
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/\.json'/g, ".json.js'"));
  }
}
