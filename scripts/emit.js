// In a package: its sources as ES modules and declarations in dist/, one file for one, for those who install it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
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
  if (source !== undefined && !existsSync(join('src', `${source}.ts`))) rmSync(join('dist', String(name)));
}
