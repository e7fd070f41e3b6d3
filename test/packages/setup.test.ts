// `npm start`, `npm test` and `npm run web` without a package registry: progress lines, and a clear message.
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
for (const name of ['scripts', 'package.json', 'pnpm-lock.yaml'])
  cpSync(join(root, name), join(folder, name), { recursive: true });

test.concurrent.for(['start', 'test', 'web'])(
  '%s names the registry that cannot be reached',
  { timeout: 120_000 },
  async (script) => {
    // One retry instead of two, which waits two seconds instead of twelve.
    const npm = { registry: 'http://127.0.0.1:9', cache: join(folder, `cache-${script}`), fetch_retries: '1' };
    const npmEnv = Object.entries(npm).map(([name, value]) => [`npm_config_${name}`, value]);
    const env = { ...process.env, ...Object.fromEntries(npmEnv) };
    const child = spawn(process.execPath, [join(folder, 'scripts', `${script}.js`)], { env });
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toMatch(/^Installing packages …\n/);
    expect(stderr).toMatch(/\n {2}\d+ s {2}the package registry does not answer, trying again\n/);
    expect(stderr).toMatch(/\nInstalling packages … failed in \d+ s\n.*http:\/\/127\.0\.0\.1:9 cannot be reached/);
    expect(stderr).toMatch(/ECONNREFUSED[^\n]*\n$/);
    expect(code).toBe(1);
  },
);
