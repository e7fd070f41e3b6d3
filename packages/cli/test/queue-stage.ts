// Where tests of the queue play: a Redis a file, in it a database a test, so that several can go on side by side.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, type TestContext, vi } from 'vitest';
import { descent, type Ending, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';
import { hasRedis, password, RedisServer, user } from './redis.ts';

const isCi = Boolean(process.env.CI);
const why = 'redis-server is not installed (Debian: apt-get install redis-server)';
export const isLeftOut = !hasRedis && !isCi;

/** About a fifth of a second a trial on a quiet machine, so that one can be killed in the middle; and a fiftieth. */
export const study = (epochs: number) =>
  `run hyperparameter_optimization --data tiny --trials 5 --epochs ${epochs} --batch-size 50 --train-samples 125 --hidden-sizes 100x4 --evaluate-every 100`;
export const long = 200;
export const brief = 20;

export type Process = ReturnType<typeof start>;

export async function until(what: () => unknown, milliseconds = 40_000): Promise<void> {
  const late = performance.now() + milliseconds;
  while (!(await what())) {
    if (performance.now() > late) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}

export const count = (text: string, pattern: RegExp) => text.match(new RegExp(pattern, 'g'))?.length ?? 0;

/** What the tests of a file share. */
export class House {
  readonly cwd = scratch();
  /** All that any process has said. */
  readonly outputs: string[] = [];
  private readonly tables = new Map<number, string>();
  private server: RedisServer | undefined;
  private stages = 0;

  /** To be called while tests are collected. @param epochs studies that are run here with --jobs 1, for comparison */
  constructor(epochs: readonly number[]) {
    if (isLeftOut) process.stderr.write(`tests of the queue are left out: ${why}\n`);
    // A stage is three processes or four.
    vi.setConfig({ maxConcurrency: 3, testTimeout: 120_000, hookTimeout: 60_000 });
    writeFiles(join(this.cwd, 'tiny'), goodFiles());
    writeFiles(join(this.cwd, 'other'), goodFiles({ train: 100, test: 20 }));
    if (isLeftOut) return;
    beforeAll(async () => {
      if (!hasRedis) throw new Error(why);
      this.server = await RedisServer.start(join(this.cwd, 'redis'));
      for (const each of epochs) {
        await descent(`${study(each)} --jobs 1 --out local-${each} --quiet`, { cwd: this.cwd });
        this.tables.set(each, this.resultIn(`local-${each}`));
      }
    });
    afterAll(() => this.server?.down());
  }

  /** @param server one of the test's own, where the test lets it fall */
  stage({ onTestFinished }: TestContext, server = this.server as RedisServer): Stage {
    const stage = new Stage(this, server, ++this.stages);
    onTestFinished(() => stage.close());
    return stage;
  }

  /** All of a record but where it was made and how long it took. */
  resultIn(folder: string): string {
    const text = readFileSync(join(this.cwd, folder, 'run.json'), 'utf8');
    const { environment: _, elapsedSeconds: __, ...record } = JSON.parse(text);
    return JSON.stringify(record);
  }

  table(epochs: number): string {
    return this.tables.get(epochs) as string;
  }
}

/** What one test has for itself. It is cleared when the test has ended. */
export class Stage {
  readonly address: string;
  readonly redis: Redis;
  private readonly running = new Set<Process>();

  constructor(
    private readonly house: House,
    server: RedisServer,
    database: number,
  ) {
    this.address = server.addressOf(database);
    const options = { username: user, password, db: database, maxRetriesPerRequest: null };
    this.redis = new Redis(server.port, '127.0.0.1', options).on('error', () => {});
  }

  launch(args: string, command?: string): Process {
    const surroundings = { cwd: this.house.cwd, env: { NODE_EXTRA_CA_CERTS: '' }, command };
    const started = start(args.split(' ').filter(Boolean), surroundings);
    this.running.add(started);
    started.whenEnded.then(({ stdout, stderr }) => {
      this.running.delete(started);
      this.house.outputs.push(stdout, stderr);
    });
    return started;
  }

  /** @param patience as short as this only where somebody dies: on a busy machine the living fall silent too */
  work(flags = '--data tiny', patience = 10): Process {
    return this.launch(`worker --queue ${this.address} --jobs 1 --patience ${patience} ${flags}`);
  }

  coordinate(folder: string, epochs: number): Process {
    return this.launch(`${study(epochs)} --queue ${this.address} --out ${folder}`);
  }

  resume(folder: string): Process {
    return this.launch(`run --resume ${folder} --queue ${this.address}`);
  }

  async keys(pattern: string): Promise<string[]> {
    return (await this.redis.keys(`descent:${pattern}`)).sort();
  }

  jobs(): Promise<string[]> {
    return this.keys('arms-*:????????????????-????????????????????????????????');
  }

  /** The run has come to the table of --jobs 1, and has nothing more to say to Redis. */
  expectSame({ code, stderr }: Ending, folder: string, epochs: number): void {
    expect(code, stderr).toBe(0);
    expect(this.house.resultIn(folder)).toBe(this.house.table(epochs));
    expect(existsSync(join(this.house.cwd, folder, 'queue.json'))).toBe(false);
  }

  async close(): Promise<void> {
    const all = [...this.running];
    for (const { child } of all) child.kill('SIGKILL');
    await Promise.all(all.map(({ whenEnded }) => whenEnded));
    this.redis.disconnect();
  }
}

/** Nobody's name and password are in what was said or written. */
export function expectNoCredentials(texts: readonly string[]): void {
  for (const text of texts) {
    for (const secret of [password, encodeURIComponent(password), user]) expect(text).not.toContain(secret);
  }
}
