// Fixtures of the queue tests: one Redis per file, and in it one database per test, so that tests run side by side.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, type TestContext, vi } from 'vitest';
import { descent, type Ending, scratch, start, until } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';
import { hasRedis, password, RedisServer, user } from './redis.ts';

const missing = 'redis-server is not installed (Debian: apt-get install redis-server)';
export const isSkipped = !hasRedis && !process.env.CI;

/** A search of 5 trials. 200 epochs take about 0.2 s per trial, so that a process can be killed in the middle of one. */
export const study = (epochs: number) =>
  `run hyperparameter_optimization --data tiny --trials 5 --epochs ${epochs} --batch-size 50 --train-samples 125 --hidden-sizes 100x4 --evaluate-every 100`;
export const LONG = 200;
export const SHORT = 20;

export type Process = ReturnType<typeof start>;

export const count = (text: string, pattern: RegExp) => text.match(new RegExp(pattern, 'g'))?.length ?? 0;

/** Shared by the tests of a file. */
export class QueueFixture {
  readonly cwd = scratch();
  /** Output of all processes. */
  readonly outputs: string[] = [];
  /** Records of `--jobs 1`, by epochs. */
  readonly #expected = new Map<number, string>();
  #server: RedisServer | undefined;
  #tests = 0;

  /** Call it while tests are collected. @param epochs studies to compare with */
  constructor(epochs: readonly number[]) {
    if (isSkipped) process.stderr.write(`queue tests are skipped: ${missing}\n`);
    // A test starts three or four processes.
    vi.setConfig({ maxConcurrency: 3, testTimeout: 120_000, hookTimeout: 60_000 });
    writeFiles(join(this.cwd, 'tiny'), goodFiles());
    writeFiles(join(this.cwd, 'other'), goodFiles({ train: 100, test: 20 }));
    if (isSkipped) return;
    beforeAll(async () => {
      if (!hasRedis) throw new Error(missing);
      this.#server = await RedisServer.start(join(this.cwd, 'redis'));
      for (const each of epochs) {
        await descent(`${study(each)} --jobs 1 --out local-${each} --quiet`, { cwd: this.cwd });
        this.#expected.set(each, this.readRecord(`local-${each}`));
      }
    });
    afterAll(() => this.#server?.down());
  }

  /** @param server a server that the test stops */
  open({ onTestFinished }: TestContext, server = this.#server as RedisServer): QueueTest {
    const opened = new QueueTest(this, server, ++this.#tests);
    onTestFinished(() => opened.close());
    return opened;
  }

  /** Returns a record without its environment and time. */
  readRecord(folder: string): string {
    const text = readFileSync(join(this.cwd, folder, 'run.json'), 'utf8');
    const { environment: _, elapsedSeconds: __, ...record } = JSON.parse(text);
    return JSON.stringify(record);
  }

  countArms(folder: string): number {
    const journal = join(this.cwd, folder, 'journal.jsonl');
    return existsSync(journal) ? count(readFileSync(journal, 'utf8'), /"kind":"arm"/) : 0;
  }

  /** Expects that a run ended with the record of `--jobs 1`. */
  expectSame({ code, stderr }: Ending, folder: string, epochs: number): void {
    expect(code, stderr).toBe(0);
    expect(this.readRecord(folder)).toBe(this.#expected.get(epochs));
    expect(existsSync(join(this.cwd, folder, 'queue.json'))).toBe(false);
  }
}

/** The database and the processes of one test. */
export class QueueTest {
  readonly address: string;
  readonly redis: Redis;
  readonly #fixture: QueueFixture;
  readonly #running = new Set<Process>();

  constructor(fixture: QueueFixture, server: RedisServer, database: number) {
    this.#fixture = fixture;
    this.address = server.addressOf(database);
    const options = { username: user, password, db: database, maxRetriesPerRequest: null };
    this.redis = new Redis(server.port, '127.0.0.1', options).on('error', () => {});
  }

  launch(args: string, command?: string): Process {
    const surroundings = { cwd: this.#fixture.cwd, env: { NODE_EXTRA_CA_CERTS: '' }, command };
    const started = start(args.split(' ').filter(Boolean), surroundings);
    this.#running.add(started);
    started.whenEnded.then(({ stdout, stderr }) => {
      this.#running.delete(started);
      this.#fixture.outputs.push(stdout, stderr);
    });
    return started;
  }

  /** @param patience short only if a worker is killed, because on a busy machine others are silent too */
  work(flags = '--data tiny', patience = 10): Process {
    return this.launch(`worker --queue ${this.address} --jobs 1 --patience ${patience} ${flags}`);
  }

  coordinate(folder: string, epochs: number): Process {
    return this.launch(`${study(epochs)} --queue ${this.address} --out ${folder}`);
  }

  resume(folder: string): Process {
    return this.launch(`run --resume ${folder} --queue ${this.address}`);
  }

  /** Returns the keys of the jobs. */
  async jobs(): Promise<string[]> {
    return (await this.redis.keys('descent:arms-*:????????????????-????????????????????????????????')).sort();
  }

  /** Starts a run and waits until its 5 jobs are in the queue. */
  async enqueue(folder: string) {
    const run = this.coordinate(folder, SHORT);
    await until(async () => (await this.jobs()).length === 5);
    return { run, jobs: await this.jobs() };
  }

  async close(): Promise<void> {
    const all = [...this.#running];
    for (const { child } of all) child.kill('SIGKILL');
    await Promise.all(all.map(({ whenEnded }) => whenEnded));
    this.redis.disconnect();
  }
}

export function expectNoCredentials(texts: readonly string[]): void {
  for (const text of texts) {
    for (const secret of [password, encodeURIComponent(password), user]) expect(text).not.toContain(secret);
  }
}
