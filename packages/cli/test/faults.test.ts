// Full and read-only disks, removed folders, dead threads, odd clocks and closed streams end as designed, and the run
// resumes.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binary, descent, scratch, shell, spawnDescent, start, until } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const settings = '--data tiny --hidden-sizes 24 --batch-size 32 --evaluate-every 500 --checkpoints none';
const run = `run optimizer_compare_mnist ${settings} --steps 1200 --quiet --json --checkpoint-every 0.03`;

let digest: string;
beforeAll(async () => {
  digest = JSON.parse((await descent(`${run} --out whole`, { cwd })).stdout).digest;
});

const journalFile = (folder: string) => join(cwd, folder, 'journal.jsonl');
const countEnded = (folder: string) => readFileSync(journalFile(folder), 'utf8').split('{"kind":"arm"').length - 1;

async function expectToResume(folder: string): Promise<void> {
  const { code, stdout, stderr } = await descent(`run --resume ${folder} --quiet --json`, { cwd });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout).digest).toBe(digest);
  expect(readdirSync(join(cwd, folder)).sort()).toEqual(['journal.jsonl', 'run.json']);
}

/** Returns an environment in which every thread runs this code first. */
function preload(name: string, code: string): NodeJS.ProcessEnv {
  const file = join(cwd, `${name}.mjs`);
  writeFileSync(file, code);
  return { NODE_OPTIONS: `--import ${pathToFileURL(file)}` };
}

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' });
const disks: string[] = [];

/** Mounts a small disk. */
function mountDisk(name: string, options: string): string {
  mkdirSync(join(cwd, name));
  mount('-t', 'tmpfs', '-o', options, 'none', join(cwd, name));
  disks.push(join(cwd, name));
  return name;
}

const canMount = (() => {
  try {
    mountDisk('mountable', 'size=64k');
    return true;
  } catch {
    return false;
  }
})();
// Registered last, so it runs before the temporary folder is deleted.
afterAll(() => {
  for (const folder of disks) execFileSync('umount', [folder]);
});

