// Builds a package into dist/: one ES module and one declaration file per source file.
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

for (const name of readdirSync('dist', { recursive: true }).map(String)) {
  const file = join('dist', name);
  const source = /^(.+?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(name)?.[1];
  if (source !== undefined && !existsSync(join('src', `${source}.ts`)) && !existsSync(join('src', source))) {
    // Output of a source file that no longer exists.
    rmSync(file);
  } else if (name.endsWith('.json')) {
    // Node 20 warns about imports of JSON, so JSON files become modules.
    writeFileSync(`${file}.js`, `export default ${readFileSync(file, 'utf8').trimEnd()};\n`);
    writeFileSync(`${file}.d.ts`, 'declare const texts: Readonly<Record<string, string>>;\nexport default texts;\n');
    rmSync(file);
  } else if (/i18n.index\.(js|d\.ts)$/.test(name)) {
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/\.json'/g, ".json.js'"));
  }
}
