// What a machine may do to a run: whatever it is, the end is one that was designed, the journal can be read, what had finished
// is there, and the run goes on to the bits of one that nothing happened to.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binary, descent, type Ending, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const settings = '--data tiny --hidden-sizes 24 --batch-size 32 --evaluate-every 500 --checkpoints none';
const run = `run optimizer_compare_mnist ${settings} --steps 1200 --quiet --json --checkpoint-every 0.03`;

let digest: string;
beforeAll(async () => {
  digest = JSON.parse((await descent(`${run} --out whole`, { cwd })).stdout).digest;
});

const journalOf = (folder: string) => join(cwd, folder, 'journal.jsonl');
const endedIn = (folder: string) => readFileSync(journalOf(folder), 'utf8').split('{"kind":"arm"').length - 1;

/** Waits for something that a child process does. */
async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 3) {
    if (waited > 20_000) throw new Error('it did not come to that within 20 s');
    await sleep(3);
  }
}

/** Goes on with a run, which must come to the same bits and leave nothing behind but the journal and the record. */
async function expectToGoOn(folder: string, flags = ''): Promise<void> {
  const { code, stdout, stderr } = await descent(`run --resume ${folder} --quiet --json ${flags}`, { cwd });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).digest).toBe(digest);
  expect(readdirSync(join(cwd, folder)).sort()).toEqual(['journal.jsonl', 'run.json']);
}

/** The environment in which every thread begins with this code. */
function preloaded(name: string, code: string): NodeJS.ProcessEnv {
  const file = join(cwd, `${name}.mjs`);
  writeFileSync(file, code);
  return { NODE_OPTIONS: `--import ${pathToFileURL(file)}` };
}

// Somebody who may mount can make a disk as small as wanted.
const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' });
const canMount = (() => {
  const folder = join(cwd, 'mountable');
  mkdirSync(folder);
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'none', folder);
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  }
})();

/** A disk of its own, as a folder. */
function disk(name: string, options: string): string {
  mkdirSync(join(cwd, name));
  mount('-t', 'tmpfs', '-o', options, 'none', join(cwd, name));
  disks.push(join(cwd, name));
  return name;
}
const disks: string[] = [];
// Before the folder that they are in is deleted: what is registered last comes first.
afterAll(() => {
  for (const folder of disks) execFileSync('umount', [folder]);
});

describe.skipIf(!canMount)('a disk (only for root, who may mount one)', () => {
  test.for([1, 2])('that fills up in mid-run, --jobs %i: 2, and it goes on when there is room', async (jobs) => {
    const folder = disk(`full-${jobs}`, 'size=64k');
    const { code, stdout, stderr } = await descent(`${run} --out ${folder}/run --jobs ${jobs}`, { cwd });
    expect(stderr).toMatch(/^error: cannot write full-\d\/run\/.*: the disk is full\n.*run --resume full-\d\/run/);
    expect(stderr.split('\n')).toHaveLength(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 2 } });
    expect(code).toBe(2);
    expect(readdirSync(join(cwd, folder, 'run')).filter((name) => /tmp|lock/.test(name))).toEqual([]);
    mount('-o', 'remount,size=8m', join(cwd, folder));
    await expectToGoOn(`${folder}/run`);
  });

  test('that is full from the start: 2', async () => {
    const folder = disk('brim', 'size=4k,nr_inodes=3');
    writeFileSync(join(cwd, folder, 'all'), Buffer.alloc(4_096));
    const { code, stderr } = await descent(`${run} --out ${folder}`, { cwd });
    expect(stderr).toMatch(/^error: cannot write brim\/.*: the disk is full\n$/);
    expect(code).toBe(2);
  });

  test('that is read-only: 2', async () => {
    const folder = disk('sealed', 'ro');
    const { code, stderr } = await descent(`${run} --out ${folder}/run`, { cwd });
    expect(stderr).toBe('error: cannot write sealed/run: the disk is read-only\n');
    expect(code).toBe(2);
  });
});

// Root may write everywhere, so this takes somebody else, who must be able to read the command.
const nobody = 65_534;
const canBeNobody = process.getuid?.() === 0 && isReadableByAll(binary) && isReadableByAll(cwd);

