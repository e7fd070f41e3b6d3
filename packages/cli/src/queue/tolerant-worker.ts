// BullMQ's worker, for which whatever lies in Redis is a job: also what is no JSON.
import { type Job, Worker } from 'bullmq';

type Raw = Parameters<Worker['createJob']>[0];

export class TolerantWorker extends Worker {
  /** Left to BullMQ, such a job would be taken and let go again for ever. With data that no check lets through it is set aside. */
  protected override createJob(raw: Raw, id: string): Job {
    try {
      return super.createJob(raw, id);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return super.createJob({ ...raw, data: JSON.stringify('no JSON') }, id);
    }
  }
}
