// Event files of descent run: they grow while it runs, and hold every step once, however often it was killed.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytes, decode, eventsOf, eventsSoFar, type Message, textOf, told } from '../../../test/formats/events.ts';
import { descent, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const run =
  'run optimizer_compare_mnist --data tiny --steps 600 --hidden-sizes 24 --batch-size 32 --evaluate-every 50 --quiet --json --checkpoint-every 0.03';
const arms = ['AdaGrad', 'Adam', 'Momentum', 'SGD'];

/** The one event file of an arm, if it is there. */
function fileIn(logs: string, arm: string): Uint8Array | undefined {
  const folder = join(cwd, logs, arm);
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((name) => name.includes('tfevents'));
  const [name] = names;
  return name === undefined ? undefined : readFileSync(join(folder, name));
}

/** All that the file of an arm tells but the times: step, tag, content. */
function contents(logs: string, arm: string): string[] {
  return eventsOf(fileIn(logs, arm) as Uint8Array)
    .slice(1)
    .map((event) => {
      const value = decode(bytes(decode(bytes(event, 5)), 1));
      const tag = textOf(value, 1);
      const data = value[2] ?? value[5] ?? [];
      return `${event[2]?.[0]} ${tag} ${data.map((each) => Buffer.from(each as Uint8Array).toString('hex'))}`;
    })
    .sort();
}

/** Waits for something that a child process does. */
async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 3) {
    if (waited > 20_000) throw new Error('it did not come to that within 20 s');
    await sleep(3);
  }
}

const stepsIn = (file: Uint8Array | undefined) =>
  file ? eventsSoFar(file).events.filter((event: Message) => event[5]).length : 0;

let digest: string;
beforeAll(async () => {
  const [plain, logged] = await Promise.all([
    descent(`${run} --out plain`, { cwd }),
    descent(`${run} --out whole --tensorboard whole-logs`, { cwd }),
  ]);
  digest = JSON.parse(plain.stdout).digest;
  expect(JSON.parse(logged.stdout).digest).toBe(digest);
});

test.each(arms)('%s has each step of each curve once, and looks before the first step and after each tenth', (arm) => {
  const all = told(fileIn('whole-logs', arm) as Uint8Array);
  const steps = (wanted: string) => all.flatMap(([step, tag]) => (tag === wanted ? [step] : []));
  expect(steps('trainLoss')).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
  expect(steps('testAccuracy')).toEqual(Array.from({ length: 13 }, (_, i) => 50 * i));
  const tenths = Array.from({ length: 11 }, (_, i) => 60 * i);
  for (const tag of ['weights/0.weight', 'gradients/0.weight', 'activations/1 ReLU', 'activation gradients/2 Linear'])
    expect(steps(tag), tag).toEqual(tenths);
  expect(all.at(-1)?.[1]).toBe('_hparams_/session_end_info');
});

test('files grow as the run goes', async () => {
  const { child, whenEnded } = start(
    `${run} --steps 2000 --jobs 1 --out growing --tensorboard growing-logs`.split(' '),
    { cwd },
  );
  const seen = new Set<number>();
  while (child.exitCode === null && child.signalCode === null) {
    seen.add(stepsIn(fileIn('growing-logs', 'SGD')));
    await sleep(10);
  }
  expect((await whenEnded).code).toBe(0);
  expect(seen.size).toBeGreaterThan(4);
});

test.for([
  ['SIGKILL', 2],
  ['SIGINT', 2],
] as const)('%s with --jobs %i, again and again: the files hold what those of one go do', async ([signal, jobs]) => {
  const name = `${signal}-${jobs}`;
  const logged = `--tensorboard ${name}-logs --jobs ${jobs}`;
  let words = `${run} --out ${name} ${logged}`;
  for (let kills = 0; kills < 2; kills++) {
    const before = arms.reduce((sum, arm) => sum + stepsIn(fileIn(`${name}-logs`, arm)), 0);
    const { child, whenEnded } = start(words.split(' '), { cwd });
    await until(
      () =>
        child.exitCode !== null ||
        arms.reduce((sum, arm) => sum + stepsIn(fileIn(`${name}-logs`, arm)), 0) > before + 500,
    );
    child.kill(signal);
    await whenEnded;
    words = `run --resume ${name} ${logged} --quiet --json --checkpoint-every 0.03`;
  }
  const { code, stdout } = await descent(words, { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).digest).toBe(digest);
  for (const arm of arms) expect(contents(`${name}-logs`, arm)).toEqual(contents('whole-logs', arm));
});

test('a run that is over can be logged still: curves, and looks at the first and the last step', async () => {
  const { code } = await descent('run --resume plain --tensorboard late-logs --quiet --json', { cwd });
  expect(code).toBe(0);
  for (const arm of arms) {
    const whole = new Set(contents('whole-logs', arm));
    const late = contents('late-logs', arm);
    expect(late.every((event) => whole.has(event))).toBe(true);
    const steps = told(fileIn('late-logs', arm) as Uint8Array).flatMap(([step, tag]) =>
      tag === 'weights/0.weight' ? [step] : [],
    );
    expect(steps).toEqual([0, 600]);
  }
});

test('a new run into the folder of an old one takes its place, under a new name', async () => {
  const short = run.replace('--steps 600', '--steps 20');
  for (const out of ['first', 'second']) await descent(`${short} --out ${out} --tensorboard again-logs`, { cwd });
  expect(readdirSync(join(cwd, 'again-logs', 'SGD'))).toEqual(['events.out.tfevents.1.descent']);
  expect(told(fileIn('again-logs', 'SGD') as Uint8Array).filter(([, tag]) => tag === 'trainLoss')).toHaveLength(20);
});

describe('a folder', () => {
  test('that goes away costs the log, not the run', async () => {
    const words = `${run.replace(' --quiet', '')} --jobs 1 --out away --tensorboard away-logs`.split(' ');
    const { whenEnded } = start(words, { cwd });
    await until(() => stepsIn(fileIn('away-logs', 'SGD')) > 50);
    renameSync(join(cwd, 'away-logs'), join(cwd, 'gone'));
    const { code, stdout, stderr } = await whenEnded;
    expect(stderr).toMatch(/cannot write away-logs\/.*: it has been removed; the run goes on without event files\n/);
    expect(JSON.parse(stdout).digest).toBe(digest);
    expect(code).toBe(0);
  });

  test('that cannot be is refused before anything is trained', async () => {
    writeFileSync(join(cwd, 'taken'), '');
    const { code, stderr } = await descent(`${run} --out never --tensorboard taken`, { cwd });
    expect(stderr).toBe('error: cannot write taken: it is a file\n');
    expect(existsSync(join(cwd, 'never'))).toBe(false);
    expect(code).toBe(2);
  });
});