function isReadableByAll(path: string): boolean {
  chmodSync(cwd, 0o755);
  try {
    execFileSync('test', ['-r', path], { uid: nobody });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!canBeNobody)('a folder that becomes read-only in mid-run: 2, and it goes on when it is not', async () => {
  const folder = join(cwd, 'locked');
  mkdirSync(folder);
  chownSync(folder, nobody, nobody);
  const child = spawn(process.execPath, [binary, ...`${run} --out locked`.split(' ')], { cwd, uid: nobody });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  await until(() => existsSync(journalOf('locked')));
  chmodSync(folder, 0o555);
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(stderr).toMatch(/^error: cannot write locked\/.*: permission denied\n.*--resume locked/);
  expect(code).toBe(2);
  chmodSync(folder, 0o755);
  await expectToGoOn('locked');
});

test.for([1, 2])(
  'the folder removed in mid-run, --jobs %i: it is there again, with all that was done',
  async (jobs) => {
    const folder = `removed-${jobs}`;
    const { whenEnded } = start(`${run} --out ${folder} --jobs ${jobs}`.split(' '), { cwd });
    await until(() => existsSync(journalOf(folder)) && endedIn(folder) > 0);
    rmSync(join(cwd, folder), { recursive: true, maxRetries: 50, retryDelay: 1 });
    const { code, stdout, stderr } = await whenEnded;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).digest).toBe(digest);
    expect(endedIn(folder)).toBe(4);
    await expectToGoOn(folder);
  },
);

test('a clock that jumps back an hour whenever it is read changes nothing', async () => {
  const env = preloaded('clock', 'let back = 0; const now = Date.now; Date.now = () => now() - 3.6e6 * ++back;');
  const { code, stdout } = await descent(`${run} --out clock`, { cwd, env });
  const record = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(record.digest).toBe(digest);
  expect(record.elapsedSeconds).toBeGreaterThan(0);
  expect(record.elapsedSeconds).toBeLessThan(60);
});