describe.skipIf(!canMount)('a disk (needs the right to mount)', () => {
  test.for([1, 2])('that fills up during a run, --jobs %i: exit code 2, and the run resumes', async (jobs) => {
    const folder = mountDisk(`full-${jobs}`, 'size=64k');
    const { code, stdout, stderr } = await spawnDescent(`${run} --out ${folder}/run --jobs ${jobs}`, { cwd });
    expect(stderr).toMatch(/^error: cannot write full-\d\/run\/.*: the disk is full\n.*run --resume full-\d\/run/);
    expect(stderr.split('\n')).toHaveLength(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 2 } });
    expect(code).toBe(2);
    expect(readdirSync(join(cwd, folder, 'run')).filter((name) => /tmp|lock/.test(name))).toEqual([]);
    mount('-o', 'remount,size=8m', join(cwd, folder));
    await expectToResume(`${folder}/run`);
  });

  test.for([
    ['full', 'size=4k,nr_inodes=3', /^error: cannot write full\/.*: the disk is full\n$/],
    ['read-only', 'ro', /^error: cannot write read-only\/run: the disk is read-only\n$/],
  ] as const)('that is %s: exit code 2', async ([name, options, message]) => {
    const folder = mountDisk(name, options);
    if (name === 'full') writeFileSync(join(cwd, folder, 'all'), Buffer.alloc(4_096));
    const { code, stderr } = await descent(`${run} --out ${folder}/run`, { cwd });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

// Root can write everywhere, so another user runs the command.
const NOBODY = 65_534;

function canRead(path: string): boolean {
  chmodSync(cwd, 0o755);
  try {
    execFileSync('test', ['-r', path], { uid: NOBODY });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(process.getuid?.() !== 0 || !canRead(binary) || !canRead(cwd))(
  'a folder that becomes read-only during a run: exit code 2, and the run resumes',
  async () => {
    const folder = join(cwd, 'locked');
    mkdirSync(folder);
    chownSync(folder, NOBODY, NOBODY);
    const child = spawn(process.execPath, [binary, ...`${run} --out locked`.split(' ')], { cwd, uid: NOBODY });
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    await until(() => existsSync(journalFile('locked')));
    chmodSync(folder, 0o555);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toMatch(/^error: cannot write locked\/.*: permission denied\n.*--resume locked/);
    expect(code).toBe(2);
    chmodSync(folder, 0o755);
    await expectToResume('locked');
  },
);

test('a folder that is removed during a run is created again, with the arms that had ended', async () => {
  const { whenEnded } = start(`${run} --out removed --jobs 2`, { cwd });
  await until(() => existsSync(journalFile('removed')) && countEnded('removed') > 0);
  rmSync(join(cwd, 'removed'), { recursive: true, maxRetries: 50, retryDelay: 1 });
  const { code, stdout, stderr } = await whenEnded;
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout).digest).toBe(digest);
  expect(countEnded('removed')).toBe(4);
  await expectToResume('removed');
});

test('a clock that is set back changes nothing', async () => {
  const env = preload('clock', 'let back = 0; const now = Date.now; Date.now = () => now() - 3.6e6 * ++back;');
  const record = JSON.parse((await spawnDescent(`${run} --out clock`, { cwd, env })).stdout);
  expect(record.digest).toBe(digest);
  expect(record.elapsedSeconds).toBeGreaterThan(0);
  expect(record.elapsedSeconds).toBeLessThan(60);
});

/** Returns code that replaces a function of `node:fs`. */
const patchFs = (code: string) =>
  `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; ${code}; syncBuiltinESMExports();`;
const throwCode = (code: string) => `throw Object.assign(new Error('${code}'), { code: '${code}' })`;

test('a rename that Windows refuses for a moment is retried', async () => {
  const refuse = `let calls = 0; const rename = fs.renameSync;
    fs.renameSync = (...args) => { if (++calls % 3) { ${throwCode('EBUSY')} } rename(...args); }`;
  const windows = `Object.defineProperty(process, 'platform', { value: 'win32' })`;
  const env = preload('scanner', patchFs(`${refuse}; ${windows}`));
  const { code, stderr } = await spawnDescent('run optimizer_compare_naive --quiet --out scanned', { cwd, env });
  expect([code, stderr]).toEqual([0, '']);
});

test('a folder is locked on a file system without hard links', async () => {
  const env = preload('stick', patchFs(`fs.linkSync = () => { ${throwCode('EPERM')} }`));
  const first = start(`${run} --out stick`, { cwd, env });
  await until(() => existsSync(journalFile('stick')));
  first.child.kill('SIGSTOP');
  const second = await spawnDescent('run --resume stick', { cwd, env });
  first.child.kill('SIGCONT');
  expect(second.stderr).toMatch(/another run is writing to stick/);
  expect(second.code).toBe(2);
  expect(JSON.parse((await first.whenEnded).stdout).digest).toBe(digest);
});

const inThread = (code: string) =>
  `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) setTimeout(() => { ${code} }, 150);`;

test.for([
  ['throws', `throw new Error('thrown in a thread')`, /^error: internal error: thrown in a thread\n/],
  ['exits', 'process.exit(7)', /^error: a worker thread exited unexpectedly \(7\)\n.*--jobs 1 /],
  [
    'runs out of memory',
    'const all = []; for (;;) all.push(new Array(1e5).fill(0.5));',
    /^error: a worker thread exited unexpectedly \(out of memory\)\n/,
  ],
] as const)(
  'a thread that %s: exit code 1, and the other arms save their checkpoints',
  async ([way, fault, message]) => {
    const folder = `thread-${way.replaceAll(' ', '-')}`;
    const { NODE_OPTIONS } = preload(folder, inThread(fault));
    const env = { NODE_OPTIONS: `${NODE_OPTIONS} --max-old-space-size=96` };
    const long = run
      .replace('--steps 1200', '--steps 60000')
      .replace('--checkpoint-every 0.03', '--checkpoint-every 600');
    const began = performance.now();
    const { code, stderr } = await spawnDescent(`${long} --out ${folder} --jobs 3`, { cwd, env });
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    // 60,000 steps would take half a minute: no arm continues after the error.
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(readdirSync(join(cwd, folder, 'checkpoints')).length).toBeGreaterThan(0);
    expect(existsSync(join(cwd, folder, 'lock'))).toBe(false);
  },
);

test('a big-endian machine: exit code 1 and no files', async () => {
  const env = preload('big-endian', 'Uint32Array.of = () => new Uint32Array([2 ** 24]);');
  const { code, stderr } = await spawnDescent('run optimizer_compare_naive --quiet --out big', { cwd, env });
  expect(stderr).toBe(
    'error: expected a little-endian machine: WebAssembly and typed arrays must have the same byte order\n',
  );
  expect(code).toBe(1);
  expect(existsSync(join(cwd, 'big'))).toBe(false);
});

test.for([
  ['| head -1', /^\{\n$/],
  ['2>&1 | head -1', /optimizer_compare_mnist/],
  ['<&-', /^\{\n/],
  ['>&-', /^$/],
  ['2>&-', /^\{\n/],
] as const)('%s: the record is complete', ([redirection, output], { task }) => {
  const folder = `shell-${task.id}`;
  const line = `set -o pipefail; descent ${run.replace('--quiet ', '')} --out ${folder} ${redirection}`;
  const { code, stdout, stderr } = shell(line, cwd);
  expect(stdout).toMatch(output);
  expect(stderr).not.toMatch(/error/);
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(join(cwd, folder, 'run.json'), 'utf8')).digest).toBe(digest);
});
