// The stream of results of a run, read from its beginning: what came while no coordinator was there comes first.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { Exit, exitCodes, withoutTag } from '../exit.ts';
import { MessageError, parseResult, type ResultMessage } from './messages.ts';
import { keys } from './names.ts';

/** Milliseconds that Redis waits for something to tell; likewise the pause after a reply that was an error. */
const BLOCK = 1_000;
/** Messages at once; each may be a megabyte. */
const MOST = 8;

export interface Inbox {
  /** What lay there has been received. */
  readonly caughtUp: Promise<void>;
  close(): void;
}

export interface Reader {
  /** `id` is the place of the message in the stream. */
  receive(message: ResultMessage, id: string): void;
  fail(error: unknown): void;
}

/** @param redis a connection of its own, for it is kept waiting */
export function openInbox(redis: Redis, run: string, { receive, fail }: Reader): Inbox {
  const closing = new AbortController();
  const { signal } = closing;
  redis.on('error', () => {});
  let catchUp = () => {};
  const caughtUp = new Promise<void>((resolve) => {
    catchUp = resolve;
  });
  const read = async () => {
    let isNew = false;
    for (let last = '0'; !signal.aborted; ) {
      const entries = await entriesAfter(redis, run, { last, isNew, signal });
      for (const [id, text] of entries) {
        receive(parseResult(text), id);
        last = id;
      }
      if (entries.length > 0) continue;
      isNew = true;
      catchUp();
    }
  };
  read().catch((error) => {
    catchUp();
    if (!signal.aborted) fail(error instanceof MessageError ? badAnswer(error.message) : error);
  });
  return {
    caughtUp,
    close: () => {
      closing.abort();
      catchUp();
      redis.disconnect();
    },
  };
}

interface Place {
  readonly last: string;
  /** Whether to wait for what has not come yet. */
  readonly isNew: boolean;
  readonly signal: AbortSignal;
}

async function entriesAfter(redis: Redis, run: string, { last, isNew, signal }: Place): Promise<[string, string][]> {
  const key = keys.results(run);
  try {
    const replies = isNew
      ? await redis.xread('COUNT', MOST, 'BLOCK', BLOCK, 'STREAMS', key, last)
      : await redis.xread('COUNT', MOST, 'STREAMS', key, last);
    const entries = (replies?.[0]?.[1] ?? []) as [string, string[]][];
    return entries.map(([id, [, text = '']]) => [id, text]);
  } catch {
    // Such as a server that is still loading what it had kept. Who is closing does not wait, nor does his process.
    await sleep(BLOCK, undefined, { signal }).catch(() => {});
    return [];
  }
}

const badAnswer = (reason: string) =>
  new Exit(
    exitCodes.fault,
    `a message in the queue is not from Descent: ${withoutTag(reason)}`,
    'another program may write to the same database',
  );