test('a disk on which a file cannot have two names', async () => {
  const refuse = `throw Object.assign(new Error('EPERM'), { code: 'EPERM' })`;
  const code = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; fs.linkSync = () => { ${refuse} }; syncBuiltinESMExports();`;
  const env = preloaded('stick', code);
  const first = start(`${run} --out stick`.split(' '), { cwd, env });
  await until(() => existsSync(journalOf('stick')));
  // Else it may be over before the second has begun.
  first.child.kill('SIGSTOP');
  const second = await descent('run --resume stick', { cwd, env });
  first.child.kill('SIGCONT');
  expect(second.stderr).toMatch(/another run is writing to stick/);
  expect(second.code).toBe(2);
  expect(JSON.parse((await first.whenEnded).stdout).digest).toBe(digest);
});

const inThread = (code: string) =>
  `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) setTimeout(() => { ${code} }, 150);`;

test.for([
  ['throws', `throw new Error('thrown in a thread')`, /^error: internal error: thrown in a thread\n/],
  ['is ended', 'process.exit(7)', /^error: a thread ended in the middle of its work \(7\)\n.*--jobs 1\n$/],
  [
    'runs out of memory',
    'const all = []; for (;;) all.push(new Array(1e5).fill(0.5));',
    /^error: a thread ended in the middle of its work \(out of memory\)\n/,
  ],
] as const)('a thread that %s: 1, the others keep what they have, and it goes on', async ([way, fault, message]) => {
  const folder = `thread-${way.replaceAll(' ', '-')}`;
  const { NODE_OPTIONS } = preloaded(folder, inThread(fault));
  const env = { NODE_OPTIONS: `${NODE_OPTIONS} --max-old-space-size=96` };
  const long = run
    .replace('--steps 1200', '--steps 60000')
    .replace('--checkpoint-every 0.03', '--checkpoint-every 600');
  const began = performance.now();
  const { code, stderr } = await descent(`${long} --out ${folder} --jobs 3`, { cwd, env });
  expect(stderr).toMatch(message);
  expect(code).toBe(1);
  // 60,000 steps of the other arms would take half a minute: none of them goes on behind the error.
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(readdirSync(join(cwd, folder, 'checkpoints')).length).toBeGreaterThan(0);
  expect(existsSync(join(cwd, folder, 'lock'))).toBe(false);
});

test('a thread that is ended in a run over several seeds: every seed goes on', async () => {
  const env = preloaded('seeds', inThread('process.exit(7)'));
  const { code } = await descent(`${run} --seeds 2 --out seeds --jobs 3`, { cwd, env });
  expect(code).toBe(1);
  const { stdout } = await descent('run --resume seeds --quiet --json', { cwd });
  expect(JSON.parse(stdout).records.map((record: { digest: string }) => record.digest)[0]).toBe(digest);
});

test.for(['SIGTERM', 'SIGHUP'] as const)('%s: 130, and how to go on', async (signal) => {
  const { child, whenEnded } = start(`${run} --out ${signal} --checkpoint-every 600`.split(' '), { cwd });
  await until(() => existsSync(journalOf(signal)));
  await sleep(60);
  child.kill(signal);
  const { code, stdout, stderr } = await whenEnded;
  expect(stderr).toMatch(new RegExp(`^interrupted\\nto go on: (npx )?descent run --resume ${signal}\\n$`));
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 130 } });
  expect(code).toBe(130);
  await expectToGoOn(signal);
});

test('kills at ten moments leave nothing behind once the run has gone on', async () => {
  const hasJournal = () => existsSync(journalOf('killed'));
  for (let kill = 0; kill < 10; kill++) {
    const args = kill === 0 ? `${run} --out killed` : 'run --resume killed --quiet --json --checkpoint-every 0.01';
    const { child, whenEnded } = start(args.split(' '), { cwd });
    const lock = join(cwd, 'killed', 'lock');
    const isOurs = () => existsSync(lock) && readFileSync(lock, 'utf8').includes(`"pid":${child.pid},`) && hasJournal();
    await until(() => child.exitCode !== null || isOurs());
    await sleep(7 * kill);
    child.kill('SIGKILL');
    await whenEnded;
  }
  await expectToGoOn('killed');
});

/** What a shell makes of a line in which `$run` is the command. */
function shell(line: string, folder: string): Promise<Ending> {
  const command = `"${process.execPath}" "${binary}" ${run.replace('--quiet ', '')} --out ${folder}`;
  const child = spawn('bash', ['-c', line.replace('$run', command)], { cwd });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test.for([
  ['| head -1', 'set -o pipefail; $run | head -1', /^\{\n$/],
  ['2>&1 | head -1', 'set -o pipefail; $run 2>&1 | head -1', /optimizer_compare_mnist/],
  ['2>&1 | true', 'set -o pipefail; $run 2>&1 | true', /^$/],
  ['with stdin closed', '$run <&-', /^\{\n/],
  ['with stdout closed', '$run >&-', /^$/],
  ['with stderr closed', '$run 2>&-', /^\{\n/],
] as const)('%s: the record is whole', async ([name, line, output]) => {
  const folder = `shell-${name.replace(/\W+/g, '-')}`;
  const { code, stdout, stderr } = await shell(line, folder);
  expect(stdout).toMatch(output);
  expect(stderr).not.toMatch(/error/);
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(join(cwd, folder, 'run.json'), 'utf8')).digest).toBe(digest);
});

test('a record that was damaged is written again from the journal', async () => {
  await descent(`${run} --out damaged`, { cwd });
  writeFileSync(join(cwd, 'damaged', 'run.json'), '{"format":');
  await expectToGoOn('damaged');
});

test('a bit that a disk has altered in the journal is not taken for a result', async () => {
  await descent(`${run} --out rotten`, { cwd });
  rmSync(join(cwd, 'rotten', 'run.json'));
  const journal = readFileSync(journalOf('rotten'));
  const at = Math.floor(journal.length / 2);
  journal[at] = (journal[at] as number) ^ 1;
  writeFileSync(journalOf('rotten'), journal);
  await expectToGoOn('rotten');
});
