// The threads of a worker. Training is never in the thread that talks to Redis: a lock that is not renewed in time is lost.
import type { ArmSpec, ExecuteOptions, RunEvent, RunRecord } from '@descent/experiments';
import type { EnvironmentPlan } from '../run/environment.ts';
import { OtherThread } from '../run/pool.ts';

export class ThreadPool {
  private readonly idle: OtherThread[] = [];
  private readonly all = new Set<OtherThread>();
  private readonly waiting: ((thread: OtherThread) => void)[] = [];

  private constructor(private readonly plan: EnvironmentPlan) {}

  /** @throws Exit where the data are missing or corrupt */
  static async open(jobs: number, plan: EnvironmentPlan): Promise<{ crew: ThreadPool; data: RunRecord['data'] }> {
    const crew = new ThreadPool(plan);
    try {
      const found = await Promise.all(Array.from({ length: jobs }, () => crew.recruit()));
      return { crew, data: found[0] as RunRecord['data'] };
    } catch (error) {
      await crew.close();
      throw error;
    }
  }

  /** Runs an arm on the first thread that is free. One that has thrown is replaced. */
  async run(arm: ArmSpec, options: ExecuteOptions, emit: (event: RunEvent) => void): Promise<void> {
    const thread = this.idle.pop() ?? (await new Promise<OtherThread>((resolve) => this.waiting.push(resolve)));
    try {
      await thread.run(arm, options, emit);
      this.release(thread);
    } catch (error) {
      this.all.delete(thread);
      await thread.close();
      await this.recruit();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.all].map((thread) => thread.close()));
  }

  private async recruit(): Promise<RunRecord['data']> {
    const thread = new OtherThread(this.plan);
    this.all.add(thread);
    const data = await thread.ready;
    this.release(thread);
    return data;
  }

  private release(thread: OtherThread): void {
    const next = this.waiting.shift();
    if (next) next(thread);
    else this.idle.push(thread);
  }
}
