// The threads of a queue worker. Training never runs in the thread that talks to Redis: it could not renew its locks in time.
import type { ArmSpec, ExecuteOptions, RunEvent, RunRecord } from '@descent/experiments';
import type { EnvironmentPlan } from '../run/environment.ts';
import { openThreadPool, type ThreadPool as Pool } from '../run/pool.ts';

export class ThreadPool {
  readonly #pool: Pool;

  private constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @throws Exit where the data are missing or corrupt */
  static async open(jobs: number, plan: EnvironmentPlan): Promise<{ crew: ThreadPool; data: RunRecord['data'] }> {
    const pool = openThreadPool(jobs, plan);
    try {
      return { crew: new ThreadPool(pool), data: await pool.ready };
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** Runs an arm on the first thread that is free. */
  async run(arm: ArmSpec, options: ExecuteOptions, emit: (event: RunEvent) => void): Promise<void> {
    for await (const event of this.#pool.run([arm], options)) emit(event);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
