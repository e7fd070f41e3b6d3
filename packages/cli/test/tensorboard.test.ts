// Event files of `descent run --tensorboard`, while it runs and after it was killed.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { shownEvents, stepOf, summaryOf, textOf } from '../../../test/formats/events.ts';
import { descent, scratch, start, until } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const run =
  'run optimizer_compare_mnist --data tiny --steps 600 --hidden-sizes 24 --batch-size 32 --evaluate-every 50 --quiet --json --checkpoint-every 0.03';
const arms = ['AdaGrad', 'Adam', 'Momentum', 'SGD'];

/** The event files of an arm, in the order in which TensorBoard reads them. */
function filesOf(logs: string, arm: string): Uint8Array[] {
  const folder = join(cwd, logs, arm);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name)));
}

const countEvents = (logs: string, arm: string) => shownEvents(filesOf(logs, arm)).length;
const countAll = (logs: string) => arms.reduce((sum, arm) => sum + countEvents(logs, arm), 0);

/** What TensorBoard shows of an arm except the times: step, tag, content. */
function contents(logs: string, arm: string): string[] {
  return shownEvents(filesOf(logs, arm))
    .filter((event) => textOf(summaryOf(event), 1) !== '_hparams_/session_start_info')
    .map((event) => {
      const value = summaryOf(event);
      const data = value[2] ?? value[5] ?? [];
      return `${stepOf(event)} ${textOf(value, 1)} ${data.map((each) => Buffer.from(each as Uint8Array).toString('hex'))}`;
    })
    .sort();
}

function stepsOf(logs: string, arm: string, tag: string): number[] {
  return shownEvents(filesOf(logs, arm)).flatMap((event) =>
    textOf(summaryOf(event), 1) === tag ? [stepOf(event)] : [],
  );
}

let digest: string;
beforeAll(async () => {
  const [plain, logged] = await Promise.all([
    descent(`${run} --out plain`, { cwd }),
    descent(`${run} --out whole --tensorboard whole-logs`, { cwd }),
  ]);
  digest = JSON.parse(plain.stdout).digest;
  expect(JSON.parse(logged.stdout).digest).toBe(digest);
}, 60_000);

test.each(arms)('%s has every step of its series, and histograms before the first step and after each tenth', (arm) => {
  expect(stepsOf('whole-logs', arm, 'trainLoss')).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
  expect(stepsOf('whole-logs', arm, 'testAccuracy')).toEqual(Array.from({ length: 13 }, (_, i) => 50 * i));
  const tenths = Array.from({ length: 11 }, (_, i) => 60 * i);
  for (const tag of ['weights/0.weight', 'gradients/0.weight', 'activations/1 ReLU', 'activation gradients/2 Linear'])
    expect(stepsOf('whole-logs', arm, tag), tag).toEqual(tenths);
  expect(stepsOf('whole-logs', arm, '_hparams_/session_end_info')).toEqual([600]);
});

test('a run that is killed twice, while its files grow, shows what an uninterrupted one does', async () => {
  const logs = 'killed-logs';
  const logged = `--tensorboard ${logs} --jobs 2`;
  let words = `${run} --out killed ${logged}`;
  for (let kills = 0; kills < 2; kills++) {
    const before = countAll(logs);
    const { child, whenEnded } = start(words.split(' '), { cwd });
    await until(() => child.exitCode !== null || countAll(logs) > before + 500);
    child.kill('SIGKILL');
    await whenEnded;
    words = `run --resume killed ${logged} --quiet --json --checkpoint-every 0.03`;
  }
  const { code, stdout } = await descent(words, { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).digest).toBe(digest);
  for (const arm of arms) expect(contents(logs, arm)).toEqual(contents('whole-logs', arm));
  const names = arms.flatMap((arm) => readdirSync(join(cwd, logs, arm)));
  expect(names.length).toBeGreaterThan(arms.length);

  // Finished arms that are logged already stay as they are.
  await descent(words, { cwd });
  expect(arms.flatMap((arm) => readdirSync(join(cwd, logs, arm)))).toEqual(names);
});

test('a finished run is logged with its series, and with histograms of the first and the last step', async () => {
  const { code } = await descent('run --resume plain --tensorboard late-logs --quiet --json', { cwd });
  expect(code).toBe(0);
  for (const arm of arms) {
    const whole = new Set(contents('whole-logs', arm));
    expect(contents('late-logs', arm).every((event) => whole.has(event))).toBe(true);
    expect(stepsOf('late-logs', arm, 'weights/0.weight')).toEqual([0, 600]);
  }
});

test('the run continues when its event files are removed', async () => {
  const words = `${run.replace(' --quiet', '')} --jobs 1 --out away --tensorboard away-logs`.split(' ');
  const { whenEnded } = start(words, { cwd });
  await until(() => countEvents('away-logs', 'SGD') > 50);
  renameSync(join(cwd, 'away-logs'), join(cwd, 'gone'));
  const { code, stdout, stderr } = await whenEnded;
  expect(stderr).toMatch(/cannot write away-logs\/.*: it has been removed; the run continues without event files\n/);
  expect(JSON.parse(stdout).digest).toBe(digest);
  expect(code).toBe(0);
});

test('`--tensorboard` refuses a file before training starts', async () => {
  writeFileSync(join(cwd, 'taken'), '');
  const { code, stderr } = await descent(`${run} --out never --tensorboard taken`, { cwd });
  expect(stderr).toBe('error: cannot write taken: it is a file\n');
  expect(existsSync(join(cwd, 'never'))).toBe(false);
  expect(code).toBe(2);
});
