// The scripts behind `npm start`, `npm test` and `npm run web`: their lines while they install, and without a registry.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'descent-setup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'packages'));
for (const name of ['scripts', 'package.json', 'pnpm-lock.yaml']) {
  cpSync(join(root, name), join(folder, name), { recursive: true });
}

test.concurrent.for(['start', 'test', 'web'])(
  '%s names the registry that cannot be reached, and shows a line meanwhile',
  { timeout: 120_000 },
  async (script) => {
    const registry = 'http://127.0.0.1:9';
    const env = { ...process.env, npm_config_registry: registry, npm_config_cache: join(folder, `cache-${script}`) };
    const child = spawn(process.execPath, [join(folder, 'scripts', `${script}.js`)], { env });
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toMatch(/^Installing packages …\n/);
    expect(stderr).toMatch(/\n {2}\d+ s {2}the package registry does not answer, trying again\n/);
    expect(stderr).toMatch(
      /\nInstalling packages … failed in \d+ s\nThe package registry at http:\/\/127\.0\.0\.1:9 cannot/,
    );
    expect(stderr).toMatch(/ECONNREFUSED[^\n]*\n$/);
    expect(code).toBe(1);
  },
);
