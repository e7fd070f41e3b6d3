// Errors of the queue.
import { Exit, exitCodes, listSome, usageError, withoutTag } from './exit.ts';
import { self } from './terminal/terminal.ts';

export const noRedis = (shown: string, reason: string, { host, port }: { host: string; port: number }) => {
  const isHere = ['127.0.0.1', 'localhost', '::1'].includes(host);
  const hint = /NOAUTH|WRONGPASS|NOPERM|AUTH/.test(reason)
    ? 'the address takes a name and a password: redis://name:password@host'
    : `redis-server --port ${port} --appendonly yes starts one${isHere ? '' : ` on ${host}`}`;
  return new Exit(exitCodes.fault, `no queue at ${shown}: ${reason}`, hint);
};

export const notDeterministic = (arm: string, [first, second]: readonly [string, string]) =>
  new Exit(
    exitCodes.fault,
    `something is not deterministic: ${arm} came twice, with ${first} and with ${second}`,
    `one of the two computes wrongly; ${self} verify finds out on each machine`,
  );

/** @param arms why each failed: `trial 3 after 3 tries (host:123): out of memory` */
export const setAside = (arms: readonly string[], isResumable: boolean) =>
  new Exit(
    exitCodes.fault,
    `${arms.length === 1 ? 'an arm was' : `${arms.length} arms were`} set aside: ${listSome(arms, '; ')}`,
    isResumable ? 'what finished is kept; --resume DIR tries the others again' : undefined,
  );

export const badReply = (reason: string) => new Exit(exitCodes.fault, `the queue takes no jobs: ${reason}`);

export const badAnswer = (reason: string) =>
  new Exit(
    exitCodes.fault,
    `a message on the queue is none of ours: ${withoutTag(reason)}`,
    'does something else write there?',
  );

export const workerLost = (said: string) =>
  new Exit(
    exitCodes.fault,
    `the worker that the bench had started is gone${said && `: ${said.replace(/^error: /, '')}`}`,
  );

export const queueInUse = (shown: string, workers: number) =>
  usageError(
    `bench starts a worker of its own, but ${workers === 1 ? 'one is' : `${workers} are`} at ${shown}`,
    'another database is another queue: redis://host/1',
  );

export const badQueue = () =>
  usageError(
    '--queue (or DESCENT_QUEUE) expects redis://[name:password@]host[:port][/db], or rediss:// for TLS',
    'letters such as @ / : in a password are written %40 %2F %3A',
  );
